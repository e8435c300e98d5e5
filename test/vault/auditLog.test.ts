/** Checkpoints, anchors, the witness, the clock, and reading. */
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  codeOf,
  enrolEntry,
  newVault,
  passphrase,
  rawDatabase,
  readEntry,
  referenceOf,
  reopened,
  startMs,
  temporaryFolder,
} from './fixtures.ts'

const witnessEntry = { ...readEntry, event: 'audit.witness' } as const
const setWitness = (vault: Vault, file: string) => vault.audit.witness({ file, remove: false, accept: false, audit: witnessEntry })
const append = (vault: Vault, count: number, first = 0) => {
  for (let no = 0; no < count; no++) vault.audit.append({ ...readEntry, details: { no: first + no } })
}
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n')
const recordsIn = (file: string) => linesOf(file).map((line) => JSON.parse(JSON.parse(line).body).records)

async function openedAt(folder: string, nowMs: () => number): Promise<Vault> {
  const vault = await openVault({ folder, passphrase, nowMs })
  onTestFinished(() => vault.close())
  return vault
}

async function tampered(folder: string, tamper: (raw: Database.Database) => void): Promise<Vault> {
  const raw = await rawDatabase(folder)
  tamper(raw)
  raw.close()
  return await reopened(folder)
}

/** Puts the files of a vault as they were into the folder. */
function keptCopy(folder: string): () => void {
  const kept = temporaryFolder()
  for (const name of ['vault.db', 'vault.json']) copyFileSync(join(folder, name), join(kept, name))
  return () => {
    for (const name of ['vault.db', 'vault.json']) copyFileSync(join(kept, name), join(folder, name))
  }
}

