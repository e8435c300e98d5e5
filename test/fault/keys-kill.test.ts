/** Rotation, deep rotation and page rekey are killed at random moments, and go on; nothing that was acknowledged is lost. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Job } from '../../src/contract/jobs.ts'
import { parseHeader } from '../../src/vault/header.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { enrolEntry, newVault, rawDatabase, reopened, temporaryFolder } from '../vault/fixtures.ts'
import { childModel, childPicture, childTemplate } from './child-data.ts'
import { startChild } from './child-process.ts'

const rounds = Number(process.env.VULTUS_ROUNDS ?? 10)
const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)
const subjectsAtFirst = 60

/** A number from 0 to 1 for a round, the same for the same seed. */
const chance = (kind: string, round: number) => createHash('sha256').update(`${seed}/${kind}/${round}`).digest().readUInt32LE() / 2 ** 32

async function filledVault(folder: string): Promise<void> {
  const vault = await newVault(folder)
  for (let no = 0; no < subjectsAtFirst; no++) enrol(vault, no)
  vault.close()
}

function enrol(vault: Vault, no: number): void {
  const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
  const references = [no, no + 1].map((at) => ({ ...reference, template: childTemplate(at), sample: childPicture(at) }))
  vault.commitEnrolment({ id: `K-${no}`, name: `Name ${no}`, references, audit: enrolEntry })
}

function expectWhole(vault: Vault, id: string): void {
  const no = Number(id.slice(2))
  expect(vault.subject(id)).toMatchObject({ id, name: `Name ${no}`, references: 2 })
  expect(vault.referencesOf(id, childModel)?.map((reference) => reference.template)).toEqual([childTemplate(no), childTemplate(no + 1)])
  expect(Buffer.compare(vault.samplePicture(id)!, childPicture(no + 1))).toBe(0)
}

/** Everything acknowledged is there, at most one enrolment more, all of it whole, and the chain verifies. @returns all ids */
function expectGood(vault: Vault, acknowledged: ReadonlySet<string>): Set<string> {
  const present = new Set<string>(vault.subjects().map(({ id }) => id))
  for (const id of acknowledged) expect(present).toContain(id)
  expect(present.size - acknowledged.size).toBeLessThanOrEqual(1)
  for (const id of present) expectWhole(vault, id)
  expect(vault.counts()).toMatchObject({ subjects: present.size, references: present.size * 2 })
  expect([...vault.gallery(childModel, 64).batches].reduce((sum, batch) => sum + batch.referenceNos.length, 0)).toBe(present.size * 2)
  expect(vault.verifyAudit().ok).toBe(true)
  return present
}

async function killRounds(kind: Job['kind'], folder: string, waitMsMax: number): Promise<{ ended: number }> {
  await filledVault(folder)
  let known = new Set<string>(Array.from({ length: subjectsAtFirst }, (_, no) => `K-${no}`))
  let ended = 0
  for (let round = 0; round < rounds; round++) {
    const first = Math.max(...[...known].map((id) => Number(id.slice(2)))) + 1
    const child = startChild('key-child.ts', kind, folder, { first })
    await child.line((line) => line === 'opened' || line.startsWith('bug'))
    await new Promise((resolve) => setTimeout(resolve, chance(kind, round) * waitMsMax))
    await child.kill()
    expect(child.lines.filter((line) => line.startsWith('bug'))).toEqual([])
    ended += child.lines.filter((line) => /^(rotated|rekeyed) /.test(line)).length
    for (const line of child.lines) if (line.startsWith('enrolled ')) known.add(line.slice('enrolled '.length))

    const vault = await reopened(folder)
    known = expectGood(vault, known)
    // What was acknowledged as done is done; at most one job is open.
    const jobs = vault.jobs.list()
    for (const line of child.lines) {
      const id = /^(?:rotated|rekeyed) (.+)$/.exec(line)?.[1]
      if (id !== undefined) expect(jobs.find((job) => job.id === id)?.state).toBe('done')
    }
    expect(jobs.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1)
    vault.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
  }
  return { ended }
}

it.each(['rotate', 'rotateDeep'] as const)(
  `%s goes on after ${rounds} kills (seed ${seed})`,
  async (kind) => {
    const folder = temporaryFolder()
    await killRounds(kind, folder, kind === 'rotate' ? 60 : 250)
    const vault = await reopened(folder)
    const open = vault.jobs.list().find(({ state }) => state === 'running')
    for (let job = open; job?.state === 'running'; ) job = vault.rotation.step(job.id)
    const known = new Set<string>(vault.subjects().map(({ id }) => id))
    expectGood(vault, known)
    expect(vault.jobs.list().length).toBeGreaterThan(0)
    vault.close()
    // Nothing is left of the epochs that nothing needs.
    const raw = await rawDatabase(folder)
    const epochs = raw.prepare<[], number>('SELECT epoch FROM epochs').pluck().all()
    expect(raw.prepare<[], number>('SELECT DISTINCT key_epoch FROM subject_keys').pluck().all()).toEqual(epochs)
    expect(epochs.length).toBe(1)
    expect(epochs[0]).toBeGreaterThan(1)
  },
  240_000,
)

it(`rekey leaves one good vault after each of ${rounds} kills (seed ${seed})`, async () => {
  const folder = temporaryFolder()
  const { ended } = await killRounds('rekey', folder, 700)
  const header = parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8'))
  expect(header.page?.generation ?? 0).toBeGreaterThanOrEqual(ended)
}, 240_000)
