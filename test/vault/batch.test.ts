/** Bulk import: all of the entries or none. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { codeOf, enrolEntry, newVault, rawDatabase, referenceOf, reopened, templateOf, temporaryFolder } from './fixtures.ts'

const entries = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    id: `B-${from + at}`,
    name: `Name ${from + at}`,
    references: [referenceOf(`b${from + at}`)],
  }))

it('is one change of the gallery with one audit entry, which vouches for its subjects', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  vault.commitEnrolment({ id: 'B-3', name: 'Before', references: [referenceOf('before')], audit: enrolEntry })
  const change = vault.commitBatch({ entries: entries(50), audit: enrolEntry })
  expect(change).toMatchObject({ sequence: 2, removedReferenceNos: [1] })
  expect(change.referenceNos).toEqual(Array.from({ length: 50 }, (_, at) => at + 2))
  expect(vault.counts()).toEqual({ subjects: 50, references: 50, sequence: 2 })
  const auditIds = entries(50).map(({ id }) => `${vault.auditIdOf(id)}\n`)
  vault.close()

  const again = await reopened(folder)
  expect(again.subject('B-3')).toMatchObject({ name: 'Name 3', references: 1 })
  expect(again.references([51])).toMatchObject([{ subjectId: 'B-49', template: templateOf('b49') }])
  expect(again.verifyAudit()).toEqual({ ok: true, records: 2, firstBad: null })
  again.close()
  const raw = await rawDatabase(folder)
  const body: unknown = JSON.parse(raw.prepare<[], string>('SELECT body FROM audit WHERE record_no = 2').pluck().get()!)
  const subjectsDigest = createHash('sha256').update(auditIds.join('')).digest('hex')
  expect(body).toMatchObject({ details: { subjects: 50, references: 50, sequence: 2, subjectsDigest } })
})

it('writes nothing where one entry is refused', async () => {
  const vault = await newVault(temporaryFolder(), 'real')
  const bad = [...entries(3), { id: 'B-9', references: [referenceOf('x', { template: Float32Array.of(Number.NaN) })] }]
  expect(await codeOf(() => vault.commitBatch({ entries: bad, audit: enrolEntry }))).toBe('template.invalid')
  const simulated = [...entries(3), { id: 'B-9', references: [referenceOf('x', { captureSource: 'simulated' })] }]
  expect(await codeOf(() => vault.commitBatch({ entries: simulated, audit: enrolEntry }))).toBe('capture.simulatedRefused')
  expect(await codeOf(() => vault.commitBatch({ entries: [...entries(3), ...entries(1)], audit: enrolEntry }))).toBe('request.invalid')
  const tooMuch = { ...enrolEntry, details: { note: 'x'.repeat(5000) } }
  expect(() => vault.commitBatch({ entries: entries(3), audit: tooMuch })).toThrow(RangeError)
  expect(vault.counts()).toEqual({ subjects: 0, references: 0, sequence: 0 })
  expect(vault.subject('B-0')).toBeUndefined()
})
