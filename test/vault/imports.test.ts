/** Bulk imports, on a vault on the disk. */
import { describe, expect, it } from 'vitest'
import { ImportOutcome } from '../../src/contract/bulkImport.ts'
import type { Actor, AuditEntry } from '../../src/contract/records.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { listImport } from '../support/listImport.ts'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, templateOf, temporaryFolder } from './fixtures.ts'

const supervisor: Actor = { role: 'supervisor', door: 'command', operator: 'somebody' }
const audit: AuditEntry = { event: 'import.start', actor: supervisor, outcome: 'done' }
const rowOf = (row: number, number = `R-${row}`) => ({
  row,
  mark: `mark ${row}`,
  number,
  name: `Person ${row}`,
  references: [referenceOf(number)],
  details: { preset: 'none' },
})
const allOf = (vault: Vault, job: string) => vault.imports.report({ job, outcomes: ImportOutcome.options, after: 0, limit: 100 })
const decided = (job: string, row: number): AuditEntry => ({
  event: 'import.decide',
  actor: supervisor,
  outcome: 'done',
  details: { job, row },
})

describe('a row', () => {
  it('and the place of the job are one transaction: what fails leaves both as they were', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const { id } = vault.imports.begin(listImport, 3, audit)
    expect(vault.imports.enrol(id, rowOf(1)).job).toMatchObject({ done: 1, total: 3, state: 'running' })
    const before = { counts: vault.galleries.counts(), records: vault.audit.verify().records }
    const broken = { ...rowOf(2), references: [referenceOf('x'), { ...referenceOf('y'), template: templateOf('y').fill(Number.NaN) }] }
    expect(await codeOf(() => vault.imports.enrol(id, broken))).toBe('template.invalid')
    // A row that does not follow is a bug, and nothing of it stays.
    expect(() => vault.imports.enrol(id, rowOf(3))).toThrow(RangeError)
    expect(() => vault.imports.keep(id, { row: 1, mark: '', outcome: 'refused' })).toThrow()
    expect({ counts: vault.galleries.counts(), records: vault.audit.verify().records }).toEqual(before)
    expect(vault.imports.next(id)).toMatchObject({ after: 1, mark: 'mark 1' })
    vault.close()

    const again = await reopened(folder)
    expect(again.imports.next(id)).toMatchObject({ after: 1, mark: 'mark 1', settings: listImport })
    expect(again.imports.enrol(id, rowOf(2)).change).toMatchObject({ referenceNos: [2], removedReferenceNos: [] })
    expect(again.imports.finish(id)).toMatchObject({ state: 'done', done: 2, total: 2 })
    const { records } = await again.audit.page({ limit: 100 })
    const enrolled = records.filter(({ event }) => event === 'subject.enrol')
    expect(enrolled.map(({ details, actor }) => [details?.row, details?.job, actor.operator])).toEqual([
      [2, id, 'somebody'],
      [1, id, 'somebody'],
    ])
    expect(records[0]).toMatchObject({ event: 'import.start', details: { phase: 'done', enrolled: 2, refused: 0 } })
    expect(JSON.stringify(records)).not.toMatch(/Person|R-1|people/)
  })

  it('is left alone by a job that does not run any more', async () => {
    const vault = await newVault(temporaryFolder())
    const { id } = vault.imports.begin(listImport, 2, audit)
    vault.jobs.setState(id, 'paused')
    expect(vault.imports.enrol(id, rowOf(1))).toMatchObject({ job: { state: 'paused', done: 0 }, change: undefined })
    expect(vault.imports.keep(id, { row: 1, mark: 'm', outcome: 'refused' })).toMatchObject({ state: 'paused', done: 0 })
    expect(vault.imports.finish(id)).toMatchObject({ state: 'paused' })
    expect(vault.galleries.counts().subjects).toBe(0)
  })

  it('never gives a subject that is there a new version', async () => {
    const vault = await newVault(temporaryFolder())
    vault.enrolments.commit({ id: 'KNOWN', references: [referenceOf('known')], audit: enrolEntry })
    const { id } = vault.imports.begin(listImport, 4, audit)
    expect([vault.imports.standingOf(id, 'KNOWN'), vault.imports.standingOf(id, 'R-1')]).toEqual(['skipped', 'free'])
    expect(vault.imports.enrol(id, rowOf(1, 'KNOWN')).change).toBeUndefined()
    expect(vault.imports.enrol(id, rowOf(2, 'TWICE')).change).toBeDefined()
    expect(vault.imports.standingOf(id, 'TWICE')).toBe('numberTaken')
    expect(vault.imports.enrol(id, rowOf(3, 'TWICE')).change).toBeUndefined()
    expect(allOf(vault, id).rows.map(({ outcome, code, subject }) => [outcome, code, subject])).toEqual([
      ['skipped', null, 'KNOWN'],
      ['enrolled', null, 'TWICE'],
      ['refused', 'import.numberTaken', 'TWICE'],
    ])
    expect([vault.references.history('KNOWN').length, vault.references.history('TWICE').length]).toEqual([1, 1])
  })
})

