/** Looking after the vault: what is wrong is named, free space goes back, reports are kept. */
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { openVault } from '../../src/vault/open.ts'
import { forgetDigest } from '../../src/vault/rowDigest.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  model,
  newVault,
  passphrase,
  rawDatabase,
  referenceOf,
  reopened,
  startMs,
  temporaryFolder,
} from './fixtures.ts'

const maintainEntry: AuditEntry = { event: 'vault.maintain', actor: { role: 'administrator', door: 'command' }, outcome: 'done' }
const segmentRows = 8

function fill(vault: Vault, count: number): void {
  for (let no = 0; no < count; no++) {
    vault.enrolments.commit({
      id: `M-${no}`,
      name: `Name Nr${no}`,
      references: [referenceOf(`${no}`, { sample: bytesOf(`${no}`, 900) })],
      audit: enrolEntry,
    })
  }
}

async function vaultWith(count: number): Promise<string> {
  const folder = temporaryFolder()
  const vault = await newVault(folder, 'demo', segmentRows)
  fill(vault, count)
  await vault.galleries.seal(galleryModelOf(model))
  vault.close()
  return folder
}

it('finds nothing in a whole vault, looks at everything, and keeps its reports with an audit entry', async () => {
  const folder = await vaultWith(20)
  const vault = await reopened(folder, segmentRows)
  const report = await vault.upkeep.run({ thorough: true, audit: maintainEntry })
  expect(report).toMatchObject({ ok: true, thorough: true })
  expect(report.checks.flatMap((check) => check.problems)).toEqual([])
  const lookedAt = Object.fromEntries(report.checks.map((check) => [check.name, check.lookedAt]))
  expect(lookedAt).toMatchObject({ consistency: 15, seals: 60, index: 20, audit: 20, segments: 2 })
  expect(lookedAt.database).toBeGreaterThan(10)
  for (let round = 0; round < 21; round++) await vault.upkeep.run({ thorough: false })
  vault.close()
  const again = await reopened(folder, segmentRows)
  expect(again.upkeep.reports()).toHaveLength(20)
  expect(again.audit.verify()).toEqual({ ok: true, records: 21, firstBad: null })
})

it('is due a day after the last report, and once a clock that was ahead is right again', async () => {
  const folder = temporaryFolder()
  ;(await newVault(folder)).close()
  const dayMs = 86_400_000
  let nowMs = startMs + 10_000
  const vault = await openVault({ folder, passphrase, nowMs: () => nowMs })
  onTestFinished(() => vault.close())
  const reportsAfterIdleWork = async () => {
    await vault.upkeep.workIdly()
    return vault.upkeep.reports().length
  }
  expect(await reportsAfterIdleWork()).toBe(0)
  nowMs += 4000 * dayMs
  expect(await reportsAfterIdleWork()).toBe(1)
  nowMs -= 4000 * dayMs
  expect(await reportsAfterIdleWork()).toBe(2)
  expect(await reportsAfterIdleWork()).toBe(2)
  nowMs += dayMs + 1000
  expect(await reportsAfterIdleWork()).toBe(3)
})

it.each([
  ['seals', 'samples.sealed 5', `UPDATE samples SET tag = zeroblob(16) WHERE reference_no = 5`],
  ['seals', 'subject_references.sealed 6', `UPDATE subject_references SET sealed = zeroblob(100) WHERE reference_no = 6`],
  [
    'index',
    'prefixes of subject 7',
    'DELETE FROM prefixes WHERE subject_no = 7 AND prefix = (SELECT min(prefix) FROM prefixes WHERE subject_no = 7)',
  ],
  ['consistency', 'number of active references', 'UPDATE subject_references SET active = 0 WHERE reference_no = 8'],
  ['consistency', 'subjects without a reference, or older than their references', 'UPDATE subjects SET version = 0 WHERE subject_no = 3'],
  ['consistency', 'a sequence of the gallery before that of the audit chain', 'UPDATE gallery SET sequence = 3'],
  ['audit', 'record 4', `UPDATE audit SET hash = zeroblob(32) WHERE record_no = 4`],
])('names what is wrong with %s: %s', async (name, problem, harm) => {
  const folder = await vaultWith(12)
  const raw = await rawDatabase(folder)
  raw.pragma('foreign_keys = OFF')
  raw.exec(harm)
  raw.close()
  const vault = await reopened(folder, segmentRows)
  const report = await vault.upkeep.run({ thorough: true })
  expect(report.ok).toBe(false)
  expect(report.checks.find((check) => check.name === name)?.problems).toContain(problem)
})

