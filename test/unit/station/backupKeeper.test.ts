import { expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { BackupKeeper } from '../../../src/station/backupKeeper.ts'
import type { Vault } from '../../../src/vault/vault.ts'

/** A vault of which only what the keeper asks for is there. */
function keeperOver(state: { due?: string; pending?: boolean; busy?: boolean; refusal?: VultusError }) {
  const done: string[] = []
  let nowMs = 0
  const backups = {
    due: () => state.due,
    get pending() {
      return state.pending ?? false
    },
    backUp: async ({ folder }: { folder: string }) => {
      if (state.refusal !== undefined) throw state.refusal
      done.push(`backed up to ${folder}`)
    },
    refresh: async () => {
      done.push('refreshed')
      return []
    },
  }
  const appendAudit = ({ outcome, code }: { outcome: string; code?: string }) => void done.push(`${outcome} ${code}`)
  const keeper = new BackupKeeper({
    vault: () => ({ backups, appendAudit }) as unknown as Vault,
    busy: () => state.busy ?? false,
    use: (run) => run(),
    nowMs: () => nowMs,
    log: () => undefined,
  })
  const passMs = (ms: number) => {
    nowMs += ms
  }
  return { keeper, done, passMs, state }
}

it('does nothing where nothing is due', async () => {
  const { keeper, done } = keeperOver({})
  await keeper.look()
  await keeper.followErasure()
  expect(done).toEqual([])
})

it('makes a backup that is due, and lets key files follow', async () => {
  const { keeper, done } = keeperOver({ due: '/to', pending: true })
  await Promise.all([keeper.look(), keeper.look()])
  expect(done).toEqual(['backed up to /to', 'refreshed'])
  await keeper.followErasure()
  expect(done.at(-1)).toBe('refreshed')
})

it('waits while calls use the vault, but not for ever', async () => {
  const { keeper, done } = keeperOver({ due: '/to', busy: true })
  for (let looks = 0; looks < 30; looks++) await keeper.look()
  expect(done).toEqual([])
  await keeper.look()
  expect(done).toContain('backed up to /to')
})

it('notes a failure and tries again later', async () => {
  const { keeper, done, passMs, state } = keeperOver({ due: '/to', refusal: new VultusError('backup.unreachable') })
  await keeper.look()
  await keeper.look()
  expect(done).toEqual(['failed backup.unreachable'])
  delete state.refusal
  passMs(10 * 60_000)
  await keeper.look()
  expect(done).toContain('backed up to /to')
})

it('begins nothing once the station closes', async () => {
  const { keeper, done } = keeperOver({ due: '/to' })
  await keeper.stop()
  await keeper.look()
  expect(done).toEqual([])
  expect(keeper.signal.aborted).toBe(true)
})
