/** A backup by schedule: the clock of the station starts a job, and the job makes it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { unwrap, VultusError } from '../../../src/contract/errors.ts'
import type { Job } from '../../../src/contract/jobs.ts'
import type { VaultPort } from '../../../src/operations/ports.ts'
import type { CallerIdentity } from '../../../src/station/api.ts'
import { JobRunner } from '../../../src/station/jobs.ts'
import { stationWithoutProcesses } from '../../support/stationWithoutProcesses.ts'

const caller: CallerIdentity = { role: 'administrator', door: 'command' }

it('is made as a job, and again when the next one is due', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const folder = mkdtempSync(join(tmpdir(), 'vultus-schedule-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const to = join(folder, 'to')
  const station = stationWithoutProcesses({ dataFolder: join(folder, 'data'), passphrase: 'a passphrase for tests' })
  onTestFinished(() => station.close())
  const ask = async (name: string, input: object) => unwrap(await station.run(name, input, caller)) as never
  /** The newest job of a look, when it has ended. */
  const ended = async (): Promise<Job> => {
    vi.advanceTimersByTime(60_000)
    for (;;) {
      const [job] = ((await ask('job.list', {})) as { jobs: Job[] }).jobs
      if (job !== undefined && job.state !== 'running') return job
      await pause(20)
    }
  }
  await ask('vault.init', { key: 'passphrase', kind: 'real' })
  await ask('backup.schedule', { to: `${to}/`, intervalHours: 1 })
  // The disk is not there yet.
  expect(await ended()).toMatchObject({ kind: 'backUp', state: 'failed', error: 'backup.unreachable' })
  mkdirSync(to)
  const { job } = (await ask('job.resume', { id: (await ended()).id })) as { job: Job }
  expect(job.state).toBe('running')
  expect(await ended()).toMatchObject({ id: job.id, state: 'done' })
  expect(readdirSync(to).length).toBe(2)
  expect(await ask('backup.list', {})).toMatchObject({ folders: [{ folder: to, generations: [{ number: 1 }] }], schedule: { folder: to } })
  // Not due for an hour.
  await ended()
  expect(((await ask('job.list', {})) as { jobs: Job[] }).jobs.length).toBe(1)
  expect(await ask('audit.list', { event: 'vault.backUp' })).toMatchObject({
    records: [
      { outcome: 'done', details: { job: job.id, generation: 1 } },
      { outcome: 'failed' },
      { details: { phase: 'begun', byItself: true } },
    ],
  })
})

it('is not kept from its work by a rotation that is paused, and keeps no rotation from its', () => {
  const jobs: Pick<Job, 'id' | 'kind' | 'state'>[] = [{ id: 'r' as Job['id'], kind: 'rotate', state: 'paused' }]
  const never = () => new Promise<never>(() => undefined)
  const runner = new JobRunner({
    kinds: {
      rotate: { pausable: true, event: 'vault.rotate', step: never },
      rotateDeep: { pausable: true, event: 'vault.rotate', step: never },
      rekey: { pausable: false, event: 'vault.rekey', step: never },
      backUp: { pausable: false, event: 'vault.backUp', beside: true, step: never },
      duplicates: { pausable: true, event: 'gallery.findDuplicates', beside: true, step: never },
      reembed: { pausable: true, event: 'model.reembed', step: never },
      import: { pausable: true, event: 'import.start', beside: true, step: never },
    },
    vault: () => ({ jobs: { list: () => jobs } }) as unknown as VaultPort,
    onProgress: () => undefined,
    log: () => undefined,
  })
  const start = (kind: Job['kind']) =>
    runner.start(kind, () => {
      const job = { id: `${kind} ${jobs.length}` as Job['id'], kind, state: 'running' } as Job
      jobs.unshift(job)
      return job
    })
  expect(() => start('rekey')).toThrow(VultusError)
  start('backUp')
  expect(() => start('backUp')).toThrow(VultusError)
  jobs.splice(1)
  start('rekey')
  expect(jobs.map(({ kind }) => kind)).toEqual(['rekey', 'backUp'])
})