it.each([
  [
    'lacks a row of a subject',
    'prefixes of subject 7',
    'DELETE FROM prefixes WHERE subject_no = 7 AND prefix = (SELECT min(prefix) FROM prefixes WHERE subject_no = 7)',
  ],
  ['has a row that is not of the name of its subject', 'prefixes of subject 7', 'INSERT INTO prefixes VALUES (4711, 7)'],
  ['has a row of somebody who is gone', 'prefixes without a subject 99', 'INSERT INTO prefixes VALUES (4711, 99)'],
  ['has no row at all', 'prefixes of subject 7', 'DELETE FROM prefixes'],
])('names that the index of beginnings %s, and makes it anew', async (_, problem, harm) => {
  const folder = await vaultWith(12)
  const raw = await rawDatabase(folder, { digest: 'kept' })
  const rowsOf = () => raw.prepare('SELECT * FROM prefixes ORDER BY prefix, subject_no').all()
  const before = rowsOf()
  raw.exec(harm)
  raw.close()
  const vault = await reopened(folder, segmentRows)
  const report = await vault.upkeep.run({ thorough: false })
  expect(report.checks.find((check) => check.name === 'index')?.problems).toContain(problem)
  expect(await vault.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
  vault.close()
  const after = await rawDatabase(folder)
  expect(after.prepare('SELECT * FROM prefixes ORDER BY prefix, subject_no').all()).toEqual(before)
})

it('names a broken segment, which is made again', async () => {
  const folder = await vaultWith(20)
  truncateSync(join(folder, 'gallery/1.segment'), 10)
  const vault = await reopened(folder, segmentRows)
  const report = await vault.upkeep.run({ thorough: false })
  expect(report.checks.find((check) => check.name === 'segments')?.problems).toEqual(['segment 0 of drawn@1.0.0'])
  expect(await vault.galleries.seal(galleryModelOf(model))).toBe(1)
  expect(await vault.upkeep.run({ thorough: false })).toMatchObject({ ok: true })
})

it('gives free space back to the disk', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const references = Array.from({ length: 10 }, (_, at) => referenceOf(`${at}`, { sample: bytesOf(`${at}`, 400_000) }))
  vault.enrolments.commit({ id: 'M-1', references, audit: enrolEntry })
  vault.erasures.erase({ id: 'M-1', audit: eraseEntry })
  const before = statSync(join(folder, 'vault.db')).size
  const report = await vault.upkeep.run({ thorough: false })
  expect(report.checks.find((check) => check.name === 'space')?.lookedAt).toBeGreaterThan(100)
  vault.close()
  expect(statSync(join(folder, 'vault.db')).size).toBeLessThan(before - 1_000_000)
})

it('lets others have their turn, who may change and close the vault meanwhile', async () => {
  const vault = await newVault(temporaryFolder(), 'demo', segmentRows)
  fill(vault, 30)
  let turns = 0
  let counting = true
  const count = () => {
    turns += 1
    if (turns === 2) vault.erasures.erase({ id: 'M-9', audit: eraseEntry })
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  expect(await vault.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
  counting = false
  expect(turns).toBeGreaterThan(10)
  const cut = vault.upkeep.run({ thorough: true })
  setImmediate(() => vault.close())
  expect(await codeOf(() => cut)).toBe('vault.locked')
})

/** A vault whose clock is set by the test. */
async function withClock(folder: string): Promise<{ vault: Vault; at: { ms: number } }> {
  const at = { ms: startMs }
  const vault = await openVault({ folder, passphrase, nowMs: () => at.ms, segmentRows })
  onTestFinished(() => vault.close())
  return { vault, at }
}
const dayMs = 24 * 60 * 60_000

it('is done once a day when nobody waits, also by a clock that was set back', async () => {
  const { vault, at } = await withClock(await vaultWith(3))
  const reportsAfter = async (ms: number) => {
    at.ms = startMs + ms
    await vault.upkeep.workIdly()
    return vault.upkeep.reports().length
  }
  expect(await reportsAfter(dayMs / 2)).toBe(0)
  expect(await reportsAfter(400 * dayMs)).toBe(1)
  expect(await reportsAfter(400.5 * dayMs)).toBe(1)
  expect(await reportsAfter(dayMs)).toBe(2)
  expect(await reportsAfter(1.5 * dayMs)).toBe(2)
  expect(await reportsAfter(2.5 * dayMs)).toBe(3)
})

it('is done in idle time although a damaged row keeps the gallery from being sealed, and names the row', async () => {
  const folder = await vaultWith(20)
  const raw = await rawDatabase(folder)
  raw.exec('UPDATE subject_references SET sealed = zeroblob(length(sealed)) WHERE reference_no = 3')
  raw.exec('DELETE FROM gallery_segments')
  forgetDigest(raw)
  raw.close()
  const { vault, at } = await withClock(folder)
  expect(await codeOf(() => vault.galleries.seal(galleryModelOf(model)))).toBe('vault.damaged')
  at.ms += 2 * dayMs
  // It comes again by itself, since something failed.
  expect(await vault.upkeep.workIdly()).toBeGreaterThan(0)
  const [report] = vault.upkeep.reports()
  expect(report?.checks.find(({ name }) => name === 'seals')?.problems).toEqual(['subject_references.sealed 3'])
})

it('an erasure takes the copy away that is being checked, before it is acknowledged', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const references = Array.from({ length: 40 }, (_, at) => referenceOf(`${at}`, { sample: bytesOf(`${at}`, 400_000) }))
  vault.enrolments.commit({ id: 'M-1', references, audit: enrolEntry })
  vault.enrolments.commit({ id: 'M-2', references: [referenceOf('2')], audit: enrolEntry })
  const copies = () => readdirSync(folder).filter((name) => name.includes('.check-'))
  const running = vault.upkeep.run({ thorough: true })
  while (copies().length === 0) await nextTurn()
  vault.erasures.erase({ id: 'M-2', audit: eraseEntry })
  expect(copies()).toEqual([])
  expect(await running).toMatchObject({ ok: true })
  expect(copies()).toEqual([])
})
