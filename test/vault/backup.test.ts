import { createHash, createSecretKey } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
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
  model,
  newVault,
  passphrase,
  referenceOf,
  reopened,
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
  vault.commitEnrolment({ id: `R-${no}`, name: `Name ${no}`, references: [referenceOf(`a${no}`)], audit: enrolEntry })
}

function expectSubject(vault: Vault, no: number): void {
  expect(vault.subject(`R-${no}`)).toMatchObject({ name: `Name ${no}`, references: 1 })
  expect(vault.referencesOf(`R-${no}`, model)?.[0]?.template).toEqual(templateOf(`a${no}`))
  expect(Buffer.compare(vault.samplePicture(`R-${no}`) ?? Buffer.alloc(0), bytesOf(`a${no} picture`, 5000))).toBe(0)
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
    expect(report.verified).toEqual({ subjects: 3, references: 3, sampled: 3, auditRecords: 4, auditOk: true, erased: 0 })
    expect(readdirSync(to).sort()).toEqual([`${vault.id}-1.vultus-backup`, `${vault.id}.vultus-keys`].sort())
    expect(readdirSync(folder).filter((name) => !name.startsWith('vault.'))).toEqual([])
    expect(vault.subject('R-4')).toBeDefined()
    expect(vault.backups.folders()).toMatchObject([{ folder: to, keyFile: { pending: false }, generations: [{ number: 1, subjects: 3 }] }])
    expect(vault.verifyAudit()).toEqual({ ok: true, records: 5, firstBad: null })
  })

  it('restores with the passphrase, and the audit chain goes on', async () => {
    const { to, vault } = await site()
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { sequence } = vault.counts()
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
    expect(back.verifyAudit()).toEqual({ ok: true, records: 4, firstBad: null })
    expect(back.counts()).toMatchObject({ subjects: 3, references: 3 })
    expect(back.counts().sequence).toBeGreaterThan(sequence)
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
    expect(older.vault.subject('R-3')).toBeUndefined()
    expectSubject((await restored(to)).vault, 3)
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
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    for (const clear of ['Name 1', 'R-1', 'subject_keys', 'SQLite format']) expect(filesWith(to, Buffer.from(clear))).toEqual([])
    const root = createSecretKey(await passphraseProvider(passphrase).open(vault.id, readHeader(folder).key))
    const { generations, subjectKeys } = openKeyFile(parseKeyFile(readFileSync(join(to, keyFileName(vault.id)))), root)
    expect(subjectKeys.length).toBe(subjectKeyRecordBytes)
    const pageKey = pageKeyOf(Buffer.from(generations[0]?.pageKey ?? '', 'base64'))
    const database = connect(generationPath(to, vault.id, 1), pageKey, { readonly: true })
    onTestFinished(() => void database.close())
    const rows = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
    expect(['subjects', 'subject_references', 'subject_keys', 'epochs', 'backup_folders'].map(rows)).toEqual([1, 1, 0, 0, 0])
    expect(vault.backups.folders().length).toBe(1)
    for (const name of readdirSync(to)) expect(statSync(join(to, name)).mode & 0o077).toBe(0)
  })

  it('is refused into a folder that is not there, or that holds the backups of another vault', async () => {
    const { to, vault } = await site(1)
    expect(await codeOf(() => vault.backups.backUp({ folder: join(to, 'none'), audit: backUpEntry }))).toBe('backup.unreachable')
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

  it('a restore that was cut off before the database had its name is carried out by opening', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const { vault: back, folder } = await restored(to)
    back.close()
    renameSync(join(folder, 'vault.db'), pageCopyPath(folder, vault.id, 1))
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

describe('erasing', () => {
  it('reaches old generations when the key file is refreshed; a kept key file still opens them', async () => {
    const one = await site(3)
    const { to, vault } = one
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const kept = temporaryFolder()
    for (const name of readdirSync(to)) copyFileSync(join(to, name), join(kept, name))
    const secret = vault.auditIdOf('R-2') ?? ''
    vault.eraseSubject({ id: 'R-2', audit: eraseEntry })
    expect(vault.backups.pending).toBe(true)
    expect(await vault.backups.refresh(entry('vault.refreshKeyFile'), 'pending')).toMatchObject([{ folder: to, problem: null }])
    expect(vault.backups.pending).toBe(false)
    expect(await vault.backups.refresh(entry('vault.refreshKeyFile'), 'pending')).toEqual([])

    const { vault: back, report } = await restored(to)
    expect(report.verified).toMatchObject({ subjects: 2, erased: 1 })
    expect(back.subject('R-2')).toBeUndefined()
    expect(back.auditIdOf('R-2')).toBeUndefined()
    expectSubject(back, 1)
    expectSubject(back, 3)
    expect(back.counts()).toMatchObject({ subjects: 2, references: 2 })
    expect(back.verifyAudit()).toEqual({ ok: true, records: 5, firstBad: null })
    expect([...back.gallery(model, 10).batches].flatMap(({ referenceNos }) => [...referenceNos])).toEqual([1, 3])

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
    vault.eraseSubject({ id: 'R-2', audit: eraseEntry })
    await making
    expect(vault.backups.pending).toBe(false)
    const { vault: back } = await restored(to)
    expect(back.subject('R-2')).toBeUndefined()
    expectSubject(back, 3)
  })

  it('waits for a folder that cannot be reached, and is told', async () => {
    const { to, vault, folder } = await site(2)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    renameSync(to, `${to}-away`)
    onTestFinished(() => rmSync(`${to}-away`, { recursive: true, force: true }))
    vault.eraseSubject({ id: 'R-1', audit: eraseEntry })
    const [report] = await vault.backups.refresh(entry('vault.refreshKeyFile'))
    expect(report).toEqual({ folder: to, refreshedAt: null, problem: 'backup.unreachable' })
    expect(vault.backups.folders()[0]?.keyFile.pending).toBe(true)
    vault.close()
    const again = await reopened(folder)
    expect(again.backups.pending).toBe(true)
    renameSync(`${to}-away`, to)
    await again.backups.backUp({ folder: to, audit: backUpEntry })
    expect(again.backups.pending).toBe(false)
    expect((await restored(to, { generation: 1 })).vault.subject('R-1')).toBeUndefined()
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
