/**
 * Backups are killed at random moments while writes go on: the vault is unharmed, and the newest backup that was told
 * restores. Restores are killed, too: the folder has a whole vault or none.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { openVault, vaultState } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { clock, enrolEntry, newVault, passphrase, reopened, temporaryFolder } from '../vault/fixtures.ts'
import { childModel, childPicture, childTemplate } from './child-data.ts'
import { startChild } from './child-process.ts'

const rounds = Number(process.env.VULTUS_ROUNDS ?? 10)
const seed = Number(process.env.VULTUS_SEED ?? 20_310_506)
const subjectsAtFirst = 30
const waitMsMax = 900

const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor: { role: 'administrator', door: 'command' }, outcome: 'done' })
const chance = (round: number) => createHash('sha256').update(`${seed}/backup/${round}`).digest().readUInt32LE() / 2 ** 32

function expectWhole(vault: Vault): Set<string> {
  const ids = vault.subjects.all().map(({ id }) => id as string)
  for (const id of ids) {
    const no = Number(id.slice(2))
    expect(vault.references.ofSubject(id, childModel)?.map(({ template }) => template)).toEqual([childTemplate(no), childTemplate(no + 1)])
    expect(Buffer.compare(vault.references.newestSample(id) ?? Buffer.alloc(0), childPicture(no + 1))).toBe(0)
  }
  expect(vault.galleries.counts()).toMatchObject({ subjects: ids.length, references: ids.length * 2 })
  expect(vault.audit.verify().ok).toBe(true)
  return new Set(ids)
}

const linesOf = (lines: readonly string[], what: string) =>
  lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1))

it(`backups go on after ${rounds} kills, and the last one restores (seed ${seed})`, async () => {
  const folder = temporaryFolder()
  const to = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < subjectsAtFirst; no++) {
    const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
    const references = [no, no + 1].map((at) => ({ ...reference, template: childTemplate(at), sample: childPicture(at) }))
    vault.enrolments.commit({ id: `K-${no}`, name: `Name ${no}`, references, audit: enrolEntry })
  }
  await vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
  vault.close()
  let known = new Set(Array.from({ length: subjectsAtFirst }, (_, no) => `K-${no}`))
  // What a backup that was told has to hold, by its number.
  const before = new Map([[1, new Set(known)]])
  const gone = new Set<string>()
  const certified = new Map<number, string>()
  let told = 1
  for (let round = 0; round < rounds; round++) {
    const first = 1000 * (round + 1)
    const child = startChild('backup-child.ts', to, folder, { first })
    await child.line((line) => line === 'opened' || line.startsWith('bug'))
    await new Promise((resolve) => setTimeout(resolve, chance(round) * waitMsMax))
    await child.kill()
    expect(linesOf(child.lines, 'bug')).toEqual([])

    let atBeginning = new Set<string>()
    for (const line of child.lines) {
      const [verb, what = ''] = line.split(' ')
      if (line === 'backing up') atBeginning = new Set(known)
      if (verb === 'enrolled') known.add(what)
      if (verb === 'erased') gone.add(what)
      if (verb === 'record') certified.set(Number(what), line.split(' ')[2] ?? '')
      if (verb === 'backed') {
        told = Number(what)
        before.set(told, atBeginning)
      }
    }
    const again = await reopened(folder)
    const present = expectWhole(again)
    // An erasure that was not told may have happened or not; no other one may be missing.
    const begun = linesOf(child.lines, 'erasing').at(-1)
    if (begun !== undefined && !present.has(begun)) gone.add(begun)
    for (const id of known) expect(`${id} ${present.has(id)}`).toBe(`${id} ${!gone.has(id)}`)
    expect(present.size).toBeLessThanOrEqual([...known].filter((id) => !gone.has(id)).length + 1)
    known = new Set([...known, ...present])
    const followed = [...certified].filter(([no]) => {
      const kept = again.erasures.certificateOf(no)
      expect(again.erasures.verifyCertificate(JSON.stringify(kept), undefined).ok).toBe(true)
      return JSON.parse(kept.body).backupKeyFile.replacedAt !== null
    })
    again.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])

    const target = temporaryFolder()
    const report = await restoreVault({ from: to, folder: target, passphrase, audit: entry('vault.restore'), nowMs: clock() })
    expect(report.generation).toBeGreaterThanOrEqual(told)
    const back = await openVault({ folder: target, passphrase, nowMs: clock() })
    const restoredIds = expectWhole(back)
    back.close()
    for (const id of linesOf(child.lines, 'refreshed')) expect(restoredIds.has(id)).toBe(false)
    // Whoever has a certificate that says so can rely on it, whenever the kill came.
    for (const [, id] of followed) expect(`${id} ${restoredIds.has(id)}`).toBe(`${id} false`)
    // Erasures since may be in it or not yet; what was told to be refreshed is.
    const needed = [...(before.get(told) ?? [])].filter((id) => !gone.has(id))
    for (const id of needed) expect(restoredIds).toContain(id)
  }
  expect(told).toBeGreaterThan(1)
}, 240_000)

it(`a restore that is killed ${rounds} times leaves a whole vault or none (seed ${seed})`, async () => {
  const to = temporaryFolder()
  const vault = await newVault(temporaryFolder())
  for (let no = 0; no < subjectsAtFirst; no++) {
    const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
    const references = [no, no + 1].map((at) => ({ ...reference, template: childTemplate(at), sample: childPicture(at) }))
    vault.enrolments.commit({ id: `K-${no}`, name: `Name ${no}`, references, audit: enrolEntry })
  }
  await vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
  vault.erasures.erase({ id: 'K-0', audit: entry('subject.erase') })
  await vault.backups.followPending()
  vault.close()
  for (let round = 0; round < rounds; round++) {
    const target = temporaryFolder()
    // Several kills in one folder, until one restore is through.
    for (let kill = 0; vaultState(target).state === 'missing'; kill++) {
      const child = startChild('restore-child.ts', to, target)
      await child.line((line) => line === 'restoring')
      if (kill < 3) await new Promise((resolve) => setTimeout(resolve, chance(1000 + round * 10 + kill) * waitMsMax))
      else await child.ended
      await child.kill()
      expect(linesOf(child.lines, 'bug')).toEqual([])
    }
    const back = await openVault({ folder: target, passphrase, nowMs: clock() })
    const ids = expectWhole(back)
    back.close()
    expect(ids.size).toBe(subjectsAtFirst - 1)
    expect(ids.has('K-0')).toBe(false)
    expect(readdirSync(target).sort()).toEqual(['vault.db', 'vault.json'])
  }
}, 240_000)
