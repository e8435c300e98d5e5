/** What an erasure does to backups, and what its certificate says of them. */
import { createSecretKey } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Backups } from '../../src/vault/backup/backups.ts'
import { keyFileName, openKeyFile, parseKeyFile } from '../../src/vault/backup/keyFile.ts'
import { readHeader } from '../../src/vault/headerFile.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { stationWithoutProcesses } from '../support/stationWithoutProcesses.ts'
import { backUpEntry, enrol, entry, expectSubject, newPassphrase, refusal, restored, site } from './backupSite.ts'
import { codeOf, eraseEntry, model, passphrase, rawDatabase, reopened, temporaryFolder } from './fixtures.ts'

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

  it('of a restored vault names the backup that has the subject in it, of subjects of later nothing', async () => {
    const { to, vault } = await site(2)
    const { generation } = await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const { vault: back } = await restored(to)
    enrol(back, 3)
    const of = (id: string) => back.erasures.erase({ id, audit: eraseEntry }).certificate
    const known = of('R-1')
    expect(bodyOf(known)).toMatchObject({ backupKeyFile: null, restoredFrom: generation.createdAt })
    expect(back.erasures.verifyCertificate(JSON.stringify(known), 'R-1')).toMatchObject({ ok: true, idMatches: true })
    expect(bodyOf(of('R-3'))).not.toHaveProperty('restoredFrom')
    const { vault: again } = await restored(to)
    expectSubject(again, 1)
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

it('a recovery key that was issued anew voids the one before for backups too, before it is answered', async () => {
  const { to, vault, folder, recoveryKey } = await site(1)
  await vault.backups.backUp({ folder: to, audit: backUpEntry })
  vault.close()
  const station = stationWithoutProcesses({ dataFolder: folder, passphrase })
  onTestFinished(() => station.close())
  const answer = await station.run('recovery.reissue', {}, { role: 'administrator', door: 'command' })
  const newKey = answer.ok ? (answer.value as { recoveryKey: string }).recoveryKey : ''
  expect(await refusal(to, { recoveryKey, passphrase: newPassphrase })).toBe('recovery.wrong')
  const { vault: back } = await restored(to, { recoveryKey: newKey, passphrase: newPassphrase })
  expectSubject(back, 1)
})

it('a new recovery key is told although the key files of backups take without end', async () => {
  const { vault, folder, recoveryKey } = await site(1)
  vault.close()
  const following = vi.spyOn(Backups.prototype, 'followPending').mockImplementation(() => new Promise(() => undefined))
  onTestFinished(() => following.mockRestore())
  const station = stationWithoutProcesses({ dataFolder: folder, passphrase })
  onTestFinished(() => station.close())
  const answer = await station.run('recovery.reissue', {}, { role: 'administrator', door: 'command' })
  expect(answer).toMatchObject({ ok: true, value: { recoveryKey: expect.stringMatching(/^[0-9A-Z-]{69}$/) } })
  expect(answer).not.toMatchObject({ value: { recoveryKey } })
})
