import { createHash, createSecretKey } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { generationPath } from '../../src/vault/backup/folder.ts'
import { pageKeyOf } from '../../src/vault/backup/generation.ts'
import { keyFileName, openKeyFile, parseKeyFile } from '../../src/vault/backup/keyFile.ts'
import { type Restored, type RestoreOptions, restoreVault } from '../../src/vault/backup/restore.ts'
import { subjectKeyRecordBytes } from '../../src/vault/backup/subjectKeys.ts'
import { connect } from '../../src/vault/database.ts'
import { pageCopyPath } from '../../src/vault/folder.ts'
import { readHeader } from '../../src/vault/headerFile.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { encodeRecoveryKey } from '../../src/vault/keys/recoveryKey.ts'
import { initVault, openVault, vaultState } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  clock,
  codeOf,
  enrolEntry,
  eraseEntry,
  filesWith,
  fingerprint,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  passphrase,
  rawDatabase,
  referenceOf,
  reopened,
  rowsHeld,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const actor = { role: 'administrator', door: 'command' } as const
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })
const backUpEntry = entry('vault.backUp')
const newPassphrase = 'another horse battery'

interface Site {
  readonly folder: string
  readonly to: string
  readonly vault: Vault
  readonly recoveryKey: string
}

async function site(subjects = 3): Promise<Site> {
  const folder = temporaryFolder()
  const to = temporaryFolder()
  let recoveryKey = ''
  const onRecoveryKey = (made: string) => {
    recoveryKey = made
  }
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: clock(), onRecoveryKey })
  onTestFinished(() => vault.close())
  for (let no = 1; no <= subjects; no++) enrol(vault, no)
  return { folder, to, vault, recoveryKey }
}

function enrol(vault: Vault, no: number): void {
  vault.enrolments.commit({ id: `R-${no}`, name: `Name ${no}`, references: [referenceOf(`a${no}`)], audit: enrolEntry })
}

function expectSubject(vault: Vault, no: number): void {
  expect(vault.subjects.get(`R-${no}`)).toMatchObject({ name: `Name ${no}`, references: 1 })
  expect(vault.references.ofSubject(`R-${no}`, model)?.[0]?.template).toEqual(templateOf(`a${no}`))
  expect(Buffer.compare(vault.references.newestSample(`R-${no}`) ?? Buffer.alloc(0), bytesOf(`a${no} picture`, 5000))).toBe(0)
}

async function restored(from: string, changes: Partial<RestoreOptions> = {}): Promise<{ vault: Vault; report: Restored; folder: string }> {
  const folder = changes.folder ?? temporaryFolder()
  const report = await restoreVault({ from, folder, passphrase, audit: entry('vault.restore'), nowMs: clock(), ...changes })
  const vault = await openVault({ folder, passphrase: changes.passphrase ?? passphrase, nowMs: clock() })
  onTestFinished(() => vault.close())
  return { vault, report, folder }
}

const refusal = (from: string, changes: Partial<RestoreOptions> = {}) =>
  codeOf(() => restoreVault({ from, folder: temporaryFolder(), passphrase, audit: entry('vault.restore'), nowMs: clock(), ...changes }))

const keyFileOf = ({ to, vault }: Site) => join(to, keyFileName(vault.id))

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
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    for (const clear of ['Name 1', 'R-1', 'subject_keys', 'SQLite format']) expect(filesWith(to, Buffer.from(clear))).toEqual([])
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
      'jobs',
      'duplicate_pairs',
    ]
    expect(tables.map(rows)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0])
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

