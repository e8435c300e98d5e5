/** Every procedure that has to be recorded leaves its record, whatever becomes of the call. Walks the table. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import type { Row } from '../../src/contract/row.ts'
import type { AuditRecord } from '../../src/contract/rows/audit.ts'
import { type ProcedureName, procedures } from '../../src/contract/table.ts'
import { Role } from '../../src/contract/types.ts'
import { Evaluations } from '../../src/station/evaluations.ts'
import { RowLookUp } from '../../src/station/imports/rowLookUp.ts'
import { Packs } from '../../src/station/packs.ts'
import { AuditTrail } from '../../src/vault/auditTrail.ts'
import { Drafts } from '../../src/vault/drafts.ts'
import { Duplicates } from '../../src/vault/duplicates.ts'
import { Erasures } from '../../src/vault/erasures.ts'
import { Imports } from '../../src/vault/imports.ts'
import { ModelReferences } from '../../src/vault/modelReferences.ts'
import { ReferenceReading } from '../../src/vault/referenceReading.ts'
import { SubjectReading } from '../../src/vault/subjectReading.ts'
import { stationWithoutProcesses } from '../support/stationWithoutProcesses.ts'
import { passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

const rows = Object.entries(procedures as Readonly<Record<string, Row>>)
/** Rows of audit 'own' are recorded by what they do, not by the call. */
const recorded = rows.filter(([, row]) => row.audit === 'effect' || row.audit === 'read')
const silent = rows.filter(([, row]) => row.audit === 'none')

/** Inputs that these procedures answer without any other process. */
const answered: Readonly<Record<string, unknown>> = {
  'vault.unlock': { passphrase },
  'subject.list': {},
  'audit.verify': {},
  'audit.list': {},
  'audit.export': {},
  'audit.checkpoint': {},
  'audit.witness': {},
}

async function openedStation() {
  const station = stationWithoutProcesses({ dataFolder: temporaryFolder(), passphrase })
  onTestFinished(() => station.close())
  const administrator = { role: 'administrator', door: 'socket' } as const
  expect(await station.run('vault.init', { key: 'passphrase', kind: 'demo' }, administrator)).toMatchObject({ ok: true })
  /** The newest record of the chain, without the reading of it. */
  const newest = async (): Promise<AuditRecord> => {
    const page = await station.run('audit.list', { limit: 1 }, administrator)
    if (!page.ok) throw new Error(page.refusal.code)
    return (page.value as { records: AuditRecord[] }).records[0] as AuditRecord
  }
  return { station, newest }
}

describe('the audit of calls', () => {
  it('records who was not permitted, and what was not well formed', async () => {
    const { station, newest } = await openedStation()
    for (const [name, row] of recorded) {
      const outsider = Role.options.find((role) => !row.roles.includes(role))
      if (outsider !== undefined) {
        await station.run(name, {}, { role: outsider, door: 'rest' })
        expect(await newest()).toMatchObject({
          event: name,
          actor: { role: outsider, door: 'rest' },
          outcome: 'refused',
          code: 'permission.denied',
        })
      }
      await station.run(name, null, { role: row.roles[0]!, door: 'ipc' })
      expect(await newest()).toMatchObject({ event: name, actor: { role: row.roles[0] }, outcome: 'refused', code: 'request.invalid' })
    }
  })

  it('records what was done, what was read and what failed', async () => {
    const { station, newest } = await openedStation()
    const actor = { role: 'administrator', door: 'command' } as const
    for (const [name, input] of Object.entries(answered)) {
      expect(procedures[name as ProcedureName].audit).not.toBe('none')
      expect([name, (await station.run(name, input, actor)).ok]).toEqual([name, true])
      expect(await newest()).toMatchObject({ event: name, actor, outcome: 'done' })
    }
    await station.run('certificate.get', { record: 1 }, actor)
    expect(await newest()).toMatchObject({ event: 'certificate.get', outcome: 'refused', code: 'certificate.unknown' })
    for (const name of ['subject.get', 'subject.picture']) {
      await station.run(name, { id: 'R-none' }, actor)
      const record = await newest()
      expect(record).toMatchObject({ event: name, outcome: 'refused', code: 'subject.unknown' })
      expect(JSON.stringify(record)).not.toContain('R-none')
    }
    // No process can be started here, which is no refusal that a person could do anything about.
    await station.run('subject.erase', { id: 'R-none' }, actor)
    expect(await newest()).toMatchObject({ event: 'subject.erase', outcome: expect.stringMatching(/^(refused|failed)$/) })
  })

  it('records nothing of what is not to be recorded, but for what a role does not permit', async () => {
    const { station, newest } = await openedStation()
    for (const [name, row] of silent) {
      const before = await newest()
      await station.run(name, null, { role: row.roles[0]!, door: 'ipc' })
      // Only the reading of the record before stands after it.
      expect([name, (await newest()).no]).toEqual([name, before.no + 1])
      const outsider = Role.options.find((role) => !row.roles.includes(role))
      if (outsider === undefined) continue
      await station.run(name, {}, { role: outsider, door: 'socket' })
      expect(await newest()).toMatchObject({ event: name, actor: { role: outsider }, outcome: 'refused', code: 'permission.denied' })
    }
  })

  it('names the subject of a read by its random id', async () => {
    const { station, newest } = await openedStation()
    const actor = { role: 'administrator', door: 'command' } as const
    const reference = referenceOf('a')
    vi.spyOn(SubjectReading.prototype, 'auditIdOf').mockReturnValue('random id')
    vi.spyOn(SubjectReading.prototype, 'intakeOf').mockReturnValue({ form: null, exception: null, decision: null })
    vi.spyOn(SubjectReading.prototype, 'labelOf').mockReturnValue({ category: 0, watchLists: [], purposes: [] })
    vi.spyOn(SubjectReading.prototype, 'consentsOf').mockReturnValue([])
    vi.spyOn(SubjectReading.prototype, 'restrictionsOf').mockReturnValue([])
    vi.spyOn(SubjectReading.prototype, 'revisionOf').mockReturnValue(undefined)
    vi.spyOn(ReferenceReading.prototype, 'newestSample').mockReturnValue(reference.sample)
    onTestFinished(() => void vi.restoreAllMocks())
    expect(await station.run('subject.picture', { id: 'R-1' }, actor)).toMatchObject({ ok: true, value: { sample: reference.sample } })
    expect(await newest()).toMatchObject({ event: 'subject.picture', actor, outcome: 'done', subject: 'random id' })
  })
})

