/** Double enrolments, on a vault on the disk; the matcher is one that answers more rows than it has to, as the real one may. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import type { Job } from '../../src/contract/jobs.ts'
import type { EmbeddingModel, MatcherAnswer, PossibleCandidate } from '../../src/contract/processes.ts'
import type { Actor, AuditEntry } from '../../src/contract/records.ts'
import { comparisonScore } from '../../src/core/comparison.ts'
import { beginDuplicates, reportDuplicates, stepDuplicates } from '../../src/operations/duplicates.ts'
import type { FacePort, MatcherPort, Ports } from '../../src/operations/ports.ts'
import { JobRunner } from '../../src/station/jobs.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  codeOf,
  enrolEntry,
  eraseEntry,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const threshold = 0.2
const calibration = {
  impostorPairs: 1e7,
  points: [
    { fmr: 1e-3, threshold },
    { fmr: 1e-6, threshold: 0.4 },
  ],
  provenance: 'a test',
}
const active = { id: model, dimension: 128, calibration } as unknown as EmbeddingModel
const actor: Actor = { role: 'supervisor', door: 'command' }
const audit: AuditEntry = { event: 'job.pause', actor, outcome: 'done' }
const turn = async () => undefined

/** Searches the vault's rows by computing every score, and names rows that are a little below the threshold too. */
function portsOf(vault: Vault, of: EmbeddingModel = active): Pick<Ports, 'face' | 'matcher' | 'vault'> {
  const candidatesFor = (probe: Float32Array, least: number) => {
    const candidates: PossibleCandidate[] = []
    for (const { referenceNos, templates } of vault.galleries.load(of.id, 256).batches) {
      referenceNos.forEach((referenceNo, index) => {
        const scoreMax = comparisonScore(templates.subarray(index * 128, (index + 1) * 128), probe) + 0.02
        if (scoreMax >= least) candidates.push({ referenceNo, scoreMax })
      })
    }
    return candidates
  }
  const searchBatch: MatcherPort['searchBatch'] = async ({ probe, threshold: least }) =>
    Array.from(
      { length: probe.length / 128 },
      (_, at) => ({ candidates: candidatesFor(probe.subarray(at * 128, (at + 1) * 128), least) }) as unknown as MatcherAnswer,
    )
  return { vault, face: { model: of } as FacePort, matcher: { searchBatch } as MatcherPort }
}

const enrol = (vault: Vault, id: string, ...seeds: string[]) =>
  vault.enrolments.commit({ id, references: seeds.map((seed) => referenceOf(seed, { sample: null })), audit: enrolEntry })

/** 90 subjects with one or two references each; every tenth is another's double under another id. */
function fill(vault: Vault): void {
  for (let no = 0; no < 90; no++)
    enrol(vault, `R-${no}`, ...(no % 10 === 9 ? [`${no - 5}`] : no % 3 === 0 ? [`${no}`, `${no}b`] : [`${no}`]))
}

/** Pairs of subjects as the definition has them. */
function expectedPairs(vault: Vault, from = threshold): { ids: string; score: number }[] {
  const all = vault.subjects.all().flatMap(({ id }) => vault.references.ofSubject(id, model) ?? [])
  const best = new Map<string, number>()
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(0, index)) {
      const score = comparisonScore(one.template, other.template)
      if (one.subjectId === other.subjectId || score < from) continue
      const ids = [one.subjectId, other.subjectId].sort().join(' ')
      best.set(ids, Math.max(score, best.get(ids) ?? -1))
    }
  }
  return sorted([...best].map(([ids, score]) => ({ ids, score })))
}

const sorted = (pairs: { ids: string; score: number }[]) => pairs.sort((a, b) => b.score - a.score || (a.ids < b.ids ? -1 : 1))
const reported = (vault: Vault, job?: Job['id']) => {
  const report = reportDuplicates({ face: portsOf(vault).face }, vault, { job, limit: 1000, after: 0 })
  const pairs = report.pairs.map(({ first, second, comparisonScore: score }) => ({ ids: [first, second].sort().join(' '), score }))
  return { ...report, pairs: sorted(pairs) }
}

async function runToEnd(vault: Vault, job: Job): Promise<Job> {
  let now = job
  while (now.state === 'running') now = await stepDuplicates(portsOf(vault), job.id, turn)
  return now
}

