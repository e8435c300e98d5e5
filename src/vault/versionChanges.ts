/** What becomes of older versions of references: they come back, are removed, or are swept away by the retention. */
import type { AuditEntry, RolledBack } from '../contract/records.ts'
import type { Duplicates } from './duplicates.ts'
import type { KeyedReferenceRow } from './references.ts'
import type { Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { Transactions } from './transactions.ts'
import { nextTurn } from './turns.ts'
import type { Versions } from './versions.ts'

/** References deleted in one transaction by the retention. */
const sweptAtOnce = 200
const dayMs = 24 * 60 * 60_000

export interface VersionChangesParts extends Stores {
  readonly transactions: Transactions
  readonly settings: Settings
  readonly versions: Versions
  readonly duplicates: Duplicates
}

interface VersionRequest {
  readonly id: string
  readonly version: number
  readonly audit: AuditEntry
}

export class VersionChanges {
  readonly #parts: VersionChangesParts

  constructor(parts: VersionChangesParts) {
    this.#parts = parts
  }

  /**
   * Makes an older version of a subject active again.
   * @returns the change, and the templates that came back into the gallery
   * @throws subject.unknown, reference.unknown, reference.active
   */
  rollBack({ id, version, audit }: VersionRequest): RolledBack {
    const { transactions, subjects, references, versions, duplicates, gallery } = this.#parts
    return transactions.write(() => {
      const subject = subjects.known(id)
      const { referenceNos, removedReferenceNos } = versions.rollBack(subject, version, transactions.nowMs())
      duplicates.reactivated(referenceNos)
      const key = subjects.keyOf(subject)
      const added = referenceNos.map((referenceNo) => {
        const row = references.activeByNo(referenceNo) as KeyedReferenceRow
        return { referenceNo, template: references.templateOf(row, key) }
      })
      const sequence = gallery.change(0, referenceNos.length - removedReferenceNos.length)
      transactions.audit({ ...audit, subject: subject.audit_id, details: { ...audit.details, version, sequence } })
      return { sequence, referenceNos, removedReferenceNos, added }
    })
  }

  /** Deletes a superseded version of a subject, as durably as an erasure. @throws subject.unknown, reference.unknown, reference.active */
  remove({ id, version, audit }: VersionRequest): { removed: number } {
    const { transactions, subjects, versions, segments } = this.#parts
    const { referenceNos, files } = transactions.write(() => {
      const subject = subjects.known(id)
      const removal = versions.remove(subject, version)
      const details = { ...audit.details, version, references: removal.referenceNos.length }
      transactions.audit({ ...audit, subject: subject.audit_id, details })
      return removal
    })
    segments.removeFiles(files)
    transactions.emptyLog()
    return { removed: referenceNos.length }
  }

  /** How many superseded references the policy has due; days is null where it keeps them. */
  due(): { days: number | null; due: number } {
    const { transactions, settings, references } = this.#parts
    return transactions.read(() => {
      const days = settings.get('retention.supersededDays')
      return { days, due: days === null ? 0 : references.supersededCount(transactions.nowMs() - days * dayMs) }
    })
  }

  /** Deletes the superseded references that the policy has due, in slices; each slice has its audit entry. */
  async sweep(audit: AuditEntry): Promise<{ removed: number }> {
    const { transactions, settings, versions, segments } = this.#parts
    const days = settings.get('retention.supersededDays')
    if (days === null) return { removed: 0 }
    const untilMs = transactions.nowMs() - days * dayMs
    let removed = 0
    for (;;) {
      const { referenceNos, files } = transactions.write(() => {
        const slice = versions.sweep(untilMs, sweptAtOnce)
        const { length } = slice.referenceNos
        if (length > 0 || removed === 0) transactions.audit({ ...audit, details: { ...audit.details, days, references: length } })
        return slice
      })
      segments.removeFiles(files)
      removed += referenceNos.length
      if (referenceNos.length < sweptAtOnce) break
      await nextTurn()
    }
    transactions.emptyLog()
    return { removed }
  }
}
