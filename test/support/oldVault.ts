/** Vaults as older versions left them: the first schema's rows are written by hand, because the code that wrote them has moved on. */
import { createHash, createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { canonicalJson } from '../../src/vault/canonical.ts'
import { parseHeader } from '../../src/vault/header.ts'
import { deriveKeys, hkdf, macOf, takeKey } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { migrate, migrations } from '../../src/vault/migrations/migrate.ts'
import { initVault } from '../../src/vault/open.ts'
import { Sealer } from '../../src/vault/seal.ts'
import { putOldDigest } from './oldDigest.ts'

export interface OldSubject {
  readonly id: string
  readonly name: string
  readonly model: string
  readonly references: readonly { readonly template: Float32Array; readonly sample: Uint8Array | null }[]
}

function payloadOf(template: Float32Array): Buffer {
  const details = Buffer.from(JSON.stringify({ quality: null }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(details.length)
  return Buffer.concat([length, details, new Uint8Array(template.buffer, template.byteOffset, template.byteLength)])
}

/**
 * Puts a database of a past schema in the place of a new vault's.
 * @param schema number of the last migration that it had
 */
export async function vaultOfSchema(folder: string, passphrase: string, schema: number, subjects: readonly OldSubject[]): Promise<void> {
  ;(await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: Date.now })).close()
  const header = parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8'))
  const { vaultId } = header
  const rootKey = await passphraseProvider(passphrase).open(vaultId, header.key)
  const keys = deriveKeys(rootKey, vaultId)
  rmSync(join(folder, 'vault.db'))
  const database = new Database(join(folder, 'vault.db'))
  database.pragma(`cipher = 'chacha20'`)
  database.pragma('page_size = 8192')
  database.key(keys.page)
  migrate(
    database,
    migrations.filter(({ number }) => number === 1),
  )
  const genesis = createHash('sha256').update(`vultus/1/audit/${vaultId}`).digest()
  database.prepare('INSERT INTO audit_head VALUES (1, 0, ?, ?)').run(genesis, macOf(keys.audit, `head/0/${genesis.toString('hex')}`))
  database.prepare('INSERT INTO vault VALUES (1, ?, ?, 0)').run(vaultId, header.kind)
  const references = subjects.reduce((sum, subject) => sum + subject.references.length, 0)
  database.prepare('UPDATE gallery SET subjects = ?, active_references = ?').run(subjects.length, references)
  const wrapping = takeKey(hkdf(rootKey, vaultId, 'vultus/1/subject key wrapping/epoch 1'))
  const blindIndex = (id: string) => macOf(keys.blindIndex, `subject id/${id}`)
  const rows = new FirstRows(database, wrapping, blindIndex)
  database.transaction(() => {
    for (const [at, subject] of subjects.entries()) rows.add(at + 1, subject)
  })()
  migrate(
    database,
    migrations.filter(({ number }) => number <= schema),
  )
  putOldDigest(database, keys.rows, schema)
  database.close()
}

/** Rows as the first schema's code wrote them. */
class FirstRows {
  readonly #database: Database.Database
  readonly #wrapping: Parameters<Sealer['seal']>[0]
  readonly #indexOf: (id: string) => Buffer
  readonly #sealer = new Sealer(randomBytes)
  #referenceNo = 0

  constructor(database: Database.Database, wrapping: Parameters<Sealer['seal']>[0], indexOf: (id: string) => Buffer) {
    this.#database = database
    this.#wrapping = wrapping
    this.#indexOf = indexOf
  }

  add(no: number, { id, name, model, references }: OldSubject): void {
    const bytes = randomBytes(32)
    const key = createSecretKey(bytes)
    const auditId = `1b4e28ba-2fa1-4d3b-a3f5-${String(no).padStart(12, '0')}`
    const wrapped = this.#sealer.seal(this.#wrapping, ['subject_keys', 'wrapped', no, auditId, 1], bytes)
    const identity = this.#sealer.seal(key, ['subjects', 'identity', no, auditId], Buffer.from(canonicalJson({ id, name })))
    this.#database
      .prepare(`INSERT INTO subjects VALUES (?, ?, ?, 'enrolled', 1, 0, ?, ?, ?, ?)`)
      .run(no, auditId, this.#indexOf(id), identity.algorithm, identity.nonce, identity.tag, identity.sealed)
    this.#database
      .prepare('INSERT INTO subject_keys VALUES (?, 1, ?, ?, ?, ?)')
      .run(no, wrapped.algorithm, wrapped.nonce, wrapped.tag, wrapped.sealed)
    for (const { template, sample } of references) {
      const referenceNo = ++this.#referenceNo
      const place = ['subject_references', 'sealed', referenceNo, no, model, 1, 'file', 'notAssessed', 0] as const
      const sealed = this.#sealer.seal(key, place, payloadOf(template))
      this.#database
        .prepare(`INSERT INTO subject_references VALUES (?, ?, 1, 1, ?, 'file', 'notAssessed', 0, ?, ?, ?, ?)`)
        .run(referenceNo, no, model, sealed.algorithm, sealed.nonce, sealed.tag, sealed.sealed)
      if (sample === null) continue
      const picture = this.#sealer.seal(key, ['samples', 'sealed', referenceNo, no, model, 1], sample)
      this.#database
        .prepare('INSERT INTO samples VALUES (?, ?, ?, ?, ?)')
        .run(referenceNo, picture.algorithm, picture.nonce, picture.tag, picture.sealed)
    }
  }
}
