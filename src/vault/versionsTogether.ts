/**
 * Versions of many subjects in one transaction: what stands in one place of the database is asked for and written together, and what is
 * sealed of new subjects is sealed a group at a time, by a thread beside this one where there is one.
 */

import { keyBytes } from './keys/provider.ts'
import type { LookUp } from './lookUp.ts'
import type { RandomSource } from './random.ts'
import { type ReferenceDraft, referenceDraft } from './referenceDraft.ts'
import { payloadBytes, writePayload } from './referencePayload.ts'
import type { References } from './references.ts'
import { aadTextOf } from './seal.ts'
import { bytesMaxOf, SealBatch, SealMemories } from './sealBatch.ts'
import { SealThread } from './sealThread.ts'
import { identityPlace, keyPlace, type SubjectDraft, type Subjects } from './subjects.ts'
import { identityOf, type NewVersion, type Versions, type WrittenVersion } from './versions.ts'

/** Changes whose values are sealed in one memory: few, so that the thread that inserts waits for few. */
const changesPerGroup = 100
/** Groups that are prepared while one is inserted: what limits them is memory. */
const groupsAhead = 3
/** With fewer changes a thread gains nothing. */
const changesMinForThread = 128

/** What was written of a subject; of a new one nothing that would keep its sealed values in memory. */
export interface WrittenTogether extends Omit<WrittenVersion, 'subject'> {
  readonly subject: { readonly subject_no: number; readonly audit_id: string }
}

/** Where the sealed values of a new subject stand. */
interface NewSubject {
  readonly draft: SubjectDraft
  readonly keyAt: number
  readonly identityAt: number
  readonly references: readonly { readonly draft: ReferenceDraft; readonly at: number; readonly sampleAt: number | undefined }[]
}

interface Prepared {
  readonly change: NewVersion
  /** The number of its first reference. */
  readonly firstNo: number
  /** undefined where the subject is there already. */
  readonly created: NewSubject | undefined
}

interface Group {
  /** undefined where no subject is new. */
  readonly batch: SealBatch | undefined
  readonly prepared: readonly Prepared[]
}

export interface VersionsTogetherParts {
  readonly subjects: Subjects
  readonly references: References
  readonly lookUp: LookUp
  readonly versions: Versions
  readonly random: RandomSource
}

export class VersionsTogether {
  readonly #parts: VersionsTogetherParts
  readonly #thread: SealThread
  readonly #memories = new SealMemories()

  /** @param thread stands in for it in tests */
  constructor(parts: VersionsTogetherParts, thread = new SealThread()) {
    this.#parts = parts
    this.#thread = thread
  }

