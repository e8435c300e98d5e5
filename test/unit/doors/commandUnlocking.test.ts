/** How a command opens the vault that it needs, and which leave it alone. */
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { failedOf, VultusError } from '../../../src/contract/errors.ts'
import type { Keyboard } from '../../../src/doors/command/passphrase.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { folderOfTests } from '../../support/folderOfTests.ts'
import { runFake } from '../../support/runFake.ts'
import { pictureFileIn } from './pictureFile.ts'

const picture = pictureFileIn(folderOfTests())

describe('a command and its vault', () => {
  const locked = () => ({ state: 'locked', kind: null, key: 'passphrase', keychainAvailable: false, problem: null })

  it('a locked vault of a running station is unlocked with the passphrase; without one it is left to the station to refuse', async () => {
    const station = fakeStation({ 'vault.status': locked })
    const attach = async () => station
    await runFake(['subjects', '--json'], { attach, passphrase: 'a long passphrase' })
    expect(inputsOf(station, 'vault.unlock')).toEqual([{ passphrase: 'a long passphrase' }])
    const refused = fakeStation({
      'vault.status': locked,
      'subject.list': () => {
        throw new VultusError('vault.locked')
      },
    })
    expect((await runFake(['subjects', '--json'], { station: refused })).code).toBe(4)
    expect(inputsOf(refused, 'vault.unlock')).toEqual([])
  })

  it('a passphrase that was tried already is not tried again', async () => {
    const problem = failedOf(new VultusError('vault.wrongKey')).refusal
    const station = fakeStation({ 'vault.status': () => ({ ...locked(), problem }) })
    const { code, json } = await runFake(['subjects', '--json'], { station, passphrase: 'not the right one' })
    expect([code, json().error.code]).toEqual([4, 'vault.wrongKey'])
    expect(inputsOf(station, 'vault.unlock')).toEqual([])
  })

  it('asks on a terminal without echo', async () => {
    const station = fakeStation({ 'vault.status': locked })
    const keyboard: Keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
    const running = runFake(['subjects'], { station, keyboard })
    ;(keyboard as PassThrough).write('longg\u007f enough\r')
    const { code, stdout, stderr } = await running
    expect(code).toBe(0)
    expect(inputsOf(station, 'vault.unlock')[0]).toEqual({ passphrase: 'long enough' })
    expect(stdout + stderr).not.toContain('long')
  })

  it('waits while another command holds the vault', async () => {
    let tries = 0
    const inUse = failedOf(new VultusError('vault.inUse')).refusal
    const station = fakeStation({
      'vault.status': () => (++tries < 3 ? { ...locked(), problem: inUse } : { state: 'open', key: 'passphrase' }),
    })
    expect((await runFake(['subjects', '--json'], { station })).code).toBe(0)
    expect(tries).toBe(3)
  })

  it('detect, embed, compare and the model list leave the vault alone', async () => {
    for (const argv of [
      ['detect', picture],
      ['embed', picture],
      ['compare', picture, picture],
      ['models', 'list'],
    ]) {
      const station = fakeStation()
      expect((await runFake(argv, { station })).code).toBe(0)
      expect(inputsOf(station, 'vault.status')).toEqual([])
    }
  })
})
