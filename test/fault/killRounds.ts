/** A child enrols, erases, imports and seals segments; it is killed at random moments. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Vault } from '../../src/vault/vault.ts'
import { newVault, readEntry, temporaryFolder } from '../vault/fixtures.ts'
import { batchEntries, childModel, childPicture, childSegmentRows, childTemplate } from './child-data.ts'
import { startVaultChild } from './child-process.ts'
import { quickOpener } from './quickOpen.ts'

interface Acknowledged {
  readonly enrolled: Set<string>
  readonly erased: Set<string>
  /** Numbers of imports. */
  readonly imported: Set<string>
}

function take(lines: readonly string[], { enrolled, erased, imported }: Acknowledged): void {
  for (const line of lines) {
    const [what, id] = line.split(' ')
    if (what === 'enrolled' && id) enrolled.add(id)
    if (what === 'erased' && id) erased.add(id)
    if (what === 'imported' && id) imported.add(id)
    if (what === 'bug') throw new Error(line)
  }
}

function expectWhole(vault: Vault, id: string): void {
  const no = Number(id.slice(2))
  expect(vault.subject(id)).toMatchObject({ id, name: `Name ${no}`, references: 2 })
  expect(vault.referencesOf(id, childModel)?.map((reference) => reference.template)).toEqual([childTemplate(no), childTemplate(no + 1)])
  expect(Buffer.compare(vault.samplePicture(id)!, childPicture(no + 1))).toBe(0)
}

/** Imports are there with all their subjects, or not at all. @returns the numbers of those that are there */
function expectImportsWhole(vault: Vault, ids: ReadonlySet<string>): Set<string> {
  const numbers = new Set([...ids].filter((id) => id.startsWith('B-')).map((id) => id.split('-')[1] as string))
  for (const number of numbers) {
    for (let at = 0; at < batchEntries; at++) {
      const template = vault.referencesOf(`B-${number}-${at}`, childModel)?.[0]?.template
      expect(template).toEqual(childTemplate(Number(number) + at))
    }
  }
  return numbers
}

/** The gallery is that of the rows, whatever segments stand beside them. */
function expectGallery(vault: Vault, references: number): void {
  const rows = new Map<number, Float32Array>()
  for (const { referenceNos, templates } of vault.gallery(childModel, 64).batches) {
    for (const [at, referenceNo] of referenceNos.entries()) rows.set(referenceNo, templates.slice(at * 128, (at + 1) * 128))
  }
  expect(rows.size).toBe(references)
  for (const { referenceNo, template } of vault.references([...rows.keys()])) expect(rows.get(referenceNo)).toEqual(template)
  expect(vault.segmentProblems()).toEqual([])
}

/** @returns the number from which the child goes on, with what was committed and not acknowledged now taken as known */
async function expectAll(vault: Vault, acknowledged: Acknowledged): Promise<number> {
  const { enrolled, erased, imported } = acknowledged
  const ids = new Set<string>(vault.subjects().map((subject) => subject.id))
  const present = new Set([...ids].filter((id) => id.startsWith('K-')))
  for (const id of enrolled) if (!erased.has(id) && present.has(id)) expectWhole(vault, id)
  const lost = [...enrolled].filter((id) => !erased.has(id) && !present.has(id))
  // One erasure may have been committed and not acknowledged.
  expect(lost.length).toBeLessThanOrEqual(1)
  for (const id of lost) expect(Number(id.slice(2)) % 5).toBe(2)
  for (const id of erased) expect(present.has(id)).toBe(false)
  // And one enrolment or one import: it must be whole all the same.
  const imports = expectImportsWhole(vault, ids)
  for (const number of imported) expect(imports.has(number)).toBe(true)
  const unacknowledged = [...present].filter((id) => !enrolled.has(id))
  const more = [...imports].filter((number) => !imported.has(number))
  expect(unacknowledged.length + more.length).toBeLessThanOrEqual(1)
  for (const id of unacknowledged) expectWhole(vault, id)
  const references = present.size * 2 + imports.size * batchEntries
  expect(vault.counts()).toMatchObject({ subjects: ids.size, references })
  expectGallery(vault, references)
  const { ok, records, anchors } = await vault.auditReport(undefined)
  // One record for each change, and the one that set the witness.
  expect({ ok, records }).toEqual({ ok: true, records: vault.counts().sequence + 1 })
  expect(anchors).toMatchObject([{ place: 'witness', state: 'agrees' }])
  for (const id of lost) erased.add(id)
  for (const id of unacknowledged) enrolled.add(id)
  for (const number of more) imported.add(number)
  const next = Math.max(-1, ...[...enrolled].map((id) => Number(id.slice(2)))) + 1
  return Math.ceil(next / 5) * 5
}

/** All that was acknowledged outlives the kills, and nothing is there by halves. */
export async function killRounds(rounds: number, seed: number): Promise<void> {
  const chance = (round: number) => createHash('sha256').update(`${seed}/${round}`).digest().readUInt32LE() / 2 ** 32
  const folder = temporaryFolder()
  const made = await newVault(folder, 'demo', childSegmentRows)
  // What is anchored outside must never be ahead of what a kill leaves.
  const witness = join(temporaryFolder(), 'witness.jsonl')
  made.witnessAudit({ file: witness, remove: false, accept: false, audit: { ...readEntry, event: 'audit.witness' } })
  made.close()
  const open = await quickOpener(folder, childSegmentRows)
  const acknowledged: Acknowledged = { enrolled: new Set(), erased: new Set(), imported: new Set() }
  let first = 0
  for (let round = 0; round < rounds; round++) {
    const child = startVaultChild('write', folder, { first })
    await child.line((line) => line.startsWith('enrolled'))
    await new Promise((resolve) => setTimeout(resolve, chance(round) * 120))
    await child.kill()
    take(child.lines, acknowledged)
    const vault = open(folder)
    first = await expectAll(vault, acknowledged)
    vault.close()
    expect(
      readdirSync(folder)
        .filter((name) => name !== 'gallery')
        .sort(),
    ).toEqual(['vault.db', 'vault.json'])
  }
  expect(acknowledged.enrolled.size).toBeGreaterThan(rounds)
}