describe('reads that cannot be recorded', () => {
  const reads = recorded.filter(([, row]) => row.audit === 'read')

  it('every row that tells of subjects needs the open vault, and few are answered without a record', () => {
    for (const [name, row] of reads) if (row.unrecorded !== 'answered') expect([name, row.vault]).toEqual([name, 'open'])
    expect(
      rows
        .filter(([, row]) => row.unrecorded === 'answered')
        .map(([name]) => name)
        .sort(),
    ).toEqual(['audit.list', 'audit.verify', 'evaluation.run', 'model.verify'])
  })

  it.each(['vault.diskFull', 'vault.unwritable', 'audit.broken'] as const)('are refused and disclose nothing: %s', async (fault) => {
    const { station } = await openedStation()
    const actor = { role: 'administrator', door: 'command' } as const
    const secret = 'what must not leave'
    vi.spyOn(AuditTrail.prototype, 'append').mockImplementation(() => {
      throw new VultusError(fault)
    })
    // The handlers answer, so that only the record stands between the answer and the caller.
    const anything = { secret, map: () => [] } as never
    vi.spyOn(SubjectReading.prototype, 'get').mockReturnValue(anything)
    vi.spyOn(ReferenceReading.prototype, 'newestSample').mockReturnValue(anything)
    vi.spyOn(ReferenceReading.prototype, 'history').mockReturnValue(anything)
    vi.spyOn(Erasures.prototype, 'certificateOf').mockReturnValue(anything)
    vi.spyOn(SubjectReading.prototype, 'auditIdOf').mockReturnValue('random id')
    vi.spyOn(SubjectReading.prototype, 'intakeOf').mockReturnValue({ form: null, exception: null, decision: null })
    vi.spyOn(SubjectReading.prototype, 'labelOf').mockReturnValue({ category: 0, watchLists: [], purposes: [] })
    vi.spyOn(SubjectReading.prototype, 'consentsOf').mockReturnValue([])
    vi.spyOn(SubjectReading.prototype, 'restrictionsOf').mockReturnValue([])
    vi.spyOn(SubjectReading.prototype, 'revisionOf').mockReturnValue(secret)
    vi.spyOn(SubjectReading.prototype, 'exceptionProof').mockReturnValue(Buffer.from(secret))
    const draft = {
      id: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
      state: 'draft',
      owner: null,
      content: { id: secret },
      captures: [],
      proof: null,
    }
    vi.spyOn(Drafts.prototype, 'open').mockReturnValue(draft as never)
    vi.spyOn(Drafts.prototype, 'list').mockReturnValue({ records: [draft], after: null } as never)
    vi.spyOn(SubjectReading.prototype, 'search').mockReturnValue({ subjects: [secret], after: null } as never)
    const pairs = [{ first: secret, second: secret, comparisonScore: 1 }]
    vi.spyOn(Duplicates.prototype, 'report').mockReturnValue({ job: 'any', settings: { model: 'any' }, compared: 2, pairs } as never)
    vi.spyOn(ReferenceReading.prototype, 'samplesOf').mockReturnValue(new Map())
    vi.spyOn(Imports.prototype, 'report').mockReturnValue({
      job: { id: draft.id },
      settings: { source: secret, unreadColumns: [] },
      counts: {},
      rows: [],
    } as never)
    vi.spyOn(RowLookUp.prototype, 'find').mockResolvedValue({ readable: true, rows: new Map() })
    const pack = { id: 'one', complete: true, licences: [] }
    vi.spyOn(Packs.prototype, 'list').mockResolvedValue([pack, { ...pack, id: 'two' }] as never)
    vi.spyOn(Packs.prototype, 'verify').mockResolvedValue({ pack, files: [], signature: {} } as never)
    vi.spyOn(Packs.prototype, 'withFace').mockImplementation((_, __, run) =>
      run({
        model: { id: secret } as never,
        atOnce: 1,
        template: async () => ({ template: Float32Array.of(1, 0), qualityScore: 1, totalMs: 1 }),
      }),
    )
    const samples = [1, 2].map((no) => ({ referenceNo: no, subjectNo: no, picture: new Uint8Array() }))
    vi.spyOn(ModelReferences.prototype, 'samples').mockReturnValue(samples)
    vi.spyOn(Evaluations.prototype, 'run').mockResolvedValue({})
    const groups = join(temporaryFolder(), 'groups.csv')
    writeFileSync(groups, 'file,person,group\na.jpg,A,B\n')
    onTestFinished(() => void vi.restoreAllMocks())
    const inputs: Readonly<Record<string, unknown>> = {
      'subject.search': { query: 'what' },
      'certificate.get': { record: 1 },
      'subject.get': { id: 'R-1' },
      'subject.picture': { id: 'R-1' },
      'subject.export': { id: 'R-1' },
      'import.report': { job: draft.id },
      'import.export': { job: draft.id },
      'exception.proof': { id: 'R-1' },
      'draft.open': { draft: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f' },
      'inbox.open': { item: '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f' },
      'reference.list': { id: 'R-1' },
      'model.compare': { first: 'one', second: 'two' },
      'model.verify': { id: 'one' },
      'evaluation.run': { groups },
    }
    for (const [name, row] of reads) {
      // It takes a real process to cut a face out of a list's picture.
      if (name === 'import.picture') continue
      const outcome = await station.run(name, inputs[name] ?? {}, actor)
      if (row.unrecorded === 'answered') expect([name, outcome.ok]).toEqual([name, true])
      else {
        expect([name, outcome]).toMatchObject([name, { ok: false, refusal: { code: 'audit.unrecorded', detail: fault } }])
        expect(JSON.stringify(outcome)).not.toContain(secret)
      }
    }
    vi.restoreAllMocks()
    expect(await station.run('subject.list', {}, actor)).toMatchObject({ ok: true })
  })
})

it('callers of whom nothing is known fill no disk with refusals', async () => {
  const { station } = await openedStation()
  const administrator = { role: 'administrator', door: 'command' } as const
  const secret = 'a password of Ada'
  await station.run('operator.add', { name: 'Ada', role: 'administrator', secret }, administrator)
  for (let times = 0; times < 200; times++) {
    expect(await station.run('subject.list', {}, administrator)).toMatchObject({ refusal: { code: 'signIn.required' } })
  }
  const signedIn = await station.run('operator.signIn', { name: 'Ada', secret }, administrator)
  const session = (signedIn as { value: { session: string } }).value.session
  const { value } = (await station.run('audit.list', { outcome: 'refused', limit: 1000 }, { ...administrator, session })) as {
    value: { records: AuditRecord[] }
  }
  expect(value.records).toHaveLength(50)
  // Whose window it is stands in the record, also while it is locked.
  expect(await station.run('operator.lock', {}, { ...administrator, session })).toMatchObject({ ok: true })
  await station.run('subject.list', {}, { ...administrator, session })
  const again = (await station.run('operator.signIn', { name: 'Ada', secret }, administrator)) as { value: { session: string } }
  const page = await station.run('audit.list', { event: 'subject.list', limit: 1 }, { ...administrator, session: again.value.session })
  expect(page).toMatchObject({ value: { records: [{ code: 'signIn.required', actor: { role: 'nobody', operator: expect.any(String) } }] } })
})
