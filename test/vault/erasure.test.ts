/** Erasure: nothing is left, and what was done is certified. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCertificate, publicKeyIn } from '../../src/vault/certificate.ts'
import { codeOf, decrypted, enrolEntry, eraseEntry, newVault, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

/** Every byte string that stands in the rows of a subject. */
async function blobsOf(folder: string, auditId: string): Promise<Buffer[]> {
  const raw = await rawDatabase(folder)
  const no = raw.prepare<[string], number>('SELECT subject_no FROM subjects WHERE audit_id = ?').pluck().get(auditId)
  const blobs = [
    'SELECT wrapped FROM subject_keys WHERE subject_no = ?',
    'SELECT identity_sealed FROM subjects WHERE subject_no = ?',
    'SELECT id_index FROM subjects WHERE subject_no = ?',
    'SELECT sealed FROM subject_references WHERE subject_no = ?',
    'SELECT p.sealed FROM samples p JOIN subject_references r USING (reference_no) WHERE r.subject_no = ?',
  ].flatMap((query) => raw.prepare<[unknown], Buffer>(query).pluck().all(no))
  raw.close()
  return blobs
}

const found = (file: Buffer, blobs: readonly Buffer[]) => blobs.filter((blob) => file.includes(blob.subarray(0, 24))).length

describe('erasure', () => {
  it('leaves no byte of keys, identity, references and samples in the database file, and an empty log', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (const name of ['a', 'b', 'c']) {
      vault.enrolments.commit({ id: `R-${name}`, name: 'Ada', references: [referenceOf(name), referenceOf(`${name}2`)], audit: enrolEntry })
    }
    vault.enrolments.commit({ id: 'R-b', references: [referenceOf('b3')], audit: enrolEntry })
    const auditId = vault.subjects.auditIdOf('R-b')!
    vault.close()
    const blobs = await blobsOf(folder, auditId)
    expect(blobs.length).toBe(1 + 1 + 1 + 3 + 3)
    expect(found(await decrypted(folder), blobs)).toBe(blobs.length)

    const again = await reopened(folder)
    const { logEmptied } = again.erasures.erase({ id: 'R-b', audit: eraseEntry })
    expect(logEmptied).toBe(true)
    expect(statSync(join(folder, 'vault.db-wal')).size).toBe(0)
    again.close()
    expect(found(await decrypted(folder), blobs)).toBe(0)
    expect((await decrypted(folder)).includes(auditId)).toBe(true)
  })

  it('is certified: counts, epochs, who, and the audit record; no name and no id', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'CASE-77', name: 'Ada Lovelace', references: [referenceOf('a'), referenceOf('b')], audit: enrolEntry })
    vault.enrolments.commit({ id: 'CASE-77', references: [referenceOf('c', { sample: null })], audit: enrolEntry })
    const subject = vault.subjects.auditIdOf('CASE-77')
    const { certificate } = vault.erasures.erase({ id: 'CASE-77', audit: eraseEntry })
    const text = JSON.stringify(certificate)
    const report = vault.erasures.verifyCertificate(text, 'CASE-77')
    expect(report).toMatchObject({ ok: true, signature: 'good', auditRecord: 'found', idMatches: true })
    expect(report.certificate).toMatchObject({
      vaultId: vault.id,
      subject,
      destroyed: { references: 3, samples: 2, versions: 2, keyEpochs: [1] },
      by: { role: 'supervisor', door: 'ipc', operator: null },
      auditRecord: { no: 3 },
      backupKeyFile: null,
      stationKey: vault.audit.stationKey.fingerprint,
    })
    expect(text).not.toMatch(/CASE-77|Ada/)
    expect((await vault.audit.page({ limit: 1 })).records[0]).toMatchObject({
      subject,
      details: { references: 3, samples: 2, versions: 2 },
    })
    const { salt: _, ...kept } = certificate
    expect(vault.erasures.certificateOf(3)).toEqual(kept)
    expect(vault.erasures.verifyCertificate(JSON.stringify(kept), undefined)).toMatchObject({ ok: true, idMatches: null })
    expect(await codeOf(() => vault.erasures.verifyCertificate(JSON.stringify(kept), 'CASE-77'))).toBe('request.invalid')
    expect(await codeOf(() => vault.erasures.certificateOf(2))).toBe('certificate.unknown')
    vault.close()
    // The copy in the vault is the signed text without the salt.
    const raw = await rawDatabase(folder)
    const stored = raw.prepare<[], { record_no: number; body: string }>('SELECT record_no, body FROM erasure_certificates').all()
    expect(stored).toEqual([{ record_no: 3, body: certificate.body }])
    raw.close()
    expect((await decrypted(folder)).includes(Buffer.from(certificate.salt, 'base64'))).toBe(false)
  })

  it('has a certificate that does not stand any change, another id, another vault or another key', async () => {
    const vault = await newVault(temporaryFolder())
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    const { certificate } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
    const check = (changes: object, id?: string) => vault.erasures.verifyCertificate(JSON.stringify({ ...certificate, ...changes }), id)
    expect(check({}).ok).toBe(true)
    expect(check({}, 'R-2')).toMatchObject({ ok: false, signature: 'good', idMatches: false })
    expect(check({ salt: Buffer.alloc(32).toString('base64') }, 'R-1')).toMatchObject({ ok: false, idMatches: false })
    expect(check({ body: certificate.body.replace('"references":1', '"references":2') })).toMatchObject({ ok: false, signature: 'bad' })
    expect(check({ signature: Buffer.alloc(64).toString('base64') })).toMatchObject({ ok: false, signature: 'bad' })
    for (const changes of [{ body: '{}' }, { body: ` ${certificate.body}` }, { more: 1 }, { salt: 7 }]) {
      expect(await codeOf(() => check(changes))).toBe('certificate.invalid')
    }
    const other = await newVault(temporaryFolder())
    expect(other.erasures.verifyCertificate(JSON.stringify(certificate), undefined)).toMatchObject({
      ok: false,
      signature: 'bad',
      auditRecord: 'missing',
    })
    const publicKey = publicKeyIn(`public key   ${vault.audit.stationKey.publicKey}\n`)
    expect(checkCertificate(JSON.stringify(certificate), { publicKey, id: 'R-1' })).toMatchObject({ ok: true, auditRecord: null })
    expect(checkCertificate(JSON.stringify(certificate), { publicKey: publicKeyIn(other.audit.stationKey.publicKey) }).ok).toBe(false)
    expect(await codeOf(() => publicKeyIn('no key'))).toBe('request.invalid')
  })

  it('is not committed while any table still knows the subject', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec('CREATE TABLE later (reference_no INTEGER) STRICT; INSERT INTO later VALUES (1)')
    raw.close()
    const again = await reopened(folder)
    expect(() => again.erasures.erase({ id: 'R-1', audit: eraseEntry })).toThrow('left rows in later')
    expect(again.subjects.get('R-1')).toMatchObject({ references: 1 })
    expect(again.audit.verify()).toEqual({ ok: true, records: 1, firstBad: null })
  })
})
