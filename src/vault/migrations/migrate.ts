import type Database from 'better-sqlite3'
import { VultusError } from '../../contract/errors.ts'
import { createSubjectsReferencesAudit } from './0001-subjects-references-audit.ts'
import { createSettings } from './0006-settings.ts'
import { createLookUpSegmentsMaintenance } from './0007-look-up-segments-maintenance.ts'

/** A step of the schema: a number and a purpose. Once released it is never edited; what it got wrong a later one mends. */
export interface Migration {
  readonly number: number
  readonly purpose: string
  readonly run: (database: Database.Database) => void
}

/** In the order of their numbers. */
export const migrations: readonly Migration[] = [
  { number: 1, purpose: 'subjects, references, samples, gallery sequence, audit', run: createSubjectsReferencesAudit },
  { number: 6, purpose: 'settings', run: createSettings },
  {
    number: 7,
    purpose: 'look-up by prefixes, gallery segments, sample encodings, maintenance reports',
    run: createLookUpSegmentsMaintenance,
  },
]

export function schemaVersionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/** @throws vault.tooNew where a later Vultus wrote the schema */
export function assertSchemaKnown(database: Database.Database, known: readonly Migration[] = migrations): void {
  if (schemaVersionOf(database) > (known.at(-1)?.number ?? 0)) throw new VultusError('vault.tooNew')
}

/** Brings the schema up to date, each step in a transaction of its own: a step that fails leaves the schema before it. */
export function migrate(database: Database.Database, known: readonly Migration[] = migrations): void {
  assertSchemaKnown(database, known)
  const version = schemaVersionOf(database)
  for (const step of known.filter(({ number }) => number > version)) {
    database
      .transaction(() => {
        step.run(database)
        database.pragma(`user_version = ${step.number}`)
      })
      .exclusive()
  }
}