const begin = (vault: Vault, fmr = 1e-3) => beginDuplicates(portsOf(vault), vault, { fmr }, actor)

it('finds every pair of subjects at or above the threshold, once, with its best score, and nothing else', async () => {
  const vault = await newVault(temporaryFolder())
  fill(vault)
  const job = await runToEnd(vault, begin(vault))
  expect(job).toMatchObject({ kind: 'duplicates', state: 'done', owner: 'supervisor', done: vault.galleries.counts().references })
  const expected = expectedPairs(vault)
  expect(expected.filter(({ score }) => score > 0.99).length).toBe(9)
  expect(expected.length).toBeGreaterThan(9)
  const report = reported(vault)
  expect(report.pairs).toEqual(expected)
  expect(report).toMatchObject({ model, threshold, supported: true, completeFrom: threshold, found: expected.length })
  expect(report.comparisons).toBe((job.done * (job.done - 1)) / 2)
  const strict = await runToEnd(vault, begin(vault, 1e-6))
  expect(reported(vault, strict.id).pairs).toEqual(expectedPairs(vault, 0.4))
  expect(reported(vault, job.id).pairs).toEqual(expected)
  const events = (await vault.audit.page({ event: 'gallery.findDuplicates', limit: 10 })).records
  expect(events.length).toBe(4)
})

it('compares who is enrolled meanwhile, and lets pairs go with who is erased or enrolled anew', async () => {
  const vault = await newVault(temporaryFolder())
  fill(vault)
  const job = begin(vault)
  await stepDuplicates(portsOf(vault), job.id, turn)
  enrol(vault, 'N-1', '0')
  expect(await runToEnd(vault, job)).toMatchObject({ state: 'done' })
  expect(reported(vault).pairs).toEqual(expectedPairs(vault))
  expect(reported(vault).pairs.some(({ ids }) => ids === 'N-1 R-0')).toBe(true)
  vault.erasures.erase({ id: 'R-0', audit: eraseEntry })
  enrol(vault, 'R-9', 'somebody else')
  const { pairs } = reported(vault)
  expect(pairs.some(({ ids }) => ids.includes('R-0'))).toBe(false)
  expect(pairs.some(({ ids }) => / ?R-9\b/.test(ids))).toBe(false)
  expect(pairs.length).toBeGreaterThan(0)
})

it.each(['before', 'among', 'after'] as const)('meets a version that comes back %s what is being compared', async (where) => {
  const vault = await newVault(temporaryFolder())
  // Two who are one person; the first version of one of them is superseded by somebody else's face.
  const order = where === 'before' ? ['one', 'two'] : ['two', 'one']
  enrol(vault, order[0]!, 'same')
  if (where === 'after') for (let no = 0; no < 80; no++) enrol(vault, `R-${no}`, `${no}`)
  enrol(vault, order[1]!, 'same')
  if (where !== 'after') for (let no = 0; no < 80; no++) enrol(vault, `R-${no}`, `${no}`)
  enrol(vault, 'one', 'other')
  const job = begin(vault)
  const { record } = vault.duplicates
  let first = true
  vi.spyOn(vault.duplicates, 'record').mockImplementation((id, found) => {
    if (first) vault.versions.rollBack({ id: 'one', version: 1, audit: enrolEntry })
    first = false
    return record.call(vault.duplicates, id, found)
  })
  await runToEnd(vault, job)
  expect(reported(vault, job.id).pairs).toEqual(expectedPairs(vault))
  expect(reported(vault, job.id).pairs.map(({ ids }) => ids)).toContain('one two')
})

it('goes on where it was after the vault was closed in the middle', async () => {
  const folder = temporaryFolder()
  const before = await newVault(folder)
  fill(before)
  const job = begin(before)
  const half = await stepDuplicates(portsOf(before), job.id, turn)
  expect(half).toMatchObject({ state: 'running', done: 32 })
  before.close()
  const vault = await reopened(folder)
  expect(vault.jobs.get(job.id)).toMatchObject({ state: 'running', done: 32 })
  await runToEnd(vault, vault.jobs.get(job.id))
  expect(reported(vault).pairs).toEqual(expectedPairs(vault))
})

