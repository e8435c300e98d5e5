import type Database from 'better-sqlite3'
import { settleAllIds } from '../subjectIds.ts'

/**
 * Ids are found by a table of their own, which takes many new ones at once, instead of by an index of SQLite's, which takes each at a
 * random place of it as it comes. SQLite cannot take a constraint off a table, so the table of subjects is made again without it. The
 * first number that is free, what hangs on the table, and columns that came later stay as they are.
 */
export function createSubjectIds(database: Database.Database): void {
  const sqlOf = (type: string) =>
    database
      .prepare<[string], string>(`SELECT sql FROM sqlite_schema WHERE type = ? AND tbl_name = 'subjects' AND sql IS NOT NULL`)
      .pluck()
      .all(type)
  const [table] = sqlOf('table') as [string]
  const hanging = [...sqlOf('index'), ...sqlOf('trigger')]
  const loose = table
    .replace(/^CREATE TABLE "?subjects"?/, 'CREATE TABLE subjects_made_again')
    .replace('id_index BLOB NOT NULL UNIQUE', 'id_index BLOB NOT NULL')
  const lastNo = database.prepare<[], number>(`SELECT seq FROM sqlite_sequence WHERE name = 'subjects'`).pluck().get()
  database.exec(`
    ${loose};
    INSERT INTO subjects_made_again SELECT * FROM subjects ORDER BY subject_no;
    DROP TABLE subjects;
    ALTER TABLE subjects_made_again RENAME TO subjects;
    ${hanging.map((sql) => `${sql};`).join('\n')}

    CREATE TABLE subject_ids (
      id_hash INTEGER NOT NULL,
      subject_no INTEGER NOT NULL,
      PRIMARY KEY (id_hash, subject_no)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE subject_id_tail (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      settled_until INTEGER NOT NULL
    ) STRICT;
    INSERT INTO subject_id_tail VALUES (1, 0);
  `)
  if (lastNo !== undefined) {
    database.exec(`DELETE FROM sqlite_sequence WHERE name = 'subjects'`)
    database.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('subjects', ?)`).run(lastNo)
  }
  settleAllIds(database)
}
