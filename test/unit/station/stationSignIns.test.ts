/** Sign-ins of a station on a real vault: after a restart, and a window that nobody uses, with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { unwrap } from '../../../src/contract/errors.ts'
import { Caller } from '../../../src/doors/caller.ts'
import { stationWithoutProcesses } from '../../support/stationWithoutProcesses.ts'

const name = 'Ada'
const secret = 'a password of Ada'
const idleLockMs = 60_000
const identity = { role: 'administrator', door: 'socket' } as const

afterEach(() => vi.useRealTimers())

const open = (dataFolder: string) => stationWithoutProcesses({ dataFolder, passphrase: 'a passphrase for tests' })

it('a station that was started anew asks for a sign-in with its very first call, before it has opened the vault', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-anew-'))
  const first = open(folder)
  unwrap(await first.run('vault.init', { key: 'passphrase', kind: 'real' }, identity))
  unwrap(await first.run('operator.add', { name, role: 'administrator', secret }, identity))
  const { session } = unwrap(await first.run('operator.signIn', { name, secret }, identity)) as { session: string }
  await first.close()
  for (const procedure of ['subject.list', 'operator.list']) {
    const again = open(folder)
    try {
      // Sessions do not outlive their station either.
      expect(await again.run(procedure, {}, { ...identity, session })).toMatchObject({ refusal: { code: 'signIn.required' } })
    } finally {
      await again.close()
    }
  }
  rmSync(folder, { recursive: true, force: true })
})

it('locks after the idle time of the policy, and never while somebody is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-idle-'))
  const station = open(folder)
  try {
    const window = new Caller(station, 'socket')
    const run = async (procedure: string, input: object = {}) => unwrap(await window.run(procedure, input, identity))
    await run('vault.init', { key: 'passphrase', kind: 'real' })
    await run('operator.add', { name, role: 'administrator', secret })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const events: string[] = []
    station.onEvent((event) => events.push(event))
    await run('operator.signIn', { name, secret })
    await run('operator.policy', { idleLockMs })
    expect(await run('operator.current')).toMatchObject({ state: 'signedIn', name, idleLockMs })

    vi.advanceTimersByTime(idleLockMs - 1)
    await run('operator.current', { active: true })
    events.length = 0
    vi.advanceTimersByTime(idleLockMs - 1)
    expect(events).toEqual([])
    // Asking who is signed in and what is shown anyway is nobody's activity.
    await run('operator.current')
    await run('status.get')
    vi.advanceTimersByTime(1000)
    expect(events).toEqual(['operator.locked'])
    expect(await run('operator.current')).toMatchObject({ state: 'locked', name, lockedAt: expect.any(String) })
    await expect(run('subject.list')).rejects.toMatchObject({ code: 'signIn.required' })
    expect(await run('vault.status')).toMatchObject({ state: 'open' })
    await run('operator.signIn', { name, secret })
    expect(await run('subject.list')).toEqual({ subjects: [] })

    vi.useRealTimers()
    expect(await run('audit.verify')).toMatchObject({ ok: true })
    window.end()
    await expect(run('subject.list')).rejects.toMatchObject({ code: 'signIn.required' })
  } finally {
    await station.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
