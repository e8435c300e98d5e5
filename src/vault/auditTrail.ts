/** The audit chain as the station writes, reads, checks and exports it. */
import type { AuditEntry } from '../contract/records.ts'
import type {
  AuditFilter,
  AuditRecords,
  AuditReport,
  CheckpointAnswer,
  ExportPage,
  StationKeySummary,
  WitnessAnswer,
} from '../contract/rows/audit.ts'
import type { AuditVerdict } from './audit.ts'
import type { AuditLog, WitnessChange } from './auditLog.ts'
import type { AuditReading, ExportRequest } from './auditReading.ts'
import type { Transactions } from './transactions.ts'
import { atOnce } from './turns.ts'

export interface AuditTrailParts {
  readonly transactions: Transactions
  readonly audit: AuditLog
  readonly auditReading: AuditReading
}

export class AuditTrail {
  readonly #parts: AuditTrailParts

  constructor(parts: AuditTrailParts) {
    this.#parts = parts
  }

  get stationKey(): StationKeySummary {
    return this.#parts.audit.summary
  }

  /** @param withIt what is done in the same transaction, last: where it fails nothing is written */
  append(entry: AuditEntry, withIt?: () => void): void {
    const { transactions } = this.#parts
    transactions.write(() => {
      transactions.audit(entry)
      withIt?.()
    })
  }

  /** Records, newest first, looked for in turns. @throws audit.broken */
  page(filter: AuditFilter): Promise<AuditRecords> {
    return this.#parts.transactions.readInTurns(() => this.#parts.auditReading.list(filter))
  }

  /** Checks the whole chain and its checkpoints in one piece; firstBad is the number of the first record that is wrong or missing. */
  verify(): AuditVerdict {
    return this.#parts.transactions.read(() => atOnce(this.#parts.audit.verification()))
  }

  /** Checks chain, checkpoints and anchors, in turns. @param given text with checkpoints that somebody kept @throws request.invalid */
  report(given: string | undefined): Promise<AuditReport> {
    return this.#parts.transactions.readInTurns(() => this.#parts.audit.report(given))
  }

  /** A page of the export; the first one signs the head. @throws audit.broken */
  exportPage(request: ExportRequest): ExportPage {
    const { transactions, auditReading } = this.#parts
    return transactions.write(() => auditReading.exportPage(request, transactions.nowMs()))
  }

  /** Signs the head and gives that checkpoint. @throws audit.broken */
  checkpoint(): CheckpointAnswer {
    const { transactions, audit } = this.#parts
    return transactions.write(() => audit.checkpointAnswer(transactions.nowMs()))
  }

  /** Sets or leaves where checkpoints are witnessed, and anchors the newest one. @throws audit.witnessUnusable */
  witness(change: WitnessChange & { audit: AuditEntry }): WitnessAnswer {
    const { transactions, audit } = this.#parts
    transactions.write(() => {
      audit.setWitness(change)
      transactions.audit(change.audit)
      audit.checkpoint(transactions.nowMs())
    })
    return transactions.read(() => audit.anchorNow(change.accept))
  }
}
