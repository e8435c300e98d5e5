import type Database from 'better-sqlite3'
import { VultusError } from '../../contract/errors.ts'
import { createSubjectsReferencesAudit } from './0001-subjects-references-audit.ts'
import { createEpochsRecoveryAlgorithm } from './0002-epochs-recovery-algorithm.ts'
import { createJobs } from './0003-jobs.ts'
import { createAuditCheckpoints } from './0004-audit-checkpoints.ts'
import { createOperators } from './0005-operators.ts'
import { createSettings } from './0006-settings.ts'
import { createLookUpSegmentsMaintenance } from './0007-look-up-segments-maintenance.ts'
import { createBackups } from './0008-backups.ts'
import { createRowDigest } from './0010-row-digest.ts'
import { createDuplicatePairs } from './0011-duplicate-pairs.ts'
import { addReferenceSources } from './0012-references-of-several-models.ts'
import { forgetDigestOfValues } from './0013-row-digest-of-text.ts'
import { createSubjectLabels } from './0017-subject-labels.ts'
import { createImports } from './0018-imports.ts'
import { createEnrolmentDesk } from './0019-enrolment-desk.ts'
import { createApiClients } from './0021-api-clients.ts'
import { createSubjectRestrictions } from './0022-restrictions-of-subjects.ts'
import { createSubjectIds } from './0023-subject-ids.ts'
import { noteRestores } from './0024-keys-templates-restores.ts'

/** A step of the schema: a number and a purpose. Once released it is never edited; what it got wrong a later one mends. */
export interface Migration {
  readonly number: number
  readonly purpose: string
  readonly run: (database: Database.Database) => void
}

/** In the order of their numbers. */
export const migrations: readonly Migration[] = [
  { number: 1, purpose: 'subjects, references, samples, gallery sequence, audit', run: createSubjectsReferencesAudit },
  { number: 2, purpose: 'key epochs, recovery key, algorithm of new values', run: createEpochsRecoveryAlgorithm },
  { number: 3, purpose: 'jobs', run: createJobs },
  { number: 4, purpose: 'station key, audit checkpoints, witness, certificates of erasure', run: createAuditCheckpoints },
  { number: 5, purpose: 'operators, wrong tries, policy', run: createOperators },
  { number: 6, purpose: 'settings', run: createSettings },
  {
    number: 7,
    purpose: 'look-up by prefixes, gallery segments, sample encodings, maintenance reports',
    run: createLookUpSegmentsMaintenance,
  },
  { number: 8, purpose: 'backups and what was erased', run: createBackups },
  { number: 10, purpose: 'digest over the rows', run: createRowDigest },
  { number: 11, purpose: 'pairs of subjects that may be one person', run: createDuplicatePairs },
  { number: 12, purpose: 'references of several models', run: addReferenceSources },
  { number: 13, purpose: 'digest over the rows as text', run: forgetDigestOfValues },
  { number: 17, purpose: 'labels of subjects', run: createSubjectLabels },
  { number: 18, purpose: 'rows of bulk imports', run: createImports },
  { number: 19, purpose: 'form policies, records of subjects, drafts', run: createEnrolmentDesk },
  { number: 21, purpose: 'programs of integrators', run: createApiClients },
  { number: 22, purpose: 'restrictions of subjects', run: createSubjectRestrictions },
  { number: 23, purpose: 'ids of subjects in a table of their own', run: createSubjectIds },
  { number: 24, purpose: 'digest without wrapped keys, packed templates, what the vault was restored from', run: noteRestores },
]

const newestOf = (known: readonly Migration[]) => Math.max(0, ...known.map((step) => step.number))

export function schemaVersionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/** @throws vault.tooNew where a later Vultus wrote the schema */
export function assertSchemaKnown(database: Database.Database, known: readonly Migration[] = migrations): void {
  if (schemaVersionOf(database) > newestOf(known)) throw new VultusError('vault.tooNew')
}

/** Brings the schema up to date, each step in a transaction of its own: a step that fails leaves the schema before it. */
export function migrate(database: Database.Database, known: readonly Migration[] = migrations): void {
  assertSchemaKnown(database, known)
  const version = schemaVersionOf(database)
  const missing = known.filter((step) => step.number > version).sort((left, right) => left.number - right.number)
  if (missing.length === 0) return
  const foreignKeys = Number(database.pragma('foreign_keys', { simple: true }))
  // A table that others name is made again only without them, and SQLite takes this setting between transactions alone.
  database.pragma('foreign_keys = OFF')
  try {
    for (const step of missing) {
      database
        .transaction(() => {
          step.run(database)
          database.pragma(`user_version = ${step.number}`)
        })
        .exclusive()
    }
  } finally {
    database.pragma(`foreign_keys = ${foreignKeys}`)
  }
}