describe('a backup that is not what was written', () => {
  it('is refused by name, and the data folder stays empty', async () => {
    const one = await site(1)
    const { to, vault } = one
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    copyFileSync(keyFileOf(one), join(to, 'kept'))
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const keyFile = readFileSync(keyFileOf(one))
    const path = generationPath(to, vault.id, 2)
    const data = readFileSync(path)
    const folder = temporaryFolder()
    const attempt = (changes: Partial<RestoreOptions> = {}) => refusal(to, { folder, ...changes })
    for (let round = 0; round < 12; round++) {
      const at = bytesOf(`flip ${round}`, 4).readUInt32LE() % keyFile.length
      const flipped = Buffer.from(keyFile)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (round % 8))
      writeFileSync(keyFileOf(one), flipped)
      expect(await attempt()).toBe('backup.damaged')
    }
    for (const length of [0, 10, 100, keyFile.length - 1]) {
      writeFileSync(keyFileOf(one), keyFile.subarray(0, length))
      expect(await attempt()).toBe('backup.damaged')
    }
    writeFileSync(keyFileOf(one), keyFile)
    for (const at of [0, 30, 5000, data.length - 1]) {
      const flipped = Buffer.from(data)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      writeFileSync(path, flipped)
      expect(await attempt()).toBe('backup.damaged')
    }
    writeFileSync(path, data.subarray(0, data.length - 8192))
    expect(await attempt()).toBe('backup.damaged')
    // One generation under the name of another.
    copyFileSync(generationPath(to, vault.id, 1), path)
    expect(await attempt()).toBe('backup.damaged')
    rmSync(path)
    expect(await attempt()).toBe('backup.missing')
    writeFileSync(path, data)
    // The key file of before does not know the generation.
    renameSync(join(to, 'kept'), keyFileOf(one))
    expect(await attempt({ generation: 2 })).toBe('backup.mismatch')
    rmSync(keyFileOf(one))
    expect(await attempt()).toBe('backup.missing')
    expect(readdirSync(folder)).toEqual([])
    expect(vaultState(folder).state).toBe('missing')
  })

  it('of another vault under this name is refused, and a vault is never overwritten', async () => {
    const one = await site(1)
    const other = await newVault(temporaryFolder())
    const elsewhere = temporaryFolder()
    await one.vault.backups.backUp({ folder: one.to, audit: backUpEntry })
    await other.backups.backUp({ folder: elsewhere, audit: backUpEntry })
    expect(await refusal(one.to, { folder: one.folder })).toBe('vault.exists')
    copyFileSync(join(elsewhere, keyFileName(other.id)), keyFileOf(one))
    expect(await refusal(one.to)).toBe('backup.foreign')
    expect(await codeOf(() => one.vault.backups.backUp({ folder: one.to, audit: backUpEntry }))).toBe('backup.foreign')
    copyFileSync(join(elsewhere, keyFileName(other.id)), join(one.to, keyFileName(other.id)))
    expect(await refusal(one.to)).toBe('backup.mismatch')
    expect(await refusal(join(one.to, 'none'))).toBe('backup.unreachable')
  })

  it('a restore goes on after one that was cut off before its header was published', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const folder = temporaryFolder()
    writeFileSync(join(folder, `vault-${vault.id}.init.json`), 'half a hea')
    writeFileSync(pageCopyPath(folder, vault.id, 1), 'half a database')
    const { vault: back } = await restored(to, { folder })
    expectSubject(back, 1)
    back.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    // Cut off after the header was published and before its other name was removed.
    copyFileSync(join(folder, 'vault.json'), join(folder, `vault-${vault.id}.init.json`))
    ;(await reopened(folder)).close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
  })

  it('a restore that was cut off before the database had its name is carried out by opening', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const { vault: back, folder } = await restored(to)
    back.close()
    renameSync(join(folder, 'vault.db'), pageCopyPath(folder, vault.id, readHeader(folder).page?.generation ?? 0))
    expectSubject(await reopened(folder), 1)
  })

  it('a restore whose key cannot be kept leaves no vault, and can be tried again', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const folder = temporaryFolder()
    const bus = process.env.DBUS_SESSION_BUS_ADDRESS
    process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent'
    onTestFinished(() => {
      if (bus === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS
      else process.env.DBUS_SESSION_BUS_ADDRESS = bus
    })
    expect(await refusal(to, { folder, key: 'keychain' })).toBe('keychain.unavailable')
    expect(readdirSync(folder)).toEqual([])
    expectSubject((await restored(to, { folder })).vault, 1)
  })

  it('a doctored header of the key file is refused, also with a digest that fits', async () => {
    const one = await site(1)
    await one.vault.backups.backUp({ folder: one.to, audit: backUpEntry })
    const keyFile = readFileSync(keyFileOf(one))
    const at = keyFile.indexOf('"writtenAt":"20')
    keyFile.write('19', at + '"writtenAt":"'.length)
    createHash('sha256')
      .update(keyFile.subarray(0, -32))
      .digest()
      .copy(keyFile, keyFile.length - 32)
    expect(parseKeyFile(keyFile).writtenAt.startsWith('19')).toBe(true)
    writeFileSync(keyFileOf(one), keyFile)
    expect(await refusal(one.to)).toBe('backup.damaged')
  })
})

