/**
 * Whether the rows of the database belong together. Each page carries a tag of its own, so a page that was changed is found
 * when it is read; an older copy of a page is not, and shows only here: it disagrees with the others.
 */
import type Database from 'better-sqlite3'

/** What must not be there: each query counts it. */
const rules: readonly { readonly name: string; readonly count: string }[] = [
  {
    name: 'number of subjects',
    count: 'SELECT abs((SELECT count(*) FROM subjects) - (SELECT subjects FROM gallery WHERE only_row = 1))',
  },
  {
    name: 'number of active references',
    count: `SELECT abs((SELECT count(*) FROM subject_references WHERE active = 1)
      - (SELECT active_references FROM gallery WHERE only_row = 1))`,
  },
  {
    name: 'subjects without a key',
    count: 'SELECT count(*) FROM subjects s WHERE NOT EXISTS (SELECT 1 FROM subject_keys k WHERE k.subject_no = s.subject_no)',
  },
  {
    name: 'keys without a subject',
    count: 'SELECT count(*) FROM subject_keys k WHERE NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = k.subject_no)',
  },
  {
    name: 'subjects without a reference, or older than their references',
    count: `SELECT count(*) FROM subjects s
      WHERE s.version < coalesce((SELECT max(r.version) FROM subject_references r WHERE r.subject_no = s.subject_no), s.version + 1)`,
  },
  {
    name: 'references without a subject',
    count: 'SELECT count(*) FROM subject_references r WHERE NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = r.subject_no)',
  },
  {
    name: 'subjects with two active versions',
    count: `SELECT count(*) FROM
      (SELECT 1 FROM subject_references WHERE active = 1 GROUP BY subject_no HAVING min(version) <> max(version))`,
  },
  {
    name: 'samples without a reference',
    count: 'SELECT count(*) FROM samples p WHERE NOT EXISTS (SELECT 1 FROM subject_references r WHERE r.reference_no = p.reference_no)',
  },
  {
    name: 'records of the audit chain',
    count: 'SELECT abs((SELECT count(*) FROM audit) - (SELECT records FROM audit_head WHERE only_row = 1))',
  },
  {
    name: 'a sequence of the gallery before that of the audit chain',
    count: `SELECT count(*) FROM gallery WHERE sequence < coalesce((SELECT json_extract(body, '$.details.sequence') FROM audit
      WHERE body LIKE '%"sequence":%' ORDER BY record_no DESC LIMIT 1), 0)`,
  },
  {
    name: 'numbers that were given out twice',
    count: `SELECT count(*) FROM sqlite_sequence WHERE
      (name = 'subjects' AND seq < (SELECT max(subject_no) FROM subjects)) OR
      (name = 'subject_references' AND seq < (SELECT max(reference_no) FROM subject_references))`,
  },
]

/** For each rule its name where it does not hold; one at a time, so that others have their turn between them. */
export function* inconsistencies(database: Database.Database): Iterable<string | undefined> {
  for (const { name, count } of rules) yield brokenBy(database, count) ? name : undefined
}

function brokenBy(database: Database.Database, count: string): boolean {
  // A row that has to be there and is not makes the difference null.
  return database.prepare<[], number | null>(count).pluck().get() !== 0
}
