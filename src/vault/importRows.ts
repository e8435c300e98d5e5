/** The rows of bulk imports in the database: what became of each, and whom it looks like. The caller is in a transaction. */

import type Database from 'better-sqlite3'
import { ImportOutcome } from '../contract/bulkImport.ts'
import { isErrorCode } from '../contract/errors.ts'
import type { ImportedRow, RowCandidate, RowProblem } from '../contract/importRecords.ts'
import { unrestricted } from './restrictions.ts'
import type { Subjects } from './subjects.ts'

interface StoredRow {
  readonly row_no: number
  readonly outcome: string
  readonly code: string | null
  readonly detail: string | null
  readonly mark: string | null
  readonly subject_no: number | null
}

interface StoredCandidate {
  readonly subject_no: number
  readonly model: string
  readonly score: number
}

export interface NewRow {
  readonly row: number
  readonly outcome: ImportOutcome
  readonly mark: string
  readonly problem?: RowProblem | undefined
  readonly subjectNo?: number | undefined
}

export class ImportRows {
  readonly #subjects: Subjects
  readonly #add: Database.Statement<[number, number, string, string | null, string | null, string, number | null]>
  readonly #settle: Database.Statement<[string, number | null, number, number]>
  readonly #byNo: Database.Statement<[number, number], StoredRow>
  readonly #page: Database.Statement<[number, string, number, number], StoredRow>
  readonly #counts: Database.Statement<[number], { outcome: string; count: number }>
  readonly #reasons: Database.Statement<[number], { code: string; count: number }>
  readonly #enrolledBy: Database.Statement<[number, number], number>
  readonly #addCandidate: Database.Statement<[number, number, number, string, number]>
  readonly #candidates: Database.Statement<[number, number], StoredCandidate>
  readonly #dropCandidates: Database.Statement<[number, number]>

  constructor(database: Database.Database, subjects: Subjects) {
    const columns = 'row_no, outcome, code, detail, mark, subject_no'
    this.#subjects = subjects
    this.#add = database.prepare(
      'INSERT INTO import_rows (job_no, row_no, outcome, code, detail, mark, subject_no) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#settle = database.prepare('UPDATE import_rows SET outcome = ?, subject_no = ? WHERE job_no = ? AND row_no = ?')
    this.#byNo = database.prepare(`SELECT ${columns} FROM import_rows WHERE job_no = ? AND row_no = ?`)
    this.#page = database.prepare(
      `SELECT ${columns} FROM import_rows WHERE job_no = ? AND outcome = ? AND row_no > ? ORDER BY row_no LIMIT ?`,
    )
    this.#counts = database.prepare('SELECT outcome, count(*) AS count FROM import_rows WHERE job_no = ? GROUP BY outcome')
    this.#reasons = database.prepare(
      "SELECT code, count(*) AS count FROM import_rows WHERE job_no = ? AND outcome = 'refused' AND code IS NOT NULL GROUP BY code ORDER BY count(*) DESC",
    )
    this.#enrolledBy = database
      .prepare<[number, number], number>("SELECT 1 FROM import_rows WHERE subject_no = ? AND job_no = ? AND outcome = 'enrolled'")
      .pluck()
    this.#addCandidate = database.prepare('INSERT INTO import_candidates (job_no, row_no, subject_no, model, score) VALUES (?, ?, ?, ?, ?)')
    // Whose processing was restricted since is named to nobody; once that is lifted, they are there again.
    this.#candidates = database.prepare(`SELECT subject_no, model, score FROM import_candidates c
      WHERE job_no = ? AND row_no = ? AND ${unrestricted('c')} ORDER BY score DESC, subject_no`)
    this.#dropCandidates = database.prepare('DELETE FROM import_candidates WHERE job_no = ? AND row_no = ?')
  }

  add(jobNo: number, { row, outcome, mark, problem, subjectNo }: NewRow): void {
    this.#add.run(jobNo, row, outcome, problem?.code ?? null, problem?.detail ?? null, mark, subjectNo ?? null)
  }

  /** What a row that waited has become; its candidates go. */
  settle(jobNo: number, row: number, outcome: ImportOutcome, subjectNo: number | null): void {
    this.#settle.run(outcome, subjectNo, jobNo, row)
    this.#dropCandidates.run(jobNo, row)
  }

  /** Subjects that are there no more are left out. */
  setCandidates(jobNo: number, row: number, candidates: readonly RowCandidate[]): void {
    this.#dropCandidates.run(jobNo, row)
    for (const { id, comparisonScore, model } of candidates) {
      const subject = this.#subjects.find(id)
      if (subject !== undefined) this.#addCandidate.run(jobNo, row, subject.subject_no, model, comparisonScore)
    }
  }

  /** Whether a row of this job enrolled the subject. */
  enrolled(jobNo: number, subjectNo: number): boolean {
    return this.#enrolledBy.get(subjectNo, jobNo) !== undefined
  }

  find(jobNo: number, row: number): ImportedRow | undefined {
    const stored = this.#byNo.get(jobNo, row)
    return stored === undefined ? undefined : this.#rowOf(jobNo, stored)
  }

  /** The next rows with one of the outcomes, in the order of their numbers. */
  page(jobNo: number, outcomes: readonly ImportOutcome[], after: number, limit: number): ImportedRow[] {
    const stored = outcomes.flatMap((outcome) => this.#page.all(jobNo, outcome, after, limit))
    return stored
      .sort((left, right) => left.row_no - right.row_no)
      .slice(0, limit)
      .map((row) => this.#rowOf(jobNo, row))
  }

  counts(jobNo: number): Record<ImportOutcome, number> {
    const counts = Object.fromEntries(ImportOutcome.options.map((outcome) => [outcome, 0])) as Record<ImportOutcome, number>
    for (const { outcome, count } of this.#counts.all(jobNo)) counts[ImportOutcome.parse(outcome)] = count
    return counts
  }

  /** How many rows were refused, by code, the most frequent first. */
  reasons(jobNo: number): Record<string, number> {
    return Object.fromEntries(this.#reasons.all(jobNo).map(({ code, count }) => [code, count]))
  }

  #rowOf(jobNo: number, stored: StoredRow): ImportedRow {
    const candidates = this.#candidates.all(jobNo, stored.row_no).flatMap(({ subject_no, model, score }) => {
      const id = this.#idOf(subject_no)
      return id === null ? [] : [{ id, model, comparisonScore: score }]
    })
    return {
      row: stored.row_no,
      mark: stored.mark,
      outcome: ImportOutcome.parse(stored.outcome),
      code: stored.code !== null && isErrorCode(stored.code) ? stored.code : null,
      detail: stored.detail,
      subject: stored.subject_no === null ? null : this.#idOf(stored.subject_no),
      candidates,
    }
  }

  #idOf(subjectNo: number): string | null {
    const row = this.#subjects.byNo(subjectNo)
    return row === undefined ? null : this.#subjects.identityOf(row).id
  }
}
