/** Templates without a picture, as the storage interface of the service endpoints keeps them. */
import type { AuditEntry, CommittedChange, StoredTemplate } from '../contract/records.ts'
import type { ReferenceContent } from './referenceDraft.ts'
import type { References } from './references.ts'
import type { Restrictions } from './restrictions.ts'
import type { Subjects } from './subjects.ts'
import type { Transactions } from './transactions.ts'
import type { VersionWriter } from './versionWriter.ts'

/** A template that a client gives to keep. */
interface NewTemplate {
  readonly id: string
  readonly model: string
  readonly template: Float32Array
  readonly metadata: Record<string, unknown>
}

export interface StoredTemplatesParts {
  readonly transactions: Transactions
  readonly subjects: Subjects
  readonly references: References
  readonly restrictions: Restrictions
  readonly writer: VersionWriter
}

export class StoredTemplates {
  readonly #parts: StoredTemplatesParts

  constructor(parts: StoredTemplatesParts) {
    this.#parts = parts
  }

  /**
   * Keeps a template; an id that has one gets a new version.
   * @throws template.idTaken for the id of an enrolled subject, whose references come from captures only
   */
  commit(change: NewTemplate & { readonly audit: AuditEntry }): CommittedChange & { createdAt: string } {
    const { writer, transactions } = this.#parts
    const nowMs = transactions.nowMs()
    const version = { id: change.id, origin: 'stored', contents: [contentOf(change)], audit: change.audit } as const
    return { ...writer.commit(version, nowMs), createdAt: new Date(nowMs).toISOString() }
  }

  /**
   * As commit for each of them, all or none, with one audit entry as a batch of enrolments has it.
   * @throws template.idTaken, template.invalid, request.tooLarge, request.invalid where an id stands twice
   */
  commitBatch(change: { templates: readonly NewTemplate[]; audit: AuditEntry }): CommittedChange {
    const versions = change.templates.map((stored) => ({ id: stored.id, origin: 'stored' as const, contents: [contentOf(stored)] }))
    return this.#parts.writer.commitTogether(versions, change.audit)
  }

  /** What was stored last under the id; nothing for an enrolled subject, whose template does not leave by this door. @throws subject.restricted */
  retrieve(id: string): StoredTemplate | undefined {
    const { transactions, subjects, references, restrictions } = this.#parts
    return transactions.read(() => {
      const subject = subjects.find(id)
      if (subject?.origin !== 'stored') return undefined
      restrictions.refuse(subject.subject_no)
      const row = references.newestActive(subject.subject_no)
      if (row === undefined) return undefined
      const key = subjects.keyOf(row)
      const { metadata = {} } = references.detailsOf(row, key)
      const createdAt = new Date(row.created_ms).toISOString()
      return { id, data: references.templateOf(row, key), metadata, createdAt }
    })
  }
}

/** What is kept of a template that came without a picture. */
function contentOf({ model, template, metadata }: NewTemplate): ReferenceContent {
  return { model, template, metadata, captureSource: 'file', pad: 'notAssessed', quality: null, sample: null }
}
