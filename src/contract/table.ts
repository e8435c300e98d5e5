/** The procedure table: everything that can be asked of a station, by name. Doors are generated from it. */
import type { z } from 'zod'
import { analyticsRows } from './rows/analytics.ts'
import { auditRows } from './rows/audit.ts'
import { backupRows } from './rows/backup.ts'
import { captureRows } from './rows/capture.ts'
import { clientRows } from './rows/client.ts'
import { consentRows } from './rows/consent.ts'
import { deskRows } from './rows/desk.ts'
import { draftRows } from './rows/draft.ts'
import { duplicateRows } from './rows/duplicates.ts'
import { evaluationRows } from './rows/evaluation.ts'
import { faceRows } from './rows/face.ts'
import { importRows } from './rows/import.ts'
import { inboxRows } from './rows/inbox.ts'
import { jobRows, keyRows } from './rows/keys.ts'
import { lookUpRows } from './rows/lookUp.ts'
import { maintenanceRows } from './rows/maintenance.ts'
import { modelRows } from './rows/model.ts'
import { operatorRows } from './rows/operator.ts'
import { placeRows } from './rows/place.ts'
import { policyRows } from './rows/policy.ts'
import { referenceRows } from './rows/reference.ts'
import { rightsRows } from './rows/rights.ts'
import { stationRows, vaultRows } from './rows/station.ts'
import { subjectRows } from './rows/subject.ts'

export const procedures = {
  ...vaultRows,
  ...captureRows,
  ...faceRows,
  ...evaluationRows,
  ...subjectRows,
  ...rightsRows,
  ...lookUpRows,
  ...maintenanceRows,
  ...referenceRows,
  ...duplicateRows,
  ...importRows,
  ...stationRows,
  ...modelRows,
  ...keyRows,
  ...jobRows,
  ...auditRows,
  ...operatorRows,
  ...clientRows,
  ...backupRows,
  ...deskRows,
  ...analyticsRows,
  ...consentRows,
  ...placeRows,
  ...policyRows,
  ...draftRows,
  ...inboxRows,
}

export type ProcedureName = keyof typeof procedures
export const procedureNames = Object.keys(procedures) as ProcedureName[]

/** What a caller passes (defaults may be left out). */
export type InputOf<Name extends ProcedureName> = z.input<(typeof procedures)[Name]['input']>
/** What a procedure works with (defaults filled in). */
export type ParsedInputOf<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['input']>
export type OutputOf<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['output']>

export function isProcedureName(name: string): name is ProcedureName {
  return Object.hasOwn(procedures, name)
}
