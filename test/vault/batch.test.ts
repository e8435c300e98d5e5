/** Bulk import: all of the entries or none. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { codeOf, enrolEntry, newVault, rawDatabase, referenceOf, reopened, storeEntry, templateOf, temporaryFolder } from './fixtures.ts'

const entries = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    id: `B-${from + at}`,
    name: `Name ${from + at}`,
    references: [referenceOf(`b${from + at}`)],
  }))

it('is one change of the gallery with one audit entry, which vouches for its subjects', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  vault.enrolments.commit({ id: 'B-3', name: 'Before', references: [referenceOf('before')], audit: enrolEntry })
  const change = vault.enrolments.commitBatch({ entries: entries(50), audit: enrolEntry })
  expect(change).toMatchObject({ sequence: 2, removedReferenceNos: [1] })
  expect(change.referenceNos).toEqual(Array.from({ length: 50 }, (_, at) => at + 2))
  expect(vault.galleries.counts()).toEqual({ subjects: 50, references: 50, sequence: 2 })
  const auditIds = entries(50).map(({ id }) => `${vault.subjects.auditIdOf(id)}\n`)
  vault.close()

  const again = await reopened(folder)
  expect(again.subjects.get('B-3')).toMatchObject({ name: 'Name 3', references: 1 })
  expect(again.references.byNo([51])).toMatchObject([{ subjectId: 'B-49', template: templateOf('b49') }])
  expect(again.audit.verify()).toEqual({ ok: true, records: 2, firstBad: null })
  again.close()
  const raw = await rawDatabase(folder)
  const body: unknown = JSON.parse(raw.prepare<[], string>('SELECT body FROM audit WHERE record_no = 2').pluck().get()!)
  const subjectsDigest = createHash('sha256').update(auditIds.join('')).digest('hex')
  expect(body).toMatchObject({ details: { subjects: 50, references: 50, sequence: 2, subjectsDigest } })
})

it('writes nothing where one entry is refused', async () => {
  const vault = await newVault(temporaryFolder(), 'real')
  const bad = [...entries(3), { id: 'B-9', references: [referenceOf('x', { template: Float32Array.of(Number.NaN) })] }]
  expect(await codeOf(() => vault.enrolments.commitBatch({ entries: bad, audit: enrolEntry }))).toBe('template.invalid')
  const simulated = [...entries(3), { id: 'B-9', references: [referenceOf('x', { captureSource: 'simulated' })] }]
  expect(await codeOf(() => vault.enrolments.commitBatch({ entries: simulated, audit: enrolEntry }))).toBe('capture.simulatedRefused')
  expect(await codeOf(() => vault.enrolments.commitBatch({ entries: [...entries(3), ...entries(1)], audit: enrolEntry }))).toBe(
    'request.invalid',
  )
  const tooMuch = { ...enrolEntry, details: { note: 'x'.repeat(5000) } }
  expect(() => vault.enrolments.commitBatch({ entries: entries(3), audit: tooMuch })).toThrow(RangeError)
  expect(vault.galleries.counts()).toEqual({ subjects: 0, references: 0, sequence: 0 })
  expect(vault.subjects.get('B-0')).toBeUndefined()
})

it('goes on with the numbers of before after a batch that was refused in the middle', async () => {
  const vault = await newVault(temporaryFolder())
  vault.enrolments.commitBatch({ entries: entries(3), audit: enrolEntry })
  const stored = { id: 'T-1', model: 'drawn@1.0.0', template: templateOf('t1'), metadata: {} }
  const taken = { ...stored, id: 'B-1' }
  expect(await codeOf(() => vault.storedTemplates.commitBatch({ templates: [stored, taken], audit: storeEntry }))).toBe('template.idTaken')
  expect(vault.storedTemplates.retrieve('T-1')).toBeUndefined()
  expect(vault.enrolments.commit({ id: 'B-9', references: [referenceOf('b9')], audit: enrolEntry }).referenceNos).toEqual([4])
  expect(vault.enrolments.commitBatch({ entries: entries(2, 20), audit: enrolEntry }).referenceNos).toEqual([5, 6])
  expect(vault.subjects.all().map(({ id }) => id)).toEqual(['B-0', 'B-1', 'B-2', 'B-9', 'B-20', 'B-21'])
})

it('keeps templates without pictures in a batch as it keeps single ones', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const templates = Array.from({ length: 40 }, (_, at) => ({
    id: `T-${at}`,
    model: 'drawn@1.0.0',
    template: templateOf(`t${at}`),
    metadata: { at },
  }))
  vault.storedTemplates.commit({ id: 'T-7', model: 'drawn@1.0.0', template: templateOf('before'), metadata: {}, audit: storeEntry })
  const change = vault.storedTemplates.commitBatch({ templates, audit: storeEntry })
  expect(change).toMatchObject({ sequence: 2, removedReferenceNos: [1] })
  expect(vault.subjects.search({ query: 'T-1', limit: 50, after: 0 }).subjects).toMatchObject([{ id: 'T-1' }])
  vault.close()
  const again = await reopened(folder)
  for (const { id, template, metadata } of templates)
    expect(again.storedTemplates.retrieve(id)).toMatchObject({ id, data: template, metadata })
  expect(again.galleries.counts()).toEqual({ subjects: 40, references: 40, sequence: 2 })
  expect(again.audit.verify()).toEqual({ ok: true, records: 2, firstBad: null })
})
