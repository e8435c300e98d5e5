/**
 * Which rows are under the digest, and what of each. Of a sealed value its tag stands for all of it, and for what is
 * authenticated with it; what never changes in a row needs none. A later migration adds
 * its tables here or to those that are left out, with the reason.
 */

/** Name of a table, its primary key, and the columns that are digested after it. */
export interface DigestedTable {
  readonly name: string
  /** The schema since which it is digested: a database is checked as its own schema was, before it is brought up to date. */
  readonly since: number
  /** The last schema in which it was. */
  readonly until?: number
  /** One whole number, or for small tables whatever there is. */
  readonly key: string
  /** Whether the key is the row's number, so that rows can be looked at in slices. */
  readonly numbered: boolean
  readonly columns: readonly string[]
  /**
   * Whether each new row has a number above all that were there (AUTOINCREMENT): those of a transaction are read at its end, because a
   * thousand of them come at a time and a trigger would cost half of the insertion.
   */
  readonly ascending?: true
}

type Described = (schema: { since: number; until?: number }, name: string, key: string, columns: string) => DigestedTable

const numbered: Described = (schema, name, key, columns) => ({
  ...schema,
  name,
  key,
  numbered: true,
  columns: columns.split(' ').filter((column) => column !== ''),
})
const ascending: Described = (...described) => ({ ...numbered(...described), ascending: true })
const small: Described = (...described) => ({ ...numbered(...described), numbered: false })

/** Schemas whose migrations brought tables that are digested; before the first of them rows were hashed in another way. */
const asText = { since: 13 }
const asText23 = { since: 13, until: 23 }
const labels = { since: 17 }
const desk = { since: 19 }
const clients = { since: 21 }
const restrictions = { since: 22 }
const restores = { since: 24 }

/** Tables are known by their place in this list: it is only added to at its end. */
export const digestedTables: readonly DigestedTable[] = [
  numbered(asText23, 'vault', 'only_row', 'vault_id kind created_ms seal_algorithm recovery_id recovery_groups recovery_confirmed_ms'),
  ascending(asText, 'subjects', 'subject_no', 'origin version identity_tag'),
  ascending(asText, 'subject_references', 'reference_no', 'version active superseded_ms tag source_no'),
  numbered(asText23, 'subject_keys', 'subject_no', ''),
  numbered(asText, 'samples', 'reference_no', 'tag'),
  numbered(asText, 'gallery', 'only_row', 'sequence subjects active_references'),
  numbered(asText, 'gallery_segments', 'generation', 'segment_index model format row_count byte_count dirty salt nonce tag'),
  numbered(asText, 'operators', 'operator_no', 'audit_id name_index role state secret_kind name_tag hash_tag changed_ms disabled_ms'),
  numbered(asText, 'policy', 'only_row', 'pin_allowed idle_lock_ms'),
  small(asText, 'settings', 'name', 'value'),
  small(asText, 'sign_in_failures', 'name_index', 'failures failed_ms blocked_until_ms'),
  numbered(asText, 'audit_witness', 'only_row', 'file'),
  numbered(asText, 'erasure_certificates', 'record_no', 'signature'),
  numbered(labels, 'subject_labels', 'subject_no', 'tag'),
  numbered(desk, 'form_policies', 'form_version', 'policy'),
  numbered(desk, 'subject_records', 'record_no', 'tag'),
  numbered(desk, 'drafts', 'draft_no', 'expires_ms tag'),
  numbered(desk, 'draft_candidates', 'candidate_no', 'draft_no subject_no score'),
  numbered(clients, 'api_clients', 'client_no', 'audit_id name_index permissions state key_digest name_tag revoked_ms'),
  numbered(restrictions, 'subject_restrictions', 'restriction_no', 'lifted_ms tag'),
  numbered(
    restores,
    'vault',
    'only_row',
    'vault_id kind created_ms seal_algorithm recovery_id recovery_groups recovery_confirmed_ms restored_from_ms restored_subject_no',
  ),
]

/** The tables that are digested in a schema, each with its place in the list. */
export const digestedIn = (schema: number): [place: number, table: DigestedTable][] =>
  [...digestedTables.entries()].filter(([, { since, until = schema }]) => since <= schema && schema <= until)

/** Tables that need no digest, and why. */
export const undigestedTables: Readonly<Record<string, string>> = {
  subject_keys:
    'opening (up to 32 MiB) and maintenance compare them with the subjects, both ways; an older one opens nothing that is newer',
  epochs: 'an older one wraps no key of the newest',
  prefixes: 'they only narrow a search down, and the maintenance compares them with the sealed names, both ways',
  subject_ids: 'they only narrow a search down; opening (up to 32 MiB) and maintenance compare them with the subjects, both ways',
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
