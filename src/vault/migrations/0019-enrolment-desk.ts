import type Database from 'better-sqlite3'

/**
 * What the enrolment desk keeps: every form policy that was set; what is kept of a subject beside name and references (what was
 * filled in, an exception, a decision of a supervisor), sealed under the subject's key; drafts and what waits for a supervisor,
 * each sealed under a key of its own; and which subjects somebody who waits looks like. A pair goes with either side.
 */
export function createEnrolmentDesk(database: Database.Database): void {
  database.exec(`
    CREATE TABLE form_policies (
      form_version INTEGER PRIMARY KEY,
      policy TEXT NOT NULL,
      set_ms INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE subject_records (
      record_no INTEGER PRIMARY KEY AUTOINCREMENT,
      subject_no INTEGER NOT NULL REFERENCES subjects,
      kind TEXT NOT NULL CHECK (kind IN ('form', 'exception', 'decision')),
      created_ms INTEGER NOT NULL,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL,
      UNIQUE (subject_no, kind)
    ) STRICT;

    CREATE TABLE drafts (
      draft_no INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL CHECK (state IN ('draft', 'duplicate', 'exception')),
      owner TEXT NOT NULL,
      id_index BLOB NOT NULL,
      created_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL,
      key_algorithm TEXT NOT NULL,
      key_nonce BLOB NOT NULL,
      key_tag BLOB NOT NULL,
      key_wrapped BLOB NOT NULL,
      algorithm TEXT NOT NULL,
      nonce BLOB NOT NULL,
      tag BLOB NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX drafts_by_expiry ON drafts (expires_ms);
    CREATE INDEX drafts_by_id_index ON drafts (id_index);

    CREATE TABLE draft_candidates (
      candidate_no INTEGER PRIMARY KEY AUTOINCREMENT,
      draft_no INTEGER NOT NULL,
      subject_no INTEGER NOT NULL,
      score REAL NOT NULL,
      UNIQUE (draft_no, subject_no)
    ) STRICT;
    CREATE INDEX draft_candidates_of_subject ON draft_candidates (subject_no);

    CREATE TRIGGER draft_candidates_of_erased_subject AFTER DELETE ON subjects BEGIN
      DELETE FROM draft_candidates WHERE subject_no = OLD.subject_no;
    END;
    CREATE TRIGGER draft_candidates_of_dropped_draft AFTER DELETE ON drafts BEGIN
      DELETE FROM draft_candidates WHERE draft_no = OLD.draft_no;
    END;
  `)
}
