/** Jobs as a station runs them, on a vault on the disk; no process of the station is needed. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { unwrap } from '../../src/contract/errors.ts'
import type { EventPayload } from '../../src/contract/events.ts'
import type { Job } from '../../src/contract/jobs.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../src/contract/table.ts'
import { stationWithoutProcesses } from '../support/stationWithoutProcesses.ts'
import { bytesOf, codeOf, enrolEntry, newVault, passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

const administrator: Actor = { role: 'administrator', door: 'command' }
const subjects = 1200

async function filledFolder(): Promise<string> {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < subjects; no++) {
    vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`${no}`, { sample: bytesOf(`${no}`, 20) })], audit: enrolEntry })
  }
  vault.close()
  return folder
}

function open(folder: string) {
  const events: EventPayload<'job.progress'>[] = []
  const lines: string[] = []
  const station = stationWithoutProcesses({ dataFolder: folder, passphrase, log: (line) => lines.push(line) })
  onTestFinished(() => station.close())
  station.onEvent((name, payload) => {
    if (name === 'job.progress') events.push(payload as EventPayload<'job.progress'>)
  })
  const call = async <Name extends ProcedureName>(name: Name, input: InputOf<Name>) =>
    unwrap(await station.run(name, input, administrator)) as OutputOf<Name>
  const ended = async ({ id }: Job): Promise<Job> => {
    for (;;) {
      const job = (await call('job.list', {})).jobs.find((candidate) => candidate.id === id)
      if (job !== undefined && job.state !== 'running') return job
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return { station, events, lines, call, ended }
}

describe('jobs', () => {
  it('run in the background, tell how far they are, and are paused, resumed and cancelled', async () => {
    const { call, ended, events } = open(await filledFolder())
    const { job } = await call('vault.rotate', { deep: true })
    expect(job).toMatchObject({ kind: 'rotateDeep', state: 'running', total: subjects })
    expect(await codeOf(() => call('vault.rotate', {}))).toBe('job.notPossible')
    expect(await codeOf(() => call('vault.rekey', {}))).toBe('job.notPossible')
    const { job: paused } = await call('job.pause', { id: job.id })
    expect(paused.state).toBe('paused')
    expect(paused.done).toBeLessThan(subjects)
    expect(await codeOf(() => call('job.pause', { id: job.id }))).toBe('job.notPossible')
    expect((await call('subject.list', {})).subjects.length).toBe(subjects)
    expect((await call('job.list', {})).jobs[0]?.done).toBe(paused.done)
    await call('job.resume', { id: job.id })
    expect(await ended(job)).toMatchObject({ state: 'done', done: subjects })
    expect(events[0]).toMatchObject({ id: job.id, state: 'running' })
    expect(events.at(-1)).toMatchObject({ id: job.id, state: 'done', done: subjects })
    const second = (await call('vault.rotate', { deep: true })).job
    expect((await call('job.cancel', { id: second.id })).job.state).toBe('cancelled')
    for (const verb of ['job.pause', 'job.resume', 'job.cancel'] as const) {
      expect(await codeOf(() => call(verb, { id: second.id }))).toBe('job.notPossible')
      expect(await codeOf(() => call(verb, { id: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f' as never }))).toBe('job.unknown')
    }
    const third = (await call('vault.rotate', {})).job
    expect((await ended(third)).state).toBe('done')
    expect((await call('audit.verify', {})).ok).toBe(true)
  })

  it('go on by themselves when the station opens the vault again', async () => {
    const folder = await filledFolder()
    const first = open(folder)
    const { job } = await first.call('vault.rotate', { deep: true })
    await first.station.close()
    const second = open(folder)
    await second.call('vault.status', {})
    expect(await second.ended(job)).toMatchObject({ state: 'done', done: subjects })
  })

  it('a rekey keeps calls waiting, and what comes after it finds the new file', async () => {
    const { call, ended, events, lines } = open(await filledFolder())
    await call('vault.status', {})
    const { job } = await call('vault.rekey', {})
    const during = Promise.all([call('subject.list', {}), call('audit.verify', {}), call('vault.status', {}), call('job.list', {})])
    const [list, audit, status] = await during
    expect(list.subjects.length).toBe(subjects)
    expect([audit.ok, status.state]).toEqual([true, 'open'])
    const done = await ended(job)
    expect(done).toMatchObject({ kind: 'rekey', state: 'done', error: null })
    expect(done.done).toBeGreaterThan(subjects)
    expect(done.done).toBe(done.total)
    expect(await codeOf(() => call('job.pause', { id: job.id }))).toBe('job.notPossible')
    expect(
      events
        .filter(({ kind }) => kind === 'rekey')
        .map(({ state }) => state)
        .at(-1),
    ).toBe('done')
    expect((await call('vault.status', {})).recovery).toBe('none')
    expect(lines).toEqual([])
  })

  it('a backup and a restore that somebody asks for tell how far they are', async () => {
    const { call } = open(await filledFolder())
    const to = temporaryFolder()
    const told = async (work: Promise<unknown>, ask: typeof call) => {
      const seen: OutputOf<'backup.progress'>[] = []
      let over = false
      void work
        .catch(() => undefined)
        .finally(() => {
          over = true
        })
      while (!over) {
        seen.push(await ask('backup.progress', {}))
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      await work
      return seen
    }
    expect(await call('backup.progress', {})).toEqual({ stage: 'idle', done: 0, total: 0 })
    const made = await told(call('vault.backUp', { to }), call)
    const restored = open(temporaryFolder())
    const brought = await told(restored.call('vault.restore', { from: to }), restored.call)
    for (const [stage, seen, ask] of [['backUp', made, call] as const, ['restore', brought, restored.call] as const]) {
      const working = seen.filter((progress) => progress.stage === stage)
      expect(working.length).toBeGreaterThan(1)
      for (const [at, { done, total }] of working.entries()) {
        expect(total).toBeGreaterThanOrEqual(done)
        expect(done).toBeGreaterThanOrEqual(working[at - 1]?.done ?? 0)
      }
      expect(await ask('backup.progress', {})).toEqual({ stage: 'idle', done: 0, total: 0 })
    }
  })

  it('a rekey that is cancelled leaves the vault as it is', async () => {
    const { call } = open(await filledFolder())
    const { job } = await call('vault.rekey', {})
    expect((await call('job.cancel', { id: job.id })).job.state).toBe('cancelled')
    expect((await call('subject.list', {})).subjects.length).toBe(subjects)
    expect((await call('audit.verify', {})).ok).toBe(true)
  })
})