describe('checkpoints', () => {
  it('are not anchored after the database has gone to a copy', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const file = join(temporaryFolder(), 'witness.jsonl')
    vault.audit.witness({ file, remove: false, accept: false, audit: { ...readEntry, event: 'audit.witness' } })
    append(vault, 100)
    // The checkpoint that is due waits for its turn; an error of it would end the station.
    vault.abandon()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBe(1)
  })

  it('are signed when the vault is made, every 100 records and at close', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    expect(await vault.audit.report(undefined)).toMatchObject({ ok: true, records: 0, checkpoints: 1, unanchored: 0, anchors: [] })
    append(vault, 99)
    expect((await vault.audit.report(undefined)).checkpoints).toBe(1)
    append(vault, 151)
    expect(await vault.audit.report(undefined)).toMatchObject({
      ok: true,
      records: 250,
      checkpoints: 3,
      unanchored: 250,
      badCheckpoint: null,
    })
    vault.close()
    const again = await reopened(folder)
    expect(await again.audit.report(undefined)).toMatchObject({ ok: true, checkpoints: 4 })
    expect(again.audit.stationKey).toEqual(vault.audit.stationKey)
    again.close()
    expect((await (await reopened(folder)).audit.report(undefined)).checkpoints).toBe(4)
  })

  it.each<[string, (raw: Database.Database) => void, number]>([
    ['a changed signature', (raw) => raw.exec('UPDATE audit_checkpoints SET signature = zeroblob(64) WHERE records = 100'), 100],
    ['a changed text', (raw) => raw.exec(`UPDATE audit_checkpoints SET body = replace(body, '2031', '2030') WHERE records = 200`), 200],
    ['one that is gone', (raw) => raw.exec('DELETE FROM audit_checkpoints WHERE records = 100'), 100],
    ['the last ones gone', (raw) => raw.exec('DELETE FROM audit_checkpoints WHERE records >= 100'), 100],
    [
      'all gone but a moved one',
      (raw) => raw.exec('DELETE FROM audit_checkpoints WHERE records <> 100; UPDATE audit_checkpoints SET records = 7'),
      7,
    ],
  ])('name %s', async (_, tamper, bad) => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    append(vault, 250)
    vault.close()
    const damaged = await tampered(folder, tamper)
    expect(await damaged.audit.report(undefined)).toMatchObject({ ok: false, records: 250, firstBad: null, badCheckpoint: bad })
    expect(damaged.audit.verify()).toEqual({ ok: false, records: 250, firstBad: null })
  })

  it('begin in a vault of an older version when it is opened', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    append(vault, 130)
    vault.close()
    const upgraded = await tampered(folder, (raw) => {
      raw.exec('DROP TABLE station_key; DROP TABLE audit_checkpoints; DROP TABLE audit_witness; DROP TABLE erasure_certificates')
      raw.exec('DROP TABLE operators; DROP TABLE policy; DROP TABLE sign_in_failures; DROP TABLE settings; DROP TABLE prefixes')
      raw.exec('DROP TABLE prefix_backlog; DROP TABLE gallery_segments; DROP TABLE maintenance_reports; DROP INDEX references_superseded')
      raw.exec('ALTER TABLE subject_references DROP COLUMN superseded_ms; ALTER TABLE samples DROP COLUMN encoding')
      raw.exec('DROP TRIGGER note_erasure; DROP TABLE erasures; DROP TABLE backup_generations; DROP TABLE backup_lines')
      raw.exec('DROP TRIGGER duplicate_pairs_of_erased_subject; DROP TRIGGER duplicate_pairs_of_dropped_job; DROP TABLE duplicate_pairs')
      for (const column of ['rows_schema', 'rows_digest', 'rows_mac']) raw.exec(`ALTER TABLE audit_head DROP COLUMN ${column}`)
      raw.exec('DROP INDEX references_by_source; ALTER TABLE subject_references DROP COLUMN source_no')
      for (const trigger of ['imports_of_erased_subject', 'imports_of_dropped_job']) raw.exec(`DROP TRIGGER ${trigger}`)
      for (const side of ['erased_subject', 'dropped_draft']) raw.exec(`DROP TRIGGER draft_candidates_of_${side}`)
      raw.exec('DROP TABLE subject_ids; DROP TABLE subject_id_tail; DROP TABLE subject_restrictions')
      for (const column of ['restored_from_ms', 'restored_subject_no']) raw.exec(`ALTER TABLE vault DROP COLUMN ${column}`)
      raw.exec('DROP TABLE subject_labels; DROP TABLE import_rows; DROP TABLE import_candidates')
      raw.exec(
        'DROP TABLE form_policies; DROP TABLE subject_records; DROP TABLE drafts; DROP TABLE draft_candidates; DROP TABLE api_clients',
      )
      raw.pragma('user_version = 3')
    })
    expect(await upgraded.audit.report(undefined)).toMatchObject({ ok: true, records: 130, checkpoints: 1 })
    expect(upgraded.audit.stationKey.fingerprint).not.toBe(vault.audit.stationKey.fingerprint)
    append(upgraded, 100)
    expect(await upgraded.audit.report(undefined)).toMatchObject({ ok: true, records: 230, checkpoints: 2 })
  })

  it('come from a key that nobody can replace without being found', async () => {
    const folder = temporaryFolder()
    ;(await newVault(folder)).close()
    const raw = await rawDatabase(folder)
    raw.exec(`UPDATE station_key SET public_key = zeroblob(32)`)
    raw.close()
    expect(await codeOf(() => reopened(folder))).toBe('vault.damaged')
    const gone = await rawDatabase(folder)
    gone.exec('DELETE FROM station_key')
    gone.close()
    expect(await codeOf(() => reopened(folder))).toBe('vault.damaged')
  })

  it('that somebody kept are compared', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    append(vault, 20)
    const kept = vault.audit.checkpoint()
    append(vault, 30)
    expect(kept).toMatchObject({ records: 20, vaultId: vault.id, stationKey: vault.audit.stationKey })
    const printed = `Vultus audit checkpoint\nrecords 20\n${kept.line}\r\n`
    expect(await vault.audit.report(printed)).toMatchObject({
      ok: true,
      unanchored: 30,
      anchors: [{ place: 'given', state: 'agrees', records: 20, time: kept.time }],
    })
    const forged = kept.line.replace('\\"records\\":20', '\\"records\\":21')
    expect(await vault.audit.report(forged)).toMatchObject({ ok: false, firstBad: null, anchors: [{ state: 'contradicting' }] })
    const foreign = await newVault(temporaryFolder())
    expect(await foreign.audit.report(kept.line)).toMatchObject({ ok: false, anchors: [{ place: 'given', state: 'contradicting' }] })
    expect(await codeOf(() => vault.audit.report('no checkpoint'))).toBe('request.invalid')
  })
})

