import { expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type { Job, JobState } from '../../../src/contract/jobs.ts'
import { BackupKeeper, type BackupKeeperOptions } from '../../../src/station/backupKeeper.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2031, 4, 6)

interface State {
  due?: string
  busy?: boolean
  refusal?: VultusError
}

/** A vault of which only what the keeper asks for is there; its jobs end as `endAs` says. */
function keeperOver(state: State) {
  let nowMs = startMs
  const jobs: Pick<Job, 'kind' | 'state' | 'changedAt'>[] = []
  const logged: string[] = []
  const vault = { backups: { due: () => state.due }, jobs: { list: () => jobs } }
  const keeper = new BackupKeeper({
    vault: () => vault as unknown as ReturnType<BackupKeeperOptions['vault']>,
    busy: () => state.busy ?? false,
    jobs: {
      start: (kind) => {
        if (state.refusal !== undefined) throw state.refusal
        const job = { kind, state: 'running' as const, changedAt: new Date(nowMs).toISOString() }
        jobs.unshift(job)
        return job as unknown as Job
      },
    },
    nowMs: () => nowMs,
    log: (line) => void logged.push(line),
  })
  const endAs = (ended: JobState) => {
    jobs[0] = { kind: 'backUp', state: ended, changedAt: new Date(nowMs).toISOString() }
  }
  const passMs = (ms: number) => {
    nowMs += ms
  }
  return { keeper, jobs, logged, passMs, endAs }
}

it('does nothing where nothing is due', () => {
  const { keeper, jobs } = keeperOver({})
  keeper.look()
  expect(jobs).toEqual([])
})

it('starts one job of a backup that is due, and none beside it', () => {
  const { keeper, jobs, endAs, passMs } = keeperOver({ due: '/to' })
  keeper.look()
  passMs(minuteMs)
  keeper.look()
  expect(jobs).toMatchObject([{ kind: 'backUp', state: 'running' }])
  endAs('done')
  keeper.look()
  expect(jobs.length).toBe(2)
})

it('waits while calls use the vault, but not for ever', () => {
  const { keeper, jobs } = keeperOver({ due: '/to', busy: true })
  for (let looks = 0; looks < 30; looks++) keeper.look()
  expect(jobs).toEqual([])
  keeper.look()
  expect(jobs.length).toBe(1)
})

it('tries again after a failure, ever more seldom', () => {
  const { keeper, jobs, endAs, passMs } = keeperOver({ due: '/to' })
  const minutesUntilNext = () => {
    const before = jobs.length
    for (let minutes = 0; ; minutes++) {
      keeper.look()
      if (jobs.length > before) {
        endAs('failed')
        return minutes
      }
      passMs(minuteMs)
    }
  }
  expect(Array.from({ length: 9 }, minutesUntilNext)).toEqual([0, 10, 20, 40, 80, 160, 320, 360, 360])
  endAs('done')
  expect(minutesUntilNext()).toBe(0)
  // A clock that was set back does not hold it up.
  passMs(-24 * 60 * minuteMs)
  expect(minutesUntilNext()).toBe(0)
})

it('never throws, and begins nothing once the station closes', () => {
  const { keeper, jobs, logged } = keeperOver({ due: '/to', refusal: new VultusError('vault.diskFull') })
  keeper.look()
  expect(logged).toEqual(['backup: vault.diskFull'])
  const closing = keeperOver({ due: '/to' })
  closing.keeper.stop()
  closing.keeper.look()
  expect([jobs, closing.jobs]).toEqual([[], []])
  expect(closing.keeper.signal.aborted).toBe(true)
})
