import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { dataFolderOf } from '../../../src/doors/command/dataFolder.ts'
import { Interrupted, stopSignal, unlessStopped } from '../../../src/doors/command/exit.ts'
import { takeSecrets } from '../../../src/doors/command/passphrase.ts'
import { fakeStation } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'

describe('signals', () => {
  it('the first asks for a clean end, its echo is the same one, a later one ends at once', () => {
    const source = new EventEmitter()
    const codes: number[] = []
    let nowMs = 0
    const signal = stopSignal(
      source,
      (code) => codes.push(code),
      () => nowMs,
    )
    expect(signal.aborted).toBe(false)
    source.emit('SIGINT')
    nowMs = 400
    source.emit('SIGTERM')
    expect([signal.aborted, codes]).toEqual([true, []])
    nowMs = 600
    source.emit('SIGHUP')
    expect(codes).toEqual([130])
  })

  it('end a command that is running; its station is closed and nothing is printed', async () => {
    const stopper = new AbortController()
    const station = fakeStation({
      'subject.list': () => {
        stopper.abort()
        return new Promise(() => undefined)
      },
    })
    expect(await runFake(['subjects', '--json'], { station, stop: stopper.signal })).toMatchObject({ code: 130, stdout: '', stderr: '' })
    expect(station.closed).toBe(1)
    await expect(unlessStopped(new Promise(() => undefined), stopper.signal)).rejects.toBeInstanceOf(Interrupted)
  })
})

describe('the environment', () => {
  it('loses passphrase and passwords when they are read', () => {
    const env: Record<string, string | undefined> = {
      VULTUS_PASSPHRASE: 'a secret',
      VULTUS_PASSWORD: 'of an account',
      VULTUS_NEW_PASSWORD: 'of another',
      PATH: '/bin',
    }
    expect(takeSecrets(env)).toEqual({ passphrase: 'a secret', password: 'of an account', newPassword: 'of another' })
    expect(env).toEqual({ PATH: '/bin' })
    expect(takeSecrets({ VULTUS_PASSPHRASE: '' })).toEqual({ passphrase: undefined, password: undefined, newPassword: undefined })
  })

  it('names the data folder', () => {
    expect(dataFolderOf('/given', { VULTUS_DATA: '/named' }, 'linux', '/home/a')).toBe('/given')
    expect(dataFolderOf(undefined, { VULTUS_DATA: '/named' }, 'linux', '/home/a')).toBe('/named')
    expect(dataFolderOf(undefined, { XDG_DATA_HOME: '/data' }, 'linux', '/home/a')).toBe('/data/vultus')
    expect(dataFolderOf(undefined, {}, 'linux', '/home/a')).toBe('/home/a/.local/share/vultus')
    expect(dataFolderOf(undefined, {}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/Vultus')
    expect(dataFolderOf(undefined, { APPDATA: '/roaming' }, 'win32', '/a')).toBe('/roaming/Vultus')
  })
})