it('is paused, resumed and cancelled as every job, and fails by name under another model', async () => {
  const vault = await newVault(temporaryFolder())
  fill(vault)
  let ports = portsOf(vault)
  const never = { pausable: false, event: 'vault.rotate' as const, step: async () => Promise.reject(new VultusError('internal.fault')) }
  const runner = new JobRunner({
    kinds: {
      rotate: never,
      rotateDeep: never,
      rekey: never,
      backUp: never,
      reembed: never,
      import: never,
      duplicates: { pausable: true, event: 'gallery.findDuplicates', beside: true, step: (_vault, id) => stepDuplicates(ports, id, turn) },
    },
    vault: () => vault,
    onProgress: () => undefined,
    log: () => undefined,
  })
  onTestFinished(() => runner.stop())
  const { id } = runner.start('duplicates', (open) => beginDuplicates(ports, open, { fmr: 1e-3 }, actor))
  expect(await runner.pause(id, audit)).toMatchObject({ state: 'paused' })
  const { done } = vault.jobs.get(id)
  expect(await stepDuplicates(ports, id, turn)).toMatchObject({ state: 'paused', done })
  runner.resume(id, audit)
  await expect.poll(() => vault.jobs.get(id).state, { timeout: 20_000 }).toBe('done')
  expect(reported(vault, id).pairs).toEqual(expectedPairs(vault))
  const second = runner.start('duplicates', (open) => beginDuplicates(ports, open, { fmr: 1e-3 }, actor))
  expect(await runner.cancel(second.id, audit)).toMatchObject({ state: 'cancelled' })
  const third = runner.start('duplicates', (open) => beginDuplicates(ports, open, { fmr: 1e-3 }, actor))
  ports = portsOf(vault, { ...active, id: 'other@1' })
  await expect.poll(() => vault.jobs.get(third.id).state, { timeout: 20_000 }).toBe('failed')
  expect(vault.jobs.get(third.id).error).toBe('template.invalid')
})

it('keeps the most similar pairs where there are more than it keeps, and says from which score none is missing', async () => {
  const vault = await newVault(temporaryFolder())
  // 150 subjects who look alike are 11,175 pairs.
  const base = templateOf('base')
  for (let no = 0; no < 150; no++) {
    const apart = templateOf(`${no}`)
    const raw = base.map((value, at) => value + 0.3 * (apart[at] as number))
    const length = Math.hypot(...raw)
    vault.enrolments.commit({
      id: `R-${no}`,
      references: [referenceOf('', { template: raw.map((value) => value / length), sample: null })],
      audit: enrolEntry,
    })
  }
  await runToEnd(vault, begin(vault))
  const { completeFrom, found } = reported(vault)
  expect(completeFrom).toBeGreaterThan(threshold)
  expect(found).toBe(10_000)
  const expected = expectedPairs(vault, completeFrom)
  expect(expected.length).toBe(10_000)
  const kept = Array.from(
    { length: 10 },
    (_, page) => vault.duplicates.report({ job: undefined, limit: 1000, after: page * 1000 }).pairs,
  ).flat()
  expect(kept.length).toBe(10_000)
  expect(
    sorted(kept.map(({ first, second, comparisonScore: score }) => ({ ids: [first, second].sort().join(' '), score }))).slice(
      0,
      expected.length,
    ),
  ).toEqual(expected)
})

it('has no report before there was a job', async () => {
  const vault = await newVault(temporaryFolder())
  expect(await codeOf(() => reported(vault))).toBe('job.unknown')
})

it('keeps no pair of who was erased after their templates were read', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  enrol(vault, 'R-1', 'one')
  enrol(vault, 'R-2', 'one')
  const job = begin(vault)
  const { probes } = vault.duplicates.next(job.id, 32)
  const [one, other] = probes
  if (one === undefined || other === undefined) throw new Error('Two references are compared')
  vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
  vault.duplicates.record(job.id, { probes, pairs: [{ one, other, comparisonScore: 1 }] })
  vault.close()
  const database = await rawDatabase(folder)
  expect(database.prepare('SELECT count(*) AS pairs FROM duplicate_pairs').get()).toEqual({ pairs: 0 })
  database.close()
})
