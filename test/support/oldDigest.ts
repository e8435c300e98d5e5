/** The digest over the rows as past schemas had it, written out once more: what vaults that are in use hold must not depend on the code. */
import { createHash, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { macOf } from '../../src/vault/keys/derive.ts'

/** First and last schema, the table, its key and the columns after it; each table is known by its place here. */
const tables: readonly (readonly [since: number, until: number, name: string, columns: string])[] = [
  [13, 23, 'vault', 'only_row vault_id kind created_ms seal_algorithm recovery_id recovery_groups recovery_confirmed_ms'],
  [13, 99, 'subjects', 'subject_no origin version identity_tag'],
  [13, 99, 'subject_references', 'reference_no version active superseded_ms tag source_no'],
  [13, 23, 'subject_keys', 'subject_no'],
  [13, 99, 'samples', 'reference_no tag'],
  [13, 99, 'gallery', 'only_row sequence subjects active_references'],
  [13, 99, 'gallery_segments', 'generation segment_index model format row_count byte_count dirty salt nonce tag'],
  [13, 99, 'operators', 'operator_no audit_id name_index role state secret_kind name_tag hash_tag changed_ms disabled_ms'],
  [13, 99, 'policy', 'only_row pin_allowed idle_lock_ms'],
  [13, 99, 'settings', 'name value'],
  [13, 99, 'sign_in_failures', 'name_index failures failed_ms blocked_until_ms'],
  [13, 99, 'audit_witness', 'only_row file'],
  [13, 99, 'erasure_certificates', 'record_no signature'],
  [17, 99, 'subject_labels', 'subject_no tag'],
  [19, 99, 'form_policies', 'form_version policy'],
  [19, 99, 'subject_records', 'record_no tag'],
  [19, 99, 'drafts', 'draft_no expires_ms tag'],
  [19, 99, 'draft_candidates', 'candidate_no draft_no subject_no score'],
  [21, 99, 'api_clients', 'client_no audit_id name_index permissions state key_digest name_tag revoked_ms'],
  [22, 99, 'subject_restrictions', 'restriction_no lifted_ms tag'],
  [
    24,
    99,
    'vault',
    'only_row vault_id kind created_ms seal_algorithm recovery_id recovery_groups recovery_confirmed_ms restored_from_ms restored_subject_no',
  ],
]

/** Since this schema rows are hashed so. */
const firstSchema = 13

/** Puts the digest of a past schema beside the head of the audit chain, where that schema had one. */
export function putOldDigest(database: Database.Database, rowsKey: KeyObject, schema: number): void {
  if (schema < firstSchema) return
  const prefix = macOf(rowsKey, 'row of text').toString('hex')
  const known = [...tables.entries()].filter(([, [since, until]]) => since <= schema && schema <= until)
  let sum = 0n
  for (const [place, [, , name, columns]] of known) {
    const names = columns.split(' ')
    const text = `format('${place}(${names.map(() => '%s').join(',')})', ${names.map((column) => `quote(${column})`).join(', ')})`
    for (const row of database.prepare<[], string>(`SELECT ${text} FROM ${name}`).pluck().all())
      sum += BigInt(`0x${createHash('sha256').update(`${prefix}${row}`).digest().reverse().toString('hex')}`)
  }
  const digest = Buffer.from((sum % 2n ** 256n).toString(16).padStart(64, '0'), 'hex').reverse()
  const names = known.map(([, [, , name]]) => `'${name}'`).join(', ')
  const sequences = database
    .prepare<[], string>(`SELECT coalesce(group_concat(name || ' ' || seq), '') FROM
      (SELECT name, seq FROM sqlite_sequence WHERE name IN (${names}) ORDER BY name)`)
    .pluck()
    .get()
  const head = database.prepare<[], { records: number; hash: Buffer }>('SELECT records, hash FROM audit_head').get()
  const mac = macOf(rowsKey, `head/${head?.records}/${head?.hash.toString('hex')}/${schema}/${digest.toString('hex')}/${sequences}`)
  database.prepare('UPDATE audit_head SET rows_schema = ?, rows_digest = ?, rows_mac = ?').run(schema, digest, mac)
}