describe('a certificate of erasure', () => {
  const bodyOf = ({ body }: { body: string }) => JSON.parse(body)

  it('says nothing of backups where there are none, also later', async () => {
    const { to, vault } = await site(2)
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    expect(bodyOf(certificate).backupKeyFile).toBeNull()
    expect(await vault.erasures.follow(certificate)).toEqual(certificate)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    expect(vault.erasures.certificateOf(bodyOf(certificate).auditRecord.no).body).toBe(certificate.body)
  })

  it('is signed anew with the time at which the key file was replaced; both verify, the newer is kept', async () => {
    const { to, vault } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { certificate: first } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    expect(bodyOf(first).backupKeyFile).toEqual({ keyFiles: 1, replacedAt: null })
    const second = await vault.erasures.follow(first)
    const { replacedAt } = bodyOf(second).backupKeyFile
    expect(replacedAt).toBe(vault.backups.folders()[0]?.keyFile.refreshedAt)
    expect(Date.parse(replacedAt)).toBeGreaterThan(Date.parse(bodyOf(first).time))
    expect({ ...bodyOf(second), backupKeyFile: 0 }).toEqual({ ...bodyOf(first), backupKeyFile: 0 })
    for (const certificate of [first, second]) {
      expect(vault.erasures.verifyCertificate(JSON.stringify(certificate), 'R-1')).toMatchObject({
        ok: true,
        idMatches: true,
        auditRecord: 'found',
      })
    }
    const { salt: _, ...kept } = second
    expect(vault.erasures.certificateOf(bodyOf(first).auditRecord.no)).toEqual(kept)
    // Once it is said it stays said: later refreshes change nothing of it.
    await vault.backups.refresh(entry('vault.refreshKeyFile'))
    expect(vault.erasures.certificateOf(bodyOf(first).auditRecord.no)).toEqual(kept)
  })

  it('waits for every folder: idle time and the next backup try again', async () => {
    const { to, vault, folder } = await site(3)
    const second = temporaryFolder()
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    await vault.backups.backUp({ folder: second, audit: backUpEntry })
    renameSync(to, `${to}-away`)
    onTestFinished(() => rmSync(`${to}-away`, { recursive: true, force: true }))
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    const { no } = bodyOf(certificate).auditRecord
    const waiting = await vault.erasures.follow(certificate)
    expect(waiting).toEqual(certificate)
    expect(bodyOf(waiting).backupKeyFile).toEqual({ keyFiles: 2, replacedAt: null })
    vault.close()

    // Idle time tries at once after an opening, then says when it comes again.
    const again = await reopened(folder)
    expect(await again.backups.followPendingAgain()).toBeGreaterThan(0)
    expect(bodyOf(again.erasures.certificateOf(no)).backupKeyFile.replacedAt).toBeNull()
    renameSync(`${to}-away`, to)
    expect(await again.backups.followPendingAgain()).toBeGreaterThan(0)
    expect(again.backups.pending).toBe(true)
    again.close()
    const last = await reopened(folder)
    expect(await last.backups.followPendingAgain()).toBeUndefined()
    const { body } = last.erasures.certificateOf(no)
    expect(bodyOf({ body }).backupKeyFile).toMatchObject({ keyFiles: 2, replacedAt: expect.any(String) })
    expect(last.erasures.verifyCertificate(JSON.stringify(last.erasures.certificateOf(no)), undefined).ok).toBe(true)

    renameSync(to, `${to}-away`)
    const other = last.erasures.erase({ id: 'R-2', audit: eraseEntry }).certificate
    expect(await last.erasures.follow(other)).toEqual(other)
    renameSync(`${to}-away`, to)
    await last.backups.backUp({ folder: to, audit: backUpEntry })
    expect(bodyOf(last.erasures.certificateOf(bodyOf(other).auditRecord.no)).backupKeyFile.replacedAt).toEqual(expect.any(String))
    const { vault: back } = await restored(to)
    expect(back.subjects.all().map(({ id }) => id)).toEqual(['R-3'])
  })

  it('waits for each of the disks that take turns under one path', async () => {
    const { to, vault } = await site(3)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const swap = (away: string, here: string) => {
      renameSync(to, away)
      renameSync(here, to)
    }
    const other = temporaryFolder()
    onTestFinished(() => rmSync(`${to}-first`, { recursive: true, force: true }))
    swap(`${to}-first`, other)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    expect(vault.backups.folders()).toMatchObject([{ folder: to }, { folder: to }])
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    expect(bodyOf(await vault.erasures.follow(certificate)).backupKeyFile).toEqual({ keyFiles: 2, replacedAt: null })
    expect((await vault.backups.refresh(entry('vault.refreshKeyFile'))).map(({ problem }) => problem).sort()).toEqual([
      'backup.missing',
      null,
    ])
    // The first disk comes back, under another path.
    renameSync(`${to}-first`, other)
    await vault.backups.backUp({ folder: other, audit: backUpEntry })
    expect(
      vault.backups
        .folders()
        .map(({ folder }) => folder)
        .sort(),
    ).toEqual([other, to].sort())
    expect(bodyOf(vault.erasures.certificateOf(bodyOf(certificate).auditRecord.no)).backupKeyFile.replacedAt).toEqual(expect.any(String))
    for (const folder of [to, other]) expect((await restored(folder, { generation: 1 })).vault.subjects.get('R-1')).toBeUndefined()
  })

  it('is renewed in idle time, while nobody calls', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { to, vault } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    await vi.advanceTimersByTimeAsync(6_000)
    while (vault.backups.pending) await nextTurn()
    expect(bodyOf(vault.erasures.certificateOf(bodyOf(certificate).auditRecord.no)).backupKeyFile.replacedAt).toEqual(expect.any(String))
  })

  it('of a folder that is forgotten before it followed never says that it did', async () => {
    const { to, vault } = await site(2)
    const other = temporaryFolder()
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    await vault.backups.backUp({ folder: other, audit: backUpEntry })
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    vault.backups.forget(to, entry('backup.forget'))
    await vault.backups.refresh(entry('vault.refreshKeyFile'))
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    expect(vault.erasures.certificateOf(bodyOf(certificate).auditRecord.no).body).toBe(certificate.body)
  })

  it('that was altered in the vault is not made good by a new signature', async () => {
    const { to, vault, folder } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    vault.close()
    const raw = await rawDatabase(folder)
    raw.prepare(`UPDATE erasure_certificates SET body = replace(body, '"references":1', '"references":7')`).run()
    raw.close()
    const again = await reopened(folder)
    await again.backups.followPending()
    expect(again.backups.pending).toBe(false)
    const kept = again.erasures.certificateOf(bodyOf(certificate).auditRecord.no)
    expect(again.erasures.verifyCertificate(JSON.stringify(kept), undefined)).toMatchObject({ ok: false, signature: 'bad' })
  })

  it('in a restored vault does not wait for folders of which that knows nothing', async () => {
    const { to, vault } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    renameSync(to, `${to}-away`)
    onTestFinished(() => rmSync(`${to}-away`, { recursive: true, force: true }))
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    const elsewhere = temporaryFolder()
    await vault.backups.backUp({ folder: elsewhere, audit: backUpEntry })
    vault.close()
    const { vault: back } = await restored(elsewhere)
    await back.backups.backUp({ folder: elsewhere, audit: backUpEntry })
    expect(back.erasures.certificateOf(bodyOf(certificate).auditRecord.no).body).toBe(certificate.body)
  })
})

