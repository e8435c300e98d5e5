/**
 * Which tables hold anything of a subject, and by which numbers: what an erasure asks before it is committed. A later migration adds its
 * tables here or to those that hold nothing, with the reason; a test over the schema fails where it forgets to.
 */

/** Numbers of a table that tell whose its rows are. */
export interface SubjectData {
  readonly subjectNos?: readonly string[]
  readonly referenceNos?: readonly string[]
}

export const tablesOfSubjects: Readonly<Record<string, SubjectData>> = {
  subjects: { subjectNos: ['subject_no'] },
  subject_keys: { subjectNos: ['subject_no'] },
  subject_references: { subjectNos: ['subject_no'], referenceNos: ['reference_no', 'source_no'] },
  samples: { referenceNos: ['reference_no'] },
  prefixes: { subjectNos: ['subject_no'] },
  // The references of a pair are those of its subjects.
  duplicate_pairs: { subjectNos: ['first_subject', 'second_subject'] },
  subject_labels: { subjectNos: ['subject_no'] },
  subject_records: { subjectNos: ['subject_no'] },
  subject_restrictions: { subjectNos: ['subject_no'] },
  import_rows: { subjectNos: ['subject_no'] },
  import_candidates: { subjectNos: ['subject_no'] },
  draft_candidates: { subjectNos: ['subject_no'] },
}

/** Tables that hold nothing of a subject, or what has to stay when they are erased, and why. */
export const tablesWithoutSubjects: Readonly<Record<string, string>> = {
  vault: 'of the vault itself',
  epochs: 'of the vault itself',
  station_key: 'of the vault itself',
  operators: 'of staff',
  api_clients: 'of programs',
  sign_in_failures: 'of staff',
  policy: 'of the station',
  settings: 'of the station',
  form_policies: 'of the station',
  drafts: 'of people who are not enrolled; those about the id of a subject go with the subject by a keyed index of it',
  gallery: 'counts',
  gallery_segments: 'a manifest; the sealed segments in which a subject was are marked, and their files go',
  subject_ids:
    'an entry goes by its hash, since by its number every page would be looked at; opening and maintenance find what is left over',
  subject_id_tail: 'a number up to which ids are settled',
  prefix_backlog: 'two numbers up to which subjects are indexed',
  jobs: 'a position: the number up to which it has come',
  maintenance_reports: 'names what was wrong by numbers',
  audit: 'random ids, which stay: the chain tells that there was somebody and that they were erased',
  audit_head: 'of the chain',
  audit_checkpoints: 'of the chain',
  audit_witness: 'of the chain',
  erasures: 'random ids, so that key files of backups can follow',
  erasure_certificates: 'random ids, and the salted hash of the id, whose salt is not kept',
  backup_lines: 'where backups are',
  backup_generations: 'counts',
}
