/** The stores of an open database: who reads and writes the rows of subjects, one of each. */
import type Database from 'better-sqlite3'
import type { Epochs } from './epochs.ts'
import { Gallery } from './gallery.ts'
import type { VaultKeys } from './keys/derive.ts'
import { LabelRows } from './labelRows.ts'
import { LookUp } from './lookUp.ts'
import type { RandomSource } from './random.ts'
import { References } from './references.ts'
import { Restrictions } from './restrictions.ts'
import type { Sealer } from './seal.ts'
import { Segments } from './segments.ts'
import { SubjectRecords } from './subjectRecords.ts'
import { Subjects } from './subjects.ts'

export interface Stores {
  readonly subjects: Subjects
  readonly references: References
  readonly records: SubjectRecords
  readonly restrictions: Restrictions
  readonly lookUp: LookUp
  readonly segments: Segments
  readonly gallery: Gallery
  readonly labels: LabelRows
}

export interface StoresParts {
  readonly database: Database.Database
  readonly vaultId: string
  readonly keys: VaultKeys
  readonly epochs: Epochs
  readonly sealer: Sealer
  readonly random: RandomSource
  readonly segmentRows?: number | undefined
}

export function storesOf({ database, vaultId, keys, epochs, sealer, random, segmentRows }: StoresParts): Stores {
  const subjects = new Subjects(database, { blindIndex: keys.blindIndex, epochs }, sealer, random)
  const references = new References(database, sealer)
  return {
    subjects,
    references,
    records: new SubjectRecords(database, sealer),
    restrictions: new Restrictions(database, sealer),
    lookUp: new LookUp(database, keys.blindIndex, subjects),
    segments: new Segments(database, keys.gallerySegments, vaultId, random, segmentRows),
    gallery: new Gallery(database, subjects, references),
    labels: new LabelRows(database, subjects, references),
  }
}
