/**
 * Writing versions of subjects: whatever puts references into the vault ends here.
 *
 * 1. What a version brings, its change of the gallery and its audit entry are one transaction.
 * 2. Contents are looked at before anything is written; a real vault takes no simulated capture.
 */
import { createHash } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { LabelChange } from '../contract/label.ts'
import type { AuditEntry, CommittedChange } from '../contract/records.ts'
import type { VaultKind } from '../contract/types.ts'
import type { Drafts } from './drafts.ts'
import { type Intake, writeIntake } from './intake.ts'
import type { ReferenceContent } from './referenceDraft.ts'
import { assertTemplate } from './referencePayload.ts'
import type { Settings } from './settings.ts'
import type { Stores } from './stores.ts'
import type { Transactions } from './transactions.ts'
import type { NewVersion, Versions } from './versions.ts'
import type { VersionsTogether } from './versionsTogether.ts'

/** Entries of one import. Larger imports touch each page of the index less often; what limits them is memory. */
const batchEntriesMax = 100_000

/** A subject or a new version of one, with all that comes with it. */
export interface VersionChange extends NewVersion, Intake {
  readonly label?: LabelChange | undefined
  readonly audit: AuditEntry
}

export interface VersionWriterParts extends Stores {
  readonly kind: VaultKind
  readonly transactions: Transactions
  readonly settings: Settings
  readonly drafts: Drafts
  readonly versions: Versions
  readonly together: VersionsTogether
}

export class VersionWriter {
  readonly #parts: VersionWriterParts

  constructor(parts: VersionWriterParts) {
    this.#parts = parts
  }

  /** @throws capture.simulatedRefused, template.invalid, template.idTaken, draft.unknown */
  commit(change: VersionChange, nowMs: number): CommittedChange {
    this.assertContents(change.contents)
    return this.#parts.transactions.write(() => {
      const { subjectNo: _, ...committed } = this.write(change, nowMs)
      return committed
    })
  }

  /** A version with its change of the gallery and its entry; the caller is in a transaction and has looked at the contents. */
  write(change: VersionChange, nowMs: number): CommittedChange & { subjectNo: number } {
    const { versions, subjects, settings, gallery, transactions } = this.#parts
    const contents = contentsToKeep(change.contents, settings.get('samples.kept'))
    const { subject, isNew, referenceNos, removedReferenceNos } = versions.write({ ...change, contents }, nowMs)
    if (change.label !== undefined) subjects.changeLabel(subject, change.label)
    if (change.origin === 'enrolled') writeIntake(this.#parts, subject, change, nowMs)
    const sequence = gallery.change(isNew ? 1 : 0, referenceNos.length - removedReferenceNos.length)
    transactions.audit({ ...change.audit, subject: subject.audit_id, details: { ...change.audit.details, sequence } })
    return { sequence, referenceNos, removedReferenceNos, subjectNo: subject.subject_no }
  }

  /**
   * Many subjects in one transaction, as one change of the gallery with one audit entry, which carries a digest of the subjects'
   * audit ids in the order of the versions.
   * @throws as commit, and request.tooLarge, request.invalid where an id stands twice
   */
  commitTogether(versions: readonly NewVersion[], audit: AuditEntry): CommittedChange {
    if (versions.length > batchEntriesMax) throw new VultusError('request.tooLarge', `${batchEntriesMax} entries`)
    if (versions.length === 0) throw new RangeError('A batch has entries')
    if (new Set(versions.map(({ id }) => id)).size < versions.length)
      throw new VultusError('request.invalid', 'an id stands twice in the batch')
    for (const { contents } of versions) this.assertContents(contents)
    const { transactions } = this.#parts
    const nowMs = transactions.nowMs()
    return transactions.write(() => this.#writeTogether(versions, audit, nowMs))
  }

  #writeTogether(versions: readonly NewVersion[], audit: AuditEntry, nowMs: number): CommittedChange {
    const { settings, records, gallery, transactions } = this.#parts
    const referenceNos: number[] = []
    const removedReferenceNos: number[] = []
    const auditIds: string[] = []
    let subjectsMore = 0
    const samplesKept = settings.get('samples.kept')
    const kept = versions.map((version) => ({ ...version, contents: contentsToKeep(version.contents, samplesKept) }))
    for (const written of this.#parts.together.write(kept, nowMs)) {
      referenceNos.push(...written.referenceNos)
      removedReferenceNos.push(...written.removedReferenceNos)
      if (written.isNew) subjectsMore += 1
      else records.remove(written.subject.subject_no, 'exception')
      auditIds.push(`${written.subject.audit_id}\n`)
    }
    const sequence = gallery.change(subjectsMore, referenceNos.length - removedReferenceNos.length)
    const details = {
      ...audit.details,
      subjects: versions.length,
      references: referenceNos.length,
      sequence,
      subjectsDigest: createHash('sha256').update(auditIds.join('')).digest('hex'),
    }
    transactions.audit({ ...audit, details })
    return { sequence, referenceNos, removedReferenceNos }
  }

  /** @throws capture.simulatedRefused for simulated captures in a real vault, template.invalid */
  assertContents(contents: readonly ReferenceContent[]): void {
    for (const content of contents) {
      assertTemplate(content.template)
      if (content.captureSource === 'simulated' && this.#parts.kind === 'real') throw new VultusError('capture.simulatedRefused')
    }
  }
}

/** By policy samples are not stored at all. */
function contentsToKeep(contents: readonly ReferenceContent[], samplesKept: boolean): readonly ReferenceContent[] {
  return samplesKept ? contents : contents.map((content) => ({ ...content, sample: null }))
}
