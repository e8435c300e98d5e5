/**
 * Whether the rows of the database belong together. Each page carries a tag of its own, so a page that was changed is found
 * when it is read; an older copy of a page is not, and shows only here: it disagrees with the others. (That the audit chain
 * is whole its own check says.)
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { wrongIds } from './subjectIds.ts'

const rowsPerStep = 250

/** Rows in the order of a number: for each whether it is wrong. Asked with the number before and how many rows. */
interface RowRule {
  readonly name: string
  readonly rows: string
}

/** What must be 0, asked in one piece: few rows, or counted by an index. */
interface WholeRule {
  readonly name: string
  readonly count: string
}

/** Wrapped keys are in no digest: these stand for it. */
const keyRules: readonly RowRule[] = [
  {
    name: 'subjects without a key',
    rows: `SELECT subject_no AS at, NOT EXISTS (SELECT 1 FROM subject_keys k WHERE k.subject_no = s.subject_no) AS wrong
      FROM subjects s WHERE subject_no > ? ORDER BY subject_no LIMIT ?`,
  },
  {
    name: 'keys without a subject',
    rows: `SELECT DISTINCT subject_no AS at, NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = k.subject_no) AS wrong
      FROM subject_keys k WHERE subject_no > ? ORDER BY subject_no LIMIT ?`,
  },
]

const rowRules: readonly RowRule[] = [
  ...keyRules,
  {
    // Who was enrolled by exception has none.
    name: 'subjects without a reference, or older than their references',
    rows: `SELECT subject_no AS at, version < coalesce((SELECT max(r.version) FROM subject_references r
      WHERE r.subject_no = s.subject_no), (SELECT s.version FROM subject_records e WHERE e.subject_no = s.subject_no AND e.kind = 'exception'),
      version + 1) AS wrong FROM subjects s WHERE subject_no > ? ORDER BY subject_no LIMIT ?`,
  },
  {
    name: 'records without a subject',
    rows: `SELECT DISTINCT subject_no AS at, NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = e.subject_no) AS wrong
      FROM subject_records e WHERE subject_no > ? ORDER BY subject_no LIMIT ?`,
  },
  {
    name: 'restrictions without a subject, or of one in the gallery',
    rows: `SELECT restriction_no AS at, NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = x.subject_no)
      OR (lifted_ms IS NULL AND EXISTS (SELECT 1 FROM subject_references r WHERE r.subject_no = x.subject_no AND r.active = 1)) AS wrong
      FROM subject_restrictions x WHERE restriction_no > ? ORDER BY restriction_no LIMIT ?`,
  },
  {
    name: 'candidates without a draft or a subject',
    rows: `SELECT candidate_no AS at, NOT EXISTS (SELECT 1 FROM drafts d WHERE d.draft_no = c.draft_no)
      OR NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = c.subject_no) AS wrong
      FROM draft_candidates c WHERE candidate_no > ? ORDER BY candidate_no LIMIT ?`,
  },
  {
    name: 'references without a subject',
    rows: `SELECT DISTINCT subject_no AS at, NOT EXISTS (SELECT 1 FROM subjects s WHERE s.subject_no = r.subject_no) AS wrong
      FROM subject_references r WHERE subject_no > ? ORDER BY subject_no LIMIT ?`,
  },
  {
    name: 'subjects with two active versions',
    rows: `SELECT subject_no AS at, min(version) <> max(version) AS wrong FROM subject_references
      WHERE active = 1 AND subject_no > ? GROUP BY subject_no ORDER BY subject_no LIMIT ?`,
  },
  {
    name: 'samples without a reference',
    rows: `SELECT reference_no AS at, NOT EXISTS (SELECT 1 FROM subject_references r WHERE r.reference_no = p.reference_no) AS wrong
      FROM samples p WHERE reference_no > ? ORDER BY reference_no LIMIT ?`,
  },
]

const wholeRules: readonly WholeRule[] = [
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
    name: 'numbers that were given out twice',
    count: `SELECT count(*) FROM sqlite_sequence WHERE
      (name = 'subjects' AND seq < (SELECT max(subject_no) FROM subjects)) OR
      (name = 'subject_references' AND seq < (SELECT max(reference_no) FROM subject_references))`,
  },
]

/** A rule that was looked at to its end. */
export interface Looked {
  /** Its name, where it does not hold. */
  readonly broken: string | undefined
}

/** For each rule whether it holds, in steps: undefined in the middle of one. */
export function* inconsistencies(database: Database.Database): Generator<Looked | undefined, void> {
  for (const { name, count } of wholeRules) {
    // A row that has to be there and is not makes the difference null.
    const broken = database.prepare<[], number | null>(count).pluck().get() !== 0
    yield { broken: broken ? name : undefined }
  }
  for (const { name, rows } of rowRules) yield* rowRule(database, name, rows)
  yield { broken: yield* wrongIds(database) }
  yield* sequenceRule(database)
}

/** @throws vault.damaged where a subject has no key, or a key no subject: an older page of keys was put back */
export function assertKeys(database: Database.Database): void {
  for (const { name, rows } of keyRules)
    for (const look of rowRule(database, name, rows)) if (look?.broken !== undefined) throw new VultusError('vault.damaged', look.broken)
}

function* rowRule(database: Database.Database, name: string, rows: string): Generator<Looked | undefined, void> {
  const statement = database.prepare<[number, number], { at: number; wrong: number }>(rows)
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const step = statement.all(after, rowsPerStep)
    if (step.some(({ wrong }) => wrong !== 0)) return yield { broken: name }
    after = step.at(-1)?.at ?? after
    if (step.length < rowsPerStep) return yield { broken: undefined }
    yield undefined
  }
}

/** The newest record of a change tells a sequence of the gallery; the gallery's own is that one or a later one. */
function* sequenceRule(database: Database.Database): Generator<Looked | undefined, void> {
  const statement = database.prepare<[number, number], { at: number; sequence: number | null }>(
    `SELECT record_no AS at, iif(body LIKE '%"sequence":%', json_extract(body, '$.details.sequence'), NULL) AS sequence
      FROM audit WHERE record_no < ? ORDER BY record_no DESC LIMIT ?`,
  )
  const gallery = database.prepare<[], number>('SELECT sequence FROM gallery WHERE only_row = 1').pluck()
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const step = statement.all(before, rowsPerStep)
    const recorded = step.find(({ sequence }) => sequence !== null)?.sequence ?? undefined
    before = step.at(-1)?.at ?? before
    if (recorded !== undefined || step.length < rowsPerStep) {
      const broken = (gallery.get() ?? -1) < (recorded ?? 0)
      return yield { broken: broken ? 'a sequence of the gallery before that of the audit chain' : undefined }
    }
    yield undefined
  }
}
