/** Commands that need a passphrase or a recovery key. */
import { resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Keyboard } from '../../../src/doors/command/passphrase.ts'
import { fakeStation, inputsOf } from '../../support/fakeStation.ts'
import { runFake } from '../../support/runFake.ts'

describe('secrets of a command', () => {
  it('init takes the passphrase of the environment, and names the variable without it', async () => {
    const station = fakeStation()
    const ran = await runFake(['init', '--key', 'passphrase', '--json'], { station, passphrase: 'a long passphrase' })
    expect(ran.json()).toEqual({ key: 'passphrase', kind: 'real' })
    expect(inputsOf(station, 'vault.init')[0]).toMatchObject({ key: 'passphrase', passphrase: 'a long passphrase' })
    const without = await runFake(['init', '--key', 'passphrase', '--json'])
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_PASSPHRASE')])
  })

  it('a recovery key comes from the environment or a terminal, and is printed apart from the answer', async () => {
    const recoveryKey = Array(14).fill('7ZQK').join('-')
    const station = fakeStation()
    const given = await runFake(['recover', '--key', 'passphrase', '--json'], { station, passphrase: 'a long passphrase', recoveryKey })
    expect(given.code).toBe(0)
    expect(inputsOf(station, 'vault.recover')[0]).toMatchObject({ recoveryKey, key: 'passphrase', passphrase: 'a long passphrase' })
    const without = await runFake(['recover', '--key', 'keychain', '--json'])
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_RECOVERY_KEY')])
    await runFake(['recovery', 'confirm', '--json'], { station, recoveryKey })
    const groups = Array.from({ length: 14 }, (_, index) => ({ position: index + 1, text: '7ZQK' }))
    expect(inputsOf(station, 'recovery.confirm')).toEqual([{ groups }])
    const forPeople = await runFake(['recovery', 'reissue'])
    expect(forPeople.stderr).toContain(recoveryKey)
    expect(forPeople.stdout).not.toContain('7ZQK')
    expect((await runFake(['recovery', 'reissue', '--json'])).json()).toEqual({ recoveryKey })
  })

  it('restore takes its secrets from the environment, or asks for each once', async () => {
    const recoveryKey = Array(14).fill('7ZQK').join('-')
    const station = fakeStation()
    const restored = () => inputsOf(station, 'vault.restore').at(-1)
    const from = resolve('backup')
    const restore = ['restore', '--from', 'backup', '--json']
    const passphrase = 'a long passphrase'
    await runFake([...restore, '--key', 'passphrase'], { station, passphrase, recoveryKey })
    expect(restored()).toEqual({ from, key: 'passphrase', passphrase, recoveryKey })
    await runFake([...restore, '--generation', '3'], { station, passphrase })
    expect(restored()).toEqual({ from, generation: 3, passphrase })
    await runFake([...restore, '--key', 'keychain'], { station, recoveryKey })
    expect(restored()).toEqual({ from, key: 'keychain', recoveryKey })
    await runFake(restore, { station })
    expect(restored()).toEqual({ from })
    const without = await runFake([...restore, '--key', 'passphrase'], { station, recoveryKey })
    expect([without.code, without.json().error.detail]).toEqual([2, expect.stringContaining('VULTUS_PASSPHRASE')])

    const typed = async (argv: readonly string[], answers: readonly string[]) => {
      const keyboard: Keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
      const waiting = [...answers]
      const screen = new PassThrough()
      screen.on('data', (asked) => {
        if (String(asked).trim() !== '') setImmediate(() => (keyboard as PassThrough).write(`${waiting.shift() ?? 'asked too often'}\r`))
      })
      await runFake(argv, { station, keyboard, stderr: screen })
      expect(waiting).toEqual([])
      return restored()
    }
    expect(await typed([...restore, '--key', 'keychain'], [recoveryKey])).toEqual({ from, key: 'keychain', recoveryKey })
    expect(await typed([...restore, '--key', 'passphrase'], [recoveryKey, passphrase, passphrase])).toEqual({
      from,
      key: 'passphrase',
      recoveryKey,
      passphrase,
    })
    expect(await typed(restore, ['', passphrase])).toEqual({ from, passphrase })
    expect(await typed(restore, ['', ''])).toEqual({ from })
  })
})
