/** Labels of subjects in the vault: sealed, moved to new keys, gone with their subject. */
import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { codeOf, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const labelEntry: AuditEntry = { event: 'subject.label', actor: { role: 'supervisor', door: 'ipc' }, outcome: 'done' }
const none = { category: 0, watchLists: [], purposes: [] }
const label = { category: 3, watchLists: [2, 7], purposes: [1] }

const enrolled = async (folder: string) => {
  const vault = await newVault(folder)
  vault.enrolments.commit({ id: 'plain', references: [referenceOf('plain')], audit: enrolEntry })
  vault.enrolments.commit({ id: 'labelled', references: [referenceOf('labelled')], label, audit: enrolEntry })
  return vault
}

it('a label is set with an enrolment, changed, and read with the references', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  expect([vault.subjects.labelOf('plain'), vault.subjects.labelOf('labelled')]).toEqual([none, label])
  expect(vault.references.byNo([1, 2]).map((reference) => reference.label)).toEqual([none, label])
  const changed = vault.subjects.changeLabel({ id: 'labelled', label: { watchLists: [9] }, audit: () => labelEntry })
  expect(changed).toMatchObject({
    label: { ...label, watchLists: [9] },
    relabelledReferenceNos: [2],
    referenceNos: [],
    removedReferenceNos: [],
  })
  expect(changed.sequence).toBe(vault.galleries.counts().sequence)
  vault.enrolments.commit({ id: 'labelled', references: [referenceOf('again')], audit: enrolEntry })
  vault.close()
  const again = await reopened(folder)
  expect(again.subjects.labelOf('labelled')).toEqual(changed.label)
  expect(again.upkeep.unsealAll('labelled')).toBeGreaterThan(0)
  expect(await codeOf(() => again.subjects.labelOf('nobody'))).toBe('subject.unknown')
  expect(await codeOf(() => again.subjects.changeLabel({ id: 'nobody', label, audit: () => labelEntry }))).toBe('subject.unknown')
})

it('a label goes over to a new key, and is gone with its subject', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  const { id } = vault.rotation.begin({ deep: true, audit: labelEntry })
  while (vault.rotation.step(id).state !== 'done');
  expect(vault.subjects.labelOf('labelled')).toEqual(label)
  vault.erasures.erase({ id: 'labelled', audit: eraseEntry })
  vault.enrolments.commit({ id: 'labelled', references: [referenceOf('new')], audit: enrolEntry })
  expect(vault.subjects.labelOf('labelled')).toEqual(none)
  vault.close()
  const raw = await rawDatabase(folder)
  expect(raw.prepare('SELECT count(*) AS count FROM subject_labels').get()).toEqual({ count: 0 })
  raw.close()
})

it('the gallery is handed over with the labels of its rows, and no others', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  for (let more = 0; more < 300; more++) {
    const references = [referenceOf(`more-${more}`), referenceOf(`again-${more}`)]
    vault.enrolments.commit({ id: `more-${more}`, references, label: { category: more % 200 }, audit: enrolEntry })
  }
  vault.erasures.erase({ id: 'more-7', audit: eraseEntry })
  vault.enrolments.commit({ id: 'labelled', references: [referenceOf('newer')], audit: enrolEntry })
  const bits = 3 | (0b1 << 8) | (0b1000010 << 16)
  const handedOver = new Map<number, number>()
  const { model } = referenceOf('plain')
  for (const { referenceNos, labels } of vault.galleries.handOver({ id: model, meanTemplate: new Float32Array(16) }, 100).labels) {
    for (const [index, referenceNo] of referenceNos.entries()) handedOver.set(referenceNo, labels[index]!)
  }
  const expected = new Map<number, number>([[603, bits]])
  for (let more = 0; more < 300; more++) {
    if (more % 200 !== 0 && more !== 7) for (const no of [3 + 2 * more, 4 + 2 * more]) expected.set(no, more % 200)
  }
  expect(handedOver).toEqual(expected)
  const nos = [1, 3, 5, 603, 604]
  expect([...vault.references.labelBitsOf(nos)]).toEqual(nos.map((no) => expected.get(no) ?? 0))
})

it('a label of somebody else is refused: it is bound to its subject', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  vault.enrolments.commit({ id: 'other', references: [referenceOf('other')], label: { watchLists: [16] }, audit: enrolEntry })
  vault.close()
  const raw = await rawDatabase(folder)
  raw.exec(`UPDATE subject_labels SET (nonce, tag, sealed) = (SELECT nonce, tag, sealed FROM subject_labels WHERE subject_no = 3)
    WHERE subject_no = 2`)
  raw.close()
  const again = await reopened(folder)
  expect(await codeOf(() => again.subjects.labelOf('labelled'))).toBe('vault.damaged')
})

it('nobody is told by the file who is on a list: nothing of a label stands there in clear', async () => {
  const folder = temporaryFolder()
  const vault = await enrolled(folder)
  vault.close()
  const raw = await rawDatabase(folder)
  const [row] = raw.prepare<[], { sealed: Buffer }>('SELECT sealed FROM subject_labels').all()
  raw.close()
  expect(row!.sealed.includes('watchLists')).toBe(false)
})
