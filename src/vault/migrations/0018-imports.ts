import type Database from 'better-sqlite3'

/**
 * What became of the rows of bulk imports, by their numbers: names, numbers and pictures stay in the list or folder. Whatever links a
 * row to a subject goes with the subject, and all of it with its job.
 */
export function createImports(database: Database.Database): void {
  database.exec(`
    CREATE TABLE import_rows (
      job_no INTEGER NOT NULL,
      row_no INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('enrolled', 'added', 'skipped', 'suspected', 'dismissed', 'refused')),
      code TEXT,
      detail TEXT,
      mark TEXT,
      subject_no INTEGER,
      PRIMARY KEY (job_no, row_no)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_rows_by_outcome ON import_rows (job_no, outcome, row_no);
    CREATE INDEX import_rows_of_subject ON import_rows (subject_no) WHERE subject_no IS NOT NULL;

    CREATE TABLE import_candidates (
      job_no INTEGER NOT NULL,
      row_no INTEGER NOT NULL,
      subject_no INTEGER NOT NULL,
      model TEXT NOT NULL,
      score REAL NOT NULL,
      PRIMARY KEY (job_no, row_no, subject_no)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_candidates_of_subject ON import_candidates (subject_no);

    CREATE TRIGGER imports_of_erased_subject AFTER DELETE ON subjects BEGIN
      UPDATE import_rows SET subject_no = NULL, mark = NULL WHERE subject_no = OLD.subject_no;
      DELETE FROM import_candidates WHERE subject_no = OLD.subject_no;
    END;
    CREATE TRIGGER imports_of_dropped_job AFTER DELETE ON jobs BEGIN
      DELETE FROM import_rows WHERE job_no = OLD.job_no;
      DELETE FROM import_candidates WHERE job_no = OLD.job_no;
    END;
  `)
}
