/** A vault as the first schema had it: written by hand, because the code that wrote it has moved on. */
import { createHash, createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../src/vault/canonical.ts'
import { parseHeader } from '../../src/vault/header.ts'
import { deriveKeys, hkdf, macOf, takeKey } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { migrate, migrations } from '../../src/vault/migrations/migrate.ts'
import { Sealer } from '../../src/vault/seal.ts'
import { enrolEntry, newVault, passphrase, rawDatabase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const firstSchema = migrations.filter(({ number }) => number === 1)

/** Puts a database of the first schema with one subject in the place of a new vault's. */
async function vaultOfFirstSchema(folder: string): Promise<void> {
  ;(await newVault(folder)).close()
  const header = parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8'))
  const { vaultId } = header
  const rootKey = await passphraseProvider(passphrase).open(vaultId, header.key)
  const keys = deriveKeys(rootKey, vaultId)
  rmSync(join(folder, 'vault.db'))
  const database = new Database(join(folder, 'vault.db'))
  database.pragma(`cipher = 'chacha20'`)
  database.pragma('page_size = 8192')
  database.key(keys.page)
  migrate(database, firstSchema)
  const genesis = createHash('sha256').update(`vultus/1/audit/${vaultId}`).digest()
  database.prepare('INSERT INTO audit_head VALUES (1, 0, ?, ?)').run(genesis, macOf(keys.audit, `head/0/${genesis.toString('hex')}`))
  database.prepare('INSERT INTO vault VALUES (1, ?, ?, 0)').run(vaultId, header.kind)
  database.exec('UPDATE gallery SET subjects = 1')
  const sealer = new Sealer(randomBytes)
  const subjectKey = randomBytes(32)
  const auditId = '1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b'
  const wrapping = takeKey(hkdf(rootKey, vaultId, 'vultus/1/subject key wrapping/epoch 1'))
  const wrapped = sealer.seal(wrapping, ['subject_keys', 'wrapped', 1, auditId, 1], subjectKey)
  const identity = Buffer.from(canonicalJson({ id: 'R-1', name: 'Ada' }))
  const sealed = sealer.seal(createSecretKey(subjectKey), ['subjects', 'identity', 1, auditId], identity)
  database
    .prepare(`INSERT INTO subjects VALUES (1, ?, ?, 'enrolled', 0, 0, ?, ?, ?, ?)`)
    .run(auditId, macOf(keys.blindIndex, 'subject id/R-1'), sealed.algorithm, sealed.nonce, sealed.tag, sealed.sealed)
  database.prepare('INSERT INTO subject_keys VALUES (1, 1, ?, ?, ?, ?)').run(wrapped.algorithm, wrapped.nonce, wrapped.tag, wrapped.sealed)
  database.close()
}

it('is opened, upgraded and rotated away from the epoch that had no salt', async () => {
  const folder = temporaryFolder()
  await vaultOfFirstSchema(folder)
  const vault = await reopened(folder)
  expect(vault.subject('R-1')?.name).toBe('Ada')
  expect(vault.recovery.state()).toBe('none')
  vault.commitEnrolment({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
  let job = vault.rotation.begin({ deep: false, audit: { ...enrolEntry, event: 'vault.rotate' } })
  while (job.state === 'running') job = vault.rotation.step(job.id)
  expect(job).toMatchObject({ state: 'done', done: 1 })
  vault.close()
  const raw = await rawDatabase(folder)
  expect(raw.prepare('SELECT epoch, length(salt) AS bytes FROM epochs').all()).toEqual([{ epoch: 2, bytes: 32 }])
  raw.close()
  const again = await reopened(folder)
  expect(again.subject('R-1')).toMatchObject({ name: 'Ada', references: 1 })
  expect(again.verifyAudit().ok).toBe(true)
})
