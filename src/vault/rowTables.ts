/**
 * Which rows are under the digest, and what of each. Of a sealed value its tag stands for all of it, and for what is
 * authenticated with it; what never changes in a row needs none. A later migration adds
 * its tables here or to those that are left out, with the reason.
 */

/** Name of a table, its primary key, and the columns that are digested after it. */
export interface DigestedTable {
  readonly name: string
  /** One whole number, or for small tables whatever there is. */
  readonly key: string
  /** Whether the key is the row's number, so that rows can be looked at in slices. */
  readonly numbered: boolean
  readonly columns: readonly string[]
  /** Whether rows come by the thousand: the values of a new row are noted as they are, and made into text all together. */
  readonly comesInBatches?: true
}

const numbered = (name: string, key: string, columns: string): DigestedTable => ({
  name,
  key,
  numbered: true,
  columns: columns.split(' ').filter((column) => column !== ''),
})
const inBatches = (name: string, key: string, columns: string): DigestedTable => ({
  ...numbered(name, key, columns),
  comesInBatches: true,
})
const small = (name: string, key: string, columns: string): DigestedTable => ({ ...numbered(name, key, columns), numbered: false })

/** Tables are known by their place in this list: it is only added to at its end. */
export const digestedTables: readonly DigestedTable[] = [
  numbered('vault', 'only_row', 'vault_id kind created_ms seal_algorithm recovery_id recovery_groups recovery_confirmed_ms'),
  inBatches('subjects', 'subject_no', 'origin version identity_tag'),
  inBatches('subject_references', 'reference_no', 'version active superseded_ms tag source_no'),
  // That there is one: an older wrapped key opens nothing that is newer, and nothing of an epoch that is gone.
  inBatches('subject_keys', 'subject_no', ''),
  inBatches('samples', 'reference_no', 'tag'),
  numbered('gallery', 'only_row', 'sequence subjects active_references'),
  numbered('gallery_segments', 'generation', 'segment_index model format row_count byte_count dirty salt nonce tag'),
  numbered('operators', 'operator_no', 'audit_id name_index role state secret_kind name_tag hash_tag changed_ms disabled_ms'),
  numbered('policy', 'only_row', 'pin_allowed idle_lock_ms'),
  small('settings', 'name', 'value'),
  small('sign_in_failures', 'name_index', 'failures failed_ms blocked_until_ms'),
  numbered('audit_witness', 'only_row', 'file'),
  numbered('erasure_certificates', 'record_no', 'signature'),
  numbered('subject_labels', 'subject_no', 'tag'),
  numbered('form_policies', 'form_version', 'policy'),
  numbered('subject_records', 'record_no', 'tag'),
  numbered('drafts', 'draft_no', 'expires_ms tag'),
  numbered('draft_candidates', 'candidate_no', 'draft_no subject_no score'),
  numbered('api_clients', 'client_no', 'audit_id name_index permissions state key_digest name_tag revoked_ms'),
  numbered('subject_restrictions', 'restriction_no', 'lifted_ms tag'),
]

/** Tables that need no digest, and why. */
export const undigestedTables: Readonly<Record<string, string>> = {
  epochs: 'an older one wraps no key of the newest',
  prefixes: 'they only narrow a search down, and the maintenance compares them with the sealed names, both ways',
  subject_ids: 'they only narrow a search down; opening and maintenance compare them with the subjects, both ways',
  subject_id_tail: 'of an older one more subjects are looked up in memory',
  prefix_backlog: 'an older one indexes again what is indexed',
  audit: 'the chain looks after itself',
  audit_head: 'it holds the digest',
  audit_checkpoints: 'they are signed, and none may be missing between two',
  station_key: 'it is made once',
  jobs: 'an older job does again what is done',
  maintenance_reports: 'the next one is newer',
  backup_lines: 'an older row refreshes its key file once more',
  backup_generations: 'the key file in the folder counts',
  duplicate_pairs: 'it only proposes pairs, which a new comparison finds again',
  import_rows: 'an older row is done or decided again, which finds the subject that is there',
  import_candidates: 'they only propose subjects, whom a decision searches for again',
  erasures: 'a key file that follows an older one is refreshed once more',
}