describe('a witness', () => {
  it('gets every checkpoint, and finds that the whole database was replaced', async () => {
    const folder = temporaryFolder()
    const file = join(temporaryFolder(), 'witness.jsonl')
    const vault = await newVault(folder)
    append(vault, 5)
    expect(setWitness(vault, file)).toMatchObject({ file, anchors: [{ place: 'witness', state: 'agrees', records: 6 }] })
    vault.close()
    const putBack = keptCopy(folder)
    const later = await reopened(folder)
    append(later, 120)
    later.close()
    expect(recordsIn(file)).toEqual([6, 106, 126])
    const whole = await reopened(folder)
    expect(await whole.audit.report(undefined)).toMatchObject({ ok: true, unanchored: 0, anchors: [{ state: 'agrees', records: 126 }] })
    whole.close()
    putBack()
    const old = await reopened(folder)
    expect(old.audit.verify().ok).toBe(true)
    expect(await old.audit.report(undefined)).toMatchObject({
      ok: false,
      firstBad: null,
      anchors: [{ state: 'contradicting', records: 126 }],
    })
    append(old, 200, 1000)
    old.close()
    expect(recordsIn(file)).toEqual([6, 106, 126])
    // Another history that is longer is found too.
    expect(await (await reopened(folder)).audit.report(undefined)).toMatchObject({ ok: false, anchors: [{ state: 'contradicting' }] })
  })

  it('that is away stops nothing, and gets later what it missed', async () => {
    const folder = temporaryFolder()
    const disk = join(temporaryFolder(), 'disk')
    mkdirSync(disk)
    const vault = await newVault(folder)
    setWitness(vault, join(disk, 'w'))
    renameSync(disk, `${disk}-away`)
    append(vault, 150)
    expect(await vault.audit.report(undefined)).toMatchObject({
      ok: true,
      anchors: [{ place: 'witness', state: 'missing' }],
      unanchored: 151,
    })
    vault.close()
    expect(existsSync(disk)).toBe(false)
    mkdirSync(disk)
    mkdirSync(join(disk, 'w'))
    const again = await reopened(folder)
    append(again, 1)
    expect((await again.audit.report(undefined)).anchors).toMatchObject([{ state: 'unreachable', records: null }])
    rmSync(disk, { recursive: true })
    renameSync(`${disk}-away`, disk)
    appendFileSync(join(disk, 'w'), '{"body":"torn')
    again.close()
    expect(linesOf(join(disk, 'w')).length).toBe(5)
    expect(await (await reopened(folder)).audit.report(undefined)).toMatchObject({
      ok: true,
      unanchored: 0,
      anchors: [{ state: 'agrees', records: 152 }],
    })
  })

  it('that somebody emptied is told until it is named again', async () => {
    const folder = temporaryFolder()
    const file = join(temporaryFolder(), 'w')
    const vault = await newVault(folder)
    setWitness(vault, file)
    append(vault, 150)
    vault.close()
    writeFileSync(file, '')
    const again = await reopened(folder)
    append(again, 150)
    again.close()
    const last = await reopened(folder)
    expect((await last.audit.report(undefined)).anchors).toMatchObject([{ place: 'witness', state: 'missing', records: null }])
    expect(readFileSync(file, 'utf8')).toBe('')
    setWitness(last, file)
    expect(await last.audit.report(undefined)).toMatchObject({ ok: true, unanchored: 0, anchors: [{ state: 'agrees' }] })
  })

  it('is refused beside the vault, over other content, in no folder, and as no file; a refusal changes nothing', async () => {
    const folder = temporaryFolder()
    const other = temporaryFolder()
    const vault = await newVault(folder)
    writeFileSync(join(other, 'letter.txt'), 'Dear Ada')
    const dotted = join(folder, '..w')
    mkdirSync(dotted)
    writeFileSync(join(folder, 'behind'), '')
    symlinkSync(join(folder, 'behind'), join(other, 'link'))
    for (const file of [
      join(folder, 'w'),
      join(dotted, 'w'),
      join(other, 'link'),
      join(other, 'letter.txt'),
      join(other, 'none', 'w'),
      other,
      'relative',
      '/dev/null',
    ]) {
      expect(await codeOf(() => setWitness(vault, file))).toBe('audit.witnessUnusable')
    }
    expect(readFileSync(join(other, 'letter.txt'), 'utf8')).toBe('Dear Ada')
    expect(await vault.audit.report(undefined)).toMatchObject({ records: 0, anchors: [] })
    setWitness(vault, join(other, 'w'))
    expect(vault.audit.witness({ remove: true, accept: false, audit: witnessEntry })).toEqual({ file: null, anchors: [] })
  })

  it('may be shared by vaults, and a meant restore is accepted with a new file', async () => {
    const folder = temporaryFolder()
    const other = temporaryFolder()
    const vault = await newVault(folder)
    setWitness(vault, join(other, 'w'))
    const second = await newVault(temporaryFolder())
    setWitness(second, join(other, 'w'))
    expect(await second.audit.report(undefined)).toMatchObject({ ok: true, anchors: [{ state: 'agrees', records: 1 }] })
    vault.close()
    const putBack = keptCopy(folder)
    const later = await reopened(folder)
    append(later, 10)
    later.close()
    putBack()
    const restored = await reopened(folder)
    expect((await restored.audit.report(undefined)).ok).toBe(false)
    expect(restored.audit.witness({ file: join(other, 'new'), remove: false, accept: true, audit: witnessEntry }).anchors).toMatchObject([
      { state: 'agrees', records: 2 },
    ])
    expect((await restored.audit.report(undefined)).ok).toBe(true)
  })
})

