/** A child enrols and erases; it is killed at random moments; all that it acknowledged must be there, and nothing by halves. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Vault } from '../../src/vault/vault.ts'
import { newVault, readEntry, reopened, temporaryFolder } from '../vault/fixtures.ts'
import { childModel, childPicture, childTemplate } from './child-data.ts'
import { startVaultChild } from './child-process.ts'

const rounds = 10
const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)

/** A number from 0 to 1 for a round, the same for the same seed. */
const chance = (round: number) => createHash('sha256').update(`${seed}/${round}`).digest().readUInt32LE() / 2 ** 32

interface Acknowledged {
  readonly enrolled: Set<string>
  readonly erased: Set<string>
}

function take(lines: readonly string[], acknowledged: Acknowledged): void {
  for (const line of lines) {
    const [what, id] = line.split(' ')
    if (what === 'enrolled' && id) acknowledged.enrolled.add(id)
    if (what === 'erased' && id) acknowledged.erased.add(id)
  }
}

function expectWhole(vault: Vault, id: string): void {
  const no = Number(id.slice(2))
  expect(vault.subject(id)).toMatchObject({ id, name: `Name ${no}`, references: 2 })
  expect(vault.referencesOf(id, childModel)?.map((reference) => reference.template)).toEqual([childTemplate(no), childTemplate(no + 1)])
  expect(Buffer.compare(vault.samplePicture(id)!, childPicture(no + 1))).toBe(0)
}

it(`all that was acknowledged outlives ${rounds} kills (seed ${seed})`, async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  // What is anchored outside must never be ahead of what a kill leaves.
  const witness = join(temporaryFolder(), 'witness.jsonl')
  made.witnessAudit({ file: witness, remove: false, accept: false, audit: { ...readEntry, event: 'audit.witness' } })
  made.close()
  const acknowledged: Acknowledged = { enrolled: new Set(), erased: new Set() }
  let first = 0
  for (let round = 0; round < rounds; round++) {
    const child = startVaultChild('write', folder, { first })
    await child.line((line) => line.startsWith('enrolled'))
    await new Promise((resolve) => setTimeout(resolve, chance(round) * 120))
    await child.kill()
    take(child.lines, acknowledged)

    const vault = await reopened(folder)
    const present = new Set<string>(vault.subjects().map((subject) => subject.id))
    for (const id of acknowledged.enrolled) if (!acknowledged.erased.has(id) && present.has(id)) expectWhole(vault, id)
    const lost = [...acknowledged.enrolled].filter((id) => !acknowledged.erased.has(id) && !present.has(id))
    // One erasure may have been committed and not acknowledged.
    expect(lost.length).toBeLessThanOrEqual(1)
    for (const id of lost) expect(Number(id.slice(2)) % 5).toBe(2)
    for (const id of acknowledged.erased) expect(present.has(id)).toBe(false)
    // And one enrolment: it must be whole all the same.
    const unacknowledged = [...present].filter((id) => !acknowledged.enrolled.has(id))
    expect(unacknowledged.length).toBeLessThanOrEqual(1)
    for (const id of unacknowledged) expectWhole(vault, id)
    expect(vault.counts()).toMatchObject({ subjects: present.size, references: present.size * 2 })
    expect([...vault.gallery(childModel, 64).batches].reduce((sum, batch) => sum + batch.referenceNos.length, 0)).toBe(present.size * 2)
    const { ok, records, anchors } = vault.auditReport(undefined)
    // One record for each change, and the one that set the witness.
    expect({ ok, records }).toEqual({ ok: true, records: vault.counts().sequence + 1 })
    expect(anchors).toMatchObject([{ place: 'witness', state: 'agrees' }])
    vault.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    for (const id of lost) acknowledged.erased.add(id)
    for (const id of unacknowledged) acknowledged.enrolled.add(id)
    first = Math.max(-1, ...[...acknowledged.enrolled].map((id) => Number(id.slice(2)))) + 1
    first += (5 - (first % 5)) % 5
  }
  expect(acknowledged.enrolled.size).toBeGreaterThan(rounds)
}, 180_000)