describe('a row that waits', () => {
  const waiting = async () => {
    const vault = await newVault(temporaryFolder())
    for (const id of ['A', 'B']) vault.enrolments.commit({ id, name: id, references: [referenceOf(id)], audit: enrolEntry })
    const { id: job } = vault.imports.begin(listImport, 1, audit)
    const candidates = [
      { id: 'B', comparisonScore: 0.9, model: 'm' },
      { id: 'A', comparisonScore: 0.95, model: 'm' },
      { id: 'gone', comparisonScore: 0.99, model: 'm' },
    ]
    vault.imports.keep(job, { row: 1, mark: 'mark', outcome: 'suspected', problem: { code: 'import.suspected' }, candidates })
    const decide = (outcome: 'enrolled' | 'added', id: string) =>
      vault.imports.decide({ job, row: 1, outcome, id, name: undefined, references: [referenceOf('new')], audit: decided(job, 1) })
    return { vault, job, decide }
  }

  it('names who looks alike, best first, and forgets who is erased', async () => {
    const { vault, job } = await waiting()
    expect(vault.imports.waiting(job, 1).row.candidates.map(({ id }) => id)).toEqual(['A', 'B'])
    vault.erasures.erase({ id: 'A', audit: eraseEntry })
    expect(vault.imports.waiting(undefined, 1).row.candidates.map(({ id }) => id)).toEqual(['B'])
    expect(await codeOf(() => vault.imports.waiting(job, 2))).toBe('import.rowUnknown')
  })

  it('becomes a subject, or a version of one that is there, once, with one entry', async () => {
    const { vault, job, decide } = await waiting()
    expect(await codeOf(() => decide('enrolled', 'A'))).toBe('import.numberTaken')
    expect(await codeOf(() => decide('added', 'C'))).toBe('subject.unknown')
    const { records } = vault.audit.verify()
    decide('added', 'A')
    expect(vault.audit.verify().records).toBe(records + 1)
    expect(vault.references.history('A').map(({ active }) => active)).toEqual([false, true])
    expect(allOf(vault, job).rows).toMatchObject([{ outcome: 'added', subject: 'A', candidates: [] }])
    expect(await codeOf(() => decide('added', 'A'))).toBe('import.rowUnknown')
    expect(await codeOf(() => vault.imports.dismiss({ job, row: 1, audit: decided(job, 1) }))).toBe('import.rowUnknown')
  })

  it('is kept with its job, however many jobs come after it', async () => {
    const { vault, job } = await waiting()
    vault.imports.finish(job)
    const others = () => {
      for (let no = 0; no < 110; no++) vault.jobs.setState(vault.jobs.begin({ kind: 'backUp', total: 0, position: {} }, audit).id, 'done')
    }
    others()
    expect(vault.imports.waiting(job, 1).row.outcome).toBe('suspected')
    vault.imports.dismiss({ job, row: 1, audit: decided(job, 1) })
    others()
    expect(await codeOf(() => allOf(vault, job))).toBe('job.unknown')
  })
})

it('a subject that is erased takes what rows say of it along, also rows that were left out because of it', async () => {
  const vault = await newVault(temporaryFolder())
  vault.enrolments.commit({ id: 'KNOWN', references: [referenceOf('known')], audit: enrolEntry })
  const { id } = vault.imports.begin(listImport, 4, audit)
  vault.imports.enrol(id, rowOf(1, 'KNOWN'))
  vault.imports.keep(id, { row: 2, mark: 'mark 2', outcome: 'skipped', number: 'KNOWN' })
  vault.imports.keep(id, { row: 3, mark: 'mark 3', outcome: 'refused', number: 'KNOWN', problem: { code: 'import.numberTaken' } })
  vault.imports.keep(id, { row: 4, mark: 'mark 4', outcome: 'refused', number: 'KNOWN', problem: { code: 'face.none' } })
  const seen = () => allOf(vault, id).rows.map(({ subject, mark }) => [subject, mark])
  expect(seen()).toEqual([
    ['KNOWN', 'mark 1'],
    ['KNOWN', 'mark 2'],
    ['KNOWN', 'mark 3'],
    [null, 'mark 4'],
  ])
  vault.erasures.erase({ id: 'KNOWN', audit: eraseEntry })
  expect(seen()).toEqual([
    [null, null],
    [null, null],
    [null, null],
    [null, 'mark 4'],
  ])
})

it('a subject that is erased takes what links rows to it along, and the job its rows', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const { id } = vault.imports.begin(listImport, 2, audit)
  vault.imports.enrol(id, rowOf(1))
  vault.imports.enrol(id, rowOf(2))
  vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
  expect(allOf(vault, id).rows.map(({ subject, mark }) => [subject, mark])).toEqual([
    [null, null],
    ['R-2', 'mark 2'],
  ])
  expect((await vault.upkeep.run({ thorough: true })).ok).toBe(true)
  vault.close()
  const database = await rawDatabase(folder)
  const rows = () => database.prepare('SELECT count(*) FROM import_rows').pluck().get()
  expect(rows()).toBe(2)
  database.exec('DELETE FROM jobs')
  expect(rows()).toBe(0)
})