describe('the clock', () => {
  it('may show years that no date has, and the chain stays whole', async () => {
    const folder = temporaryFolder()
    ;(await newVault(folder)).close()
    let nowMs = Date.UTC(12_345, 1, 2)
    const vault = await openedAt(folder, () => nowMs)
    append(vault, 1)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    nowMs = startMs
    append(vault, 1)
    nowMs = Date.UTC(-5000, 1, 2)
    append(vault, 1)
    expect(await vault.audit.report(undefined)).toMatchObject({ ok: true, records: 4, badCheckpoint: null })
    const { records } = await vault.audit.page({ limit: 10 })
    const last = '9999-12-31T23:59:59.999Z'
    expect(records.map(({ at, machineAt }) => [at, machineAt]).reverse()).toEqual([
      [last, undefined],
      [last, undefined],
      [last, new Date(startMs).toISOString()],
      [last, '0000-01-01T00:00:00.000Z'],
    ])
    vault.close()
    expect(await (await reopened(folder)).audit.report(undefined)).toMatchObject({ ok: true })
  })

  it('never goes back within the chain, and what the machine showed is kept', async () => {
    const folder = temporaryFolder()
    ;(await newVault(folder)).close()
    let nowMs = startMs
    const vault = await openedAt(folder, () => nowMs)
    append(vault, 1)
    nowMs += 60_000
    append(vault, 1)
    nowMs -= 3_600_000
    append(vault, 1)
    vault.close()
    const again = await openedAt(folder, () => nowMs)
    append(again, 1)
    nowMs += 7_200_000
    append(again, 1)
    const { records } = await again.audit.page({ limit: 10 })
    const held = new Date(startMs + 60_000).toISOString()
    const shown = new Date(startMs - 3_540_000).toISOString()
    expect(records.map(({ at, machineAt }) => [at, machineAt]).reverse()).toEqual([
      [new Date(startMs).toISOString(), undefined],
      [held, undefined],
      [held, shown],
      [held, shown],
      [new Date(nowMs).toISOString(), undefined],
    ])
    expect((await again.audit.report(undefined)).ok).toBe(true)
  })
})

describe('reading', () => {
  it('gives pages, newest first, by event, outcome and time', async () => {
    const vault = await newVault(temporaryFolder())
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    append(vault, 10)
    vault.audit.append({ ...readEntry, outcome: 'refused', code: 'permission.denied' })
    const numbers = async (filter: Partial<Parameters<Vault['audit']['page']>[0]>) => {
      const page = await vault.audit.page({ limit: 50, ...filter })
      return [page.records.map(({ no }) => no), page.next]
    }
    expect(await numbers({ limit: 3 })).toEqual([[12, 11, 10], 10])
    expect(await numbers({ before: 3 })).toEqual([[2, 1], null])
    expect(await numbers({ event: 'subject.enrol' })).toEqual([[1], null])
    expect(await numbers({ outcome: 'refused' })).toEqual([[12], null])
    const { records } = await vault.audit.page({ limit: 50 })
    const at = (no: number) => records.find((record) => record.no === no)!.at
    expect(await numbers({ from: at(4), to: at(6) })).toEqual([[5, 4], null])
    expect(records.at(-1)).toMatchObject({ event: 'subject.enrol', actor: { role: 'operator', door: 'ipc' }, details: { sequence: 1 } })
  })
})
