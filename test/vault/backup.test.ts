/** Backups that are made, kept and restored. */
import { createSecretKey } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImportSettings } from '../../src/contract/importRecords.ts'
import { generationPath } from '../../src/vault/backup/folder.ts'
import { pageKeyOf } from '../../src/vault/backup/generation.ts'
import { keyFileName, openKeyFile, parseKeyFile } from '../../src/vault/backup/keyFile.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { subjectKeyRecordBytes } from '../../src/vault/backup/subjectKeys.ts'
import { connect } from '../../src/vault/database.ts'
import { readHeader } from '../../src/vault/headerFile.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { encodeRecoveryKey } from '../../src/vault/keys/recoveryKey.ts'
import { openVault } from '../../src/vault/open.ts'
import { actor, backUpEntry, enrol, entry, expectSubject, newPassphrase, refusal, restored, site } from './backupSite.ts'
import {
  bytesOf,
  clock,
  codeOf,
  eraseEntry,
  filesWith,
  fingerprint,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  passphrase,
  reopened,
  rowsHeld,
  temporaryFolder,
} from './fixtures.ts'

describe('a backup', () => {
  it('is made while the vault is written to, proves itself, and leaves two files', async () => {
    const { to, vault, folder } = await site()
    const making = vault.backups.backUp({ folder: to, audit: backUpEntry })
    // Between the moment and the end of the backup the vault goes on.
    enrol(vault, 4)
    const report = await making
    expect(report).toMatchObject({ folder: to, generation: { number: 1 }, kept: [1] })
    expect(report.verified).toEqual({
      subjects: 3,
      references: 3,
      sampled: 3,
      auditRecords: 4,
      auditOk: true,
      erased: 0,
      witnessLeft: false,
    })
    expect(readdirSync(to).sort()).toEqual([`${vault.id}-1.vultus-backup`, `${vault.id}.vultus-keys`].sort())
    expect(readdirSync(folder).filter((name) => !name.startsWith('vault.'))).toEqual([])
    expect(vault.subjects.get('R-4')).toBeDefined()
    expect(vault.backups.folders()).toMatchObject([{ folder: to, keyFile: { pending: false }, generations: [{ number: 1, subjects: 3 }] }])
    expect(vault.audit.verify()).toEqual({ ok: true, records: 5, firstBad: null })
  })

  it('takes the copy that it works on away when somebody is erased, and takes another moment', async () => {
    const { to, vault, folder } = await site()
    const before = readdirSync(folder).sort()
    const making = vault.backups.backUp({ folder: to, audit: backUpEntry })
    const during = readdirSync(folder).filter((name) => !before.includes(name))
    expect(during.length).toBeGreaterThan(0)
    vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    expect(readdirSync(folder).filter((name) => during.includes(name))).toEqual([])
    await making
    expect(readdirSync(folder).filter((name) => during.includes(name))).toEqual([])
    const { vault: back } = await restored(to)
    expect(back.subjects.get('R-1')).toBeUndefined()
    expectSubject(back, 2)
  })

  it('restores with the passphrase, and the audit chain goes on', async () => {
    const { to, vault } = await site()
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { sequence } = vault.galleries.counts()
    vault.close()
    const { vault: back, report, folder } = await restored(to)
    expect(report).toMatchObject({
      vaultId: vault.id,
      kind: 'real',
      key: 'passphrase',
      generation: 1,
      verified: { subjects: 3, auditOk: true },
    })
    for (const no of [1, 2, 3]) expectSubject(back, no)
    expect(back.audit.verify()).toEqual({ ok: true, records: 4, firstBad: null })
    expect(back.galleries.counts()).toMatchObject({ subjects: 3, references: 3 })
    expect(back.galleries.counts().sequence).toBeGreaterThan(sequence)
    expect(back.backups.folders()).toEqual([])
    enrol(back, 9)
    back.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    expectSubject(await reopened(folder), 9)
  })

  it('restores on a new machine with the recovery key, which stays good', async () => {
    const { to, vault, recoveryKey } = await site()
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    expect(await refusal(to, { recoveryKey: encodeRecoveryKey(bytesOf('other', 32)) })).toBe('recovery.wrong')
    expect(await refusal(to, { recoveryKey: 'abc' })).toBe('recovery.mistyped')
    expect(await refusal(to, { recoveryKey, passphrase: 'short' })).toBe('vault.passphraseWeak')
    expect(await refusal(to, { passphrase: 'not the passphrase' })).toBe('vault.wrongKey')
    expect(await refusal(to, { passphrase: undefined })).toBe('vault.passphraseWeak')
    const { vault: back, folder } = await restored(to, { recoveryKey, passphrase: newPassphrase })
    expectSubject(back, 2)
    expect(back.recovery.state()).toBe('unconfirmed')
    back.close()
    expect(await codeOf(() => openVault({ folder, passphrase, nowMs: clock() }))).toBe('vault.wrongKey')
  })

  it('restores any generation that is kept, also after a deep rotation; older ones go', async () => {
    const { to, vault } = await site(2)
    vault.backups.setSchedule({ folder: null, intervalHours: 24, generationsKept: 2 }, entry('backup.schedule'))
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    let job = vault.rotation.begin({ deep: true, audit: entry('vault.rotate') })
    while (job.state === 'running') job = vault.rotation.step(job.id)
    enrol(vault, 3)
    const { kept } = await vault.backups.backUp({ folder: to, audit: backUpEntry })
    expect(kept).toEqual([2, 3])
    expect(readdirSync(to).filter((name) => name.endsWith('.vultus-backup')).length).toBe(2)
    expect(await refusal(to, { generation: 1 })).toBe('backup.missing')
    const older = await restored(to, { generation: 2 })
    expectSubject(older.vault, 1)
    expect(older.vault.subjects.get('R-3')).toBeUndefined()
    expectSubject((await restored(to)).vault, 3)
  })

  it('keeps a restriction of processing, which is lifted in the restored vault as it would have been here', async () => {
    const { vault, to } = await site()
    vault.rights.restrict({ id: 'R-2', reason: 'contested', by: null, audit: entry('subject.restrict') })
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { vault: back } = await restored(to)
    expect(await codeOf(() => back.references.ofSubject('R-2', model))).toBe('subject.restricted')
    expect(back.references.byNo([1, 2, 3]).map(({ subjectId }) => subjectId)).toEqual(['R-1', 'R-3'])
    expect([...(await handedOver(back, galleryModelOf(model))).rows.keys()]).toEqual([1, 3])
    expect(back.galleries.counts()).toMatchObject({ subjects: 3, references: 2 })
    back.rights.lift({ id: 'R-2', reason: 'settled', by: null, audit: entry('subject.liftRestriction') })
    expectSubject(back, 2)
    expect((await back.upkeep.run({ thorough: true })).ok).toBe(true)
  })

  it('goes on in the same folder after a restore', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const { vault: back } = await restored(to)
    enrol(back, 2)
    expect((await back.backups.backUp({ folder: to, audit: backUpEntry })).kept).toEqual([1, 2])
    expectSubject((await restored(to)).vault, 2)
  })

  it('holds no wrapped subject key and nothing in clear, and its files are private', async () => {
    const { to, vault, folder } = await site(1)
    vault.duplicates.begin({ model: 'a model', threshold: 0.5, fmr: 1e-3, supported: true }, backUpEntry)
    const { id: job } = vault.imports.begin({ source: '/people.csv' } as ImportSettings, 2, backUpEntry)
    vault.imports.keep(job, { row: 1, mark: 'a digest of what row 1 says', outcome: 'skipped', number: 'R-1' })
    vault.imports.keep(job, { row: 2, mark: 'a digest of what row 2 says', outcome: 'refused', problem: { code: 'face.none' } })
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    for (const clear of ['Name 1', '"R-1"', 'subject_keys', 'SQLite format']) expect(filesWith(to, Buffer.from(clear))).toEqual([])
    const root = createSecretKey(await passphraseProvider(passphrase).open(vault.id, readHeader(folder).key))
    const { generations, subjectKeys } = openKeyFile(parseKeyFile(readFileSync(join(to, keyFileName(vault.id)))), root)
    expect(subjectKeys.length).toBe(subjectKeyRecordBytes)
    const pageKey = pageKeyOf(Buffer.from(generations[0]?.pageKey ?? '', 'base64'))
    const database = connect(generationPath(to, vault.id, 1), pageKey, { readonly: true })
    onTestFinished(() => void database.close())
    const rows = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
    const tables = [
      'subjects',
      'subject_references',
      'subject_keys',
      'epochs',
      'backup_lines',
      'prefixes',
      'gallery_segments',
      'duplicate_pairs',
    ]
    expect(tables.map(rows)).toEqual([1, 1, 0, 0, 0, 0, 0, 0])
    expect(database.prepare('SELECT kind FROM jobs').pluck().all()).toEqual(['import'])
    // Nor what imported rows said of somebody who is enrolled.
    expect(database.prepare('SELECT mark FROM import_rows ORDER BY row_no').pluck().all()).toEqual([null, 'a digest of what row 2 says'])
    // Nor what would show that an id was there, to somebody who has the root key.
    const indexed = database.prepare('SELECT count(*) FROM subjects WHERE id_index <> CAST(audit_id AS BLOB)').pluck().get()
    expect(indexed).toBe(0)
    expect(vault.backups.folders().length).toBe(1)
    for (const name of readdirSync(to)) expect(statSync(join(to, name)).mode & 0o077).toBe(0)
  })

  it('is refused into a folder that is not there, or that holds the backups of another vault', async () => {
    const { to, vault, folder } = await site(1)
    expect(await codeOf(() => vault.backups.backUp({ folder: join(to, 'none'), audit: backUpEntry }))).toBe('backup.unreachable')
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    for (const beside of [folder, inside])
      expect(await codeOf(() => vault.backups.backUp({ folder: beside, audit: backUpEntry }))).toBe('request.invalid')
    const other = await newVault(temporaryFolder())
    await other.backups.backUp({ folder: to, audit: backUpEntry })
    const before = fingerprint(to)
    expect(await codeOf(() => vault.backups.backUp({ folder: to, audit: backUpEntry }))).toBe('backup.foreign')
    expect(fingerprint(to)).toEqual(before)
    const [one, two] = [0, 1].map(() => vault.backups.backUp({ folder: temporaryFolder(), audit: backUpEntry }))
    expect(await codeOf(() => two)).toBe('backup.running')
    await one
  })

  it('is due by its schedule', async () => {
    const { to, vault } = await site(1)
    expect(vault.backups.due()).toBeUndefined()
    vault.backups.setSchedule({ folder: to, intervalHours: 1, generationsKept: 3 }, entry('backup.schedule'))
    expect(vault.backups.schedule()).toEqual({ folder: to, intervalHours: 1, generationsKept: 3 })
    expect(vault.backups.due()).toBe(to)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    expect(vault.backups.due()).toBeUndefined()
  })
})

