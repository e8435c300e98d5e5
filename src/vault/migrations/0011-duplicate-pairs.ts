import type Database from 'better-sqlite3'

/**
 * What a comparison of all references with each other has found: pairs of subjects, each once with its most similar references.
 * A pair goes with either subject and with its job.
 */
export function createDuplicatePairs(database: Database.Database): void {
  database.exec(`
    CREATE TABLE duplicate_pairs (
      job_id TEXT NOT NULL,
      first_subject INTEGER NOT NULL,
      second_subject INTEGER NOT NULL CHECK (first_subject < second_subject),
      first_reference INTEGER NOT NULL,
      second_reference INTEGER NOT NULL,
      score REAL NOT NULL,
      PRIMARY KEY (job_id, first_subject, second_subject)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX duplicate_pairs_by_score ON duplicate_pairs (job_id, score);
    CREATE INDEX duplicate_pairs_of_first ON duplicate_pairs (first_subject);
    CREATE INDEX duplicate_pairs_of_second ON duplicate_pairs (second_subject);

    CREATE TRIGGER duplicate_pairs_of_erased_subject AFTER DELETE ON subjects BEGIN
      DELETE FROM duplicate_pairs WHERE first_subject = OLD.subject_no OR second_subject = OLD.subject_no;
    END;
    CREATE TRIGGER duplicate_pairs_of_dropped_job AFTER DELETE ON jobs BEGIN
      DELETE FROM duplicate_pairs WHERE job_id = OLD.job_id;
    END;
  `)
}
