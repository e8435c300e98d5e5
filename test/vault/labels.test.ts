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
  expect(changed).toEqual({ ...label, watchLists: [9] })
  vault.enrolments.commit({ id: 'labelled', references: [referenceOf('again')], audit: enrolEntry })
  vault.close()
  const again = await reopened(folder)
  expect(again.subjects.labelOf('labelled')).toEqual(changed)
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