describe('what reaches beyond the database', () => {
  it('is not in a generation: segments are made anew, and no folder, schedule or witness is kept', async () => {
    const folder = temporaryFolder()
    const to = temporaryFolder()
    const witness = join(temporaryFolder(), 'witness')
    const vault = await newVault(folder, 'demo', 4)
    for (let no = 1; no <= 9; no++) enrol(vault, no)
    expect(await vault.galleries.seal(galleryModelOf(model))).toBe(2)
    vault.backups.setSchedule({ folder: to, intervalHours: 5, generationsKept: 3 }, entry('backup.schedule'))
    vault.settings.change({ name: 'samples.kept', value: false, audit: entry('vault.settings') })
    vault.audit.witness({ file: witness, remove: false, accept: false, audit: entry('audit.witness') })
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const before = readFileSync(witness, 'utf8')
    vault.close()
    // A folder in which an older vault left its segments.
    const target = temporaryFolder()
    mkdirSync(join(target, 'gallery'))
    for (const name of readdirSync(join(folder, 'gallery'))) copyFileSync(join(folder, 'gallery', name), join(target, 'gallery', name))
    const kept = readFileSync(witness, 'utf8')
    expect(kept.startsWith(before)).toBe(true)
    const report = await restoreVault({ from: to, folder: target, passphrase, audit: entry('vault.restore'), nowMs: clock() })
    expect(report.verified.witnessLeft).toBe(true)
    const back = await openVault({ folder: target, passphrase, nowMs: clock(), segmentRows: 4 })
    onTestFinished(() => back.close())
    expect(back.backups.schedule()).toEqual({ folder: null, intervalHours: 5, generationsKept: 3 })
    expect(back.backups.folders()).toEqual([])
    expect(back.settings.get('samples.kept')).toBe(false)
    expect(readdirSync(join(target, 'gallery'))).toEqual([])
    expect(await back.galleries.seal(galleryModelOf(model))).toBe(2)
    const given = await handedOver(back, galleryModelOf(model))
    expect(given.rows).toEqual(rowsHeld(back, galleryModelOf(model)))
    expect([...given.rows.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(given.inBlocks).toBe(8)
    expect(back.galleries.problems()).toEqual([])
    expect(back.subjects.search({ query: 'Name 7', limit: 10, after: 0 }).subjects.map(({ id }) => id)).toEqual(['R-7'])
    expect((await back.upkeep.run({ thorough: true })).checks.flatMap(({ problems }) => problems)).toEqual([])
    // Not one line of the witness is by the restored vault, and nothing is said to contradict it.
    expect(await back.audit.report(undefined)).toMatchObject({ ok: true, anchors: [] })
    expect(readFileSync(witness, 'utf8')).toBe(kept)
    expect((await back.audit.page({ limit: 50, event: 'vault.restore' })).records).toMatchObject([
      { details: { generation: 1, witnessLeft: true } },
    ])
  })

  it('accounts come back with the vault', async () => {
    const { to, vault } = await site(1)
    const secret = 'password of the administrator'
    await vault.operators.add({ name: 'Anna', role: 'administrator', secretKind: 'password', secret }, actor)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const { vault: back } = await restored(to)
    expect(back.operators.any).toBe(true)
    expect(await back.operators.signIn('Anna', secret, 'command')).toMatchObject({ role: 'administrator' })
  })

  it('two restores into one folder at once leave a whole vault', async () => {
    const { to, vault } = await site(3)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    // The copy of one is never taken for that of another, however late it comes.
    const numbers = await Promise.all([1, 2].map(async () => readHeader((await restored(to)).folder).page?.generation))
    expect(new Set(numbers).size).toBe(2)
    const folder = temporaryFolder()
    const attempts = await Promise.allSettled(
      [1, 2].map(() => restoreVault({ from: to, folder, passphrase, audit: entry('vault.restore'), nowMs: clock() })),
    )
    const done = attempts.filter(({ status }) => status === 'fulfilled')
    expect(done.length).toBeLessThanOrEqual(1)
    if (done.length === 0) await restoreVault({ from: to, folder, passphrase, audit: entry('vault.restore'), nowMs: clock() })
    expectSubject(await reopened(folder), 2)
  })
})