  /** As Versions.write for each change. The caller is in a transaction. @throws template.idTaken */
  write(changes: readonly NewVersion[], nowMs: number): WrittenTogether[] {
    const { subjects, references, lookUp } = this.#parts
    const written: WrittenTogether[] = []
    subjects.createTogether(
      changes.map(({ id }) => id),
      () => references.addTogether(() => lookUp.addTogether(() => this.#writeGroups(changes, nowMs, written))),
    )
    return written
  }

  /** Ends the thread that helps, and lets go of its memory; the next batch starts another. */
  endThread(): void {
    this.#thread.end()
    this.#memories.drop()
  }

  #writeGroups(changes: readonly NewVersion[], nowMs: number, written: WrittenTogether[]): void {
    const helped = changes.length >= changesMinForThread
    const ahead: Group[] = []
    let next = 0
    try {
      while (next < changes.length || ahead.length > 0) {
        while (next < changes.length && ahead.length <= groupsAhead) {
          const group = this.#prepare(changes.slice(next, next + changesPerGroup), nowMs)
          ahead.push(group)
          next += changesPerGroup
          if (helped && group.batch !== undefined) this.#thread.offer(group.batch)
        }
        const [group, ...rest] = ahead as [Group, ...Group[]]
        if (group.batch !== undefined)
          this.#thread.finish(
            group.batch,
            rest.flatMap(({ batch }) => batch ?? []),
          )
        for (const prepared of group.prepared) written.push(this.#writeOne(group, prepared, nowMs))
        // References name their subjects, so those come first.
        this.#parts.subjects.flush()
        this.#parts.references.flush()
        ahead.shift()
        if (group.batch !== undefined) this.#memories.giveBack(group.batch)
      }
    } finally {
      for (const { batch } of ahead) batch?.drop()
    }
  }

  /** Gives numbers to a group of changes and puts what is to be sealed of its new subjects into one memory. */
  #prepare(changes: readonly NewVersion[], nowMs: number): Group {
    const { subjects, references } = this.#parts
    const drafted = changes.map((change) => {
      const firstNo = references.reserve(change.contents.length)
      return { change, firstNo, drafts: subjects.isNew(change.id) ? this.#draft(change, firstNo, nowMs) : undefined }
    })
    const drafts = drafted.flatMap(({ drafts }) => drafts ?? [])
    const [first] = drafts
    if (first === undefined) return { batch: undefined, prepared: drafted.map((one) => ({ ...one, created: undefined })) }
    const bytesMax = drafts.reduce((sum, one) => sum + one.bytesMax, 0)
    const batch = new SealBatch(this.#memories.take(bytesMax), subjects.sealsOf(first.draft.key_epoch), this.#parts.random)
    try {
      const prepared = drafted.map(({ change, firstNo, drafts: own }) => ({
        change,
        firstNo,
        created: own === undefined ? undefined : putInto(batch, own),
      }))
      batch.close()
      return { batch, prepared }
    } catch (error) {
      batch.erase()
      throw error
    }
  }

  #draft(change: NewVersion, firstNo: number, nowMs: number): Drafts {
    const draft = this.#parts.subjects.draft(identityOf(change), change.origin, nowMs)
    const references = change.contents.map((content, at) => referenceDraft(firstNo + at, draft.subject_no, content, nowMs))
    return draftsOf(draft, references)
  }

  #writeOne({ batch }: Group, { change, firstNo, created }: Prepared, nowMs: number): WrittenTogether {
    const { subjects, references, lookUp, versions } = this.#parts
    if (created === undefined || batch === undefined) return versions.write(change, nowMs, firstNo)
    const { draft, keyAt, identityAt } = created
    subjects.put(draft, batch.sealedAt(keyAt), batch.sealedAt(identityAt), nowMs)
    for (const { draft: reference, at, sampleAt } of created.references)
      references.put(reference, batch.sealedAt(at), sampleAt === undefined ? undefined : batch.sealedAt(sampleAt))
    const { subject_no, audit_id } = draft
    // Templates that were stored by a client are found by their exact id only.
    if (change.origin === 'enrolled') lookUp.add(subject_no, { id: change.id, name: change.name ?? null })
    const referenceNos = created.references.map(({ draft: { placed } }) => placed.reference_no)
    return { subject: { subject_no, audit_id }, isNew: true, referenceNos, removedReferenceNos: [] }
  }
}

/** A new subject with all that is to be sealed of it. */
interface Drafts {
  readonly draft: SubjectDraft
  readonly keyAad: string
  readonly identityAad: string
  readonly references: readonly ReferenceDraft[]
  readonly bytesMax: number
}

function draftsOf(draft: SubjectDraft, references: readonly ReferenceDraft[]): Drafts {
  const keyAad = aadTextOf(keyPlace(draft))
  const identityAad = aadTextOf(identityPlace(draft))
  let bytesMax = bytesMaxOf([keyAad], keyBytes) + bytesMaxOf([identityAad, draft.identity])
  for (const { aad, details, template, sample } of references) {
    bytesMax += bytesMaxOf([aad, details], payloadBytes(template))
    if (sample !== undefined) bytesMax += bytesMaxOf([sample.aad], sample.bytes.length)
  }
  return { draft, keyAad, identityAad, references, bytesMax }
}

function putInto(batch: SealBatch, { draft, keyAad, identityAad, references }: Drafts): NewSubject {
  const keyAt = batch.addKey(keyAad)
  const identityAt = batch.add(identityAad, (bytes, at) => at + bytes.write(draft.identity, at))
  const placed = references.map((reference) => {
    const { aad, details, template, sample } = reference
    const at = batch.add(aad, (bytes, from) => writePayload(bytes, from, details, template))
    const sampleAt = sample === undefined ? undefined : batch.add(sample.aad, (bytes, from) => putBytes(bytes, from, sample.bytes))
    return { draft: reference, at, sampleAt }
  })
  return { draft, keyAt, identityAt, references: placed }
}

function putBytes(into: Buffer, at: number, bytes: Uint8Array): number {
  into.set(bytes, at)
  return at + bytes.length
}