describe('erasing', () => {
  it('follows a folder whose first backup was cut off after its key file stood there', async () => {
    const one = await site(2)
    const { to, vault, folder } = one
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    // As a kill between the key file and what is noted of it leaves it.
    const raw = await rawDatabase(folder)
    raw.exec(`DELETE FROM backup_generations; UPDATE backup_lines SET erasure_no = -1, header_digest = '', refreshed_ms = 0`)
    raw.close()
    const again = await reopened(folder)
    expect(again.backups.folders()).toMatchObject([{ folder: to, keyFile: { refreshedAt: null, pending: true } }])
    const { certificate } = again.erasures.erase({ id: 'R-1', audit: eraseEntry })
    expect(JSON.parse((await again.erasures.follow(certificate)).body).backupKeyFile.replacedAt).toEqual(expect.any(String))
    expect((await restored(to)).vault.subjects.get('R-1')).toBeUndefined()
  })

  it('is not told to wait for a folder in which no backup came to be', async () => {
    const { to, vault } = await site(1)
    const abort = new AbortController()
    abort.abort(new Error('stopped'))
    const watch = { signal: abort.signal, onProgress: () => abort.abort() }
    for (let no = 2; no < 600; no++) enrol(vault, no)
    await expect(vault.backups.backUp({ folder: to, audit: backUpEntry, watch })).rejects.toThrow('stopped')
    expect(vault.backups.folders()).toEqual([])
    expect(readdirSync(to)).toEqual([])
  })

  it('reaches old generations when the key file is refreshed; a kept key file still opens them', async () => {
    const one = await site(3)
    const { to, vault } = one
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const kept = temporaryFolder()
    for (const name of readdirSync(to)) copyFileSync(join(to, name), join(kept, name))
    const secret = vault.subjects.auditIdOf('R-2') ?? ''
    vault.erasures.erase({ id: 'R-2', audit: eraseEntry })
    expect(vault.backups.pending).toBe(true)
    expect(await vault.backups.refresh(entry('vault.refreshKeyFile'), 'pending')).toMatchObject([{ folder: to, problem: null }])
    expect(vault.backups.pending).toBe(false)
    expect(await vault.backups.refresh(entry('vault.refreshKeyFile'), 'pending')).toEqual([])

    const { vault: back, report } = await restored(to)
    expect(report.verified).toMatchObject({ subjects: 2, erased: 1 })
    expect(back.subjects.get('R-2')).toBeUndefined()
    expect(back.subjects.auditIdOf('R-2')).toBeUndefined()
    expectSubject(back, 1)
    expectSubject(back, 3)
    expect(back.galleries.counts()).toMatchObject({ subjects: 2, references: 2 })
    expect(back.audit.verify()).toEqual({ ok: true, records: 5, firstBad: null })
    expect([...back.galleries.load(model, 10).batches].flatMap(({ referenceNos }) => [...referenceNos])).toEqual([1, 3])

    // Nothing stronger is claimed: the key file of before still opens the copy.
    expectSubject((await restored(kept)).vault, 2)
    const root = await passphraseProvider(passphrase).open(vault.id, readHeader(one.folder).key)
    const keys = (folder: string) =>
      openKeyFile(parseKeyFile(readFileSync(join(folder, keyFileName(vault.id)))), createSecretKey(root)).subjectKeys
    expect(keys(kept).includes(Buffer.from(secret.replaceAll('-', ''), 'hex'))).toBe(true)
    expect(keys(to).includes(Buffer.from(secret.replaceAll('-', ''), 'hex'))).toBe(false)
  })

  it('during a backup is in its key file', async () => {
    const { to, vault } = await site(3)
    const making = vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.erasures.erase({ id: 'R-2', audit: eraseEntry })
    await making
    expect(vault.backups.pending).toBe(false)
    const { vault: back } = await restored(to)
    expect(back.subjects.get('R-2')).toBeUndefined()
    expectSubject(back, 3)
  })

  it('waits for a folder that cannot be reached, and is told', async () => {
    const { to, vault, folder } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    renameSync(to, `${to}-away`)
    onTestFinished(() => rmSync(`${to}-away`, { recursive: true, force: true }))
    vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    const [report] = await vault.backups.refresh(entry('vault.refreshKeyFile'))
    expect(report).toEqual({ folder: to, refreshedAt: null, problem: 'backup.unreachable' })
    expect(vault.backups.folders()[0]?.keyFile.pending).toBe(true)
    vault.close()
    const again = await reopened(folder)
    expect(again.backups.pending).toBe(true)
    renameSync(`${to}-away`, to)
    await again.backups.backUp({ folder: to, audit: backUpEntry })
    expect(again.backups.pending).toBe(false)
    expect((await restored(to, { generation: 1 })).vault.subjects.get('R-1')).toBeUndefined()
  })

  it('a new recovery key waits for the key file, too; a folder can be forgotten', async () => {
    const { to, vault, recoveryKey } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const second = vault.recovery.reissue(entry('recovery.reissue'))
    expect(vault.backups.pending).toBe(true)
    await vault.backups.refresh(entry('vault.refreshKeyFile'))
    expect(await refusal(to, { recoveryKey })).toBe('recovery.wrong')
    expectSubject((await restored(to, { recoveryKey: second })).vault, 1)
    vault.backups.forget(to, entry('backup.forget'))
    expect(vault.backups.folders()).toEqual([])
    expect(await codeOf(() => vault.backups.forget(to, entry('backup.forget')))).toBe('backup.missing')
  })
})
