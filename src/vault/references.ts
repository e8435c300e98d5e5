/**
 * References, their templates and samples. A reference's template and details are sealed as one value; what tells where it
 * came from (model, version, capture source, presentation attack detection) is authenticated with it.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { type PlacedReference, placedOf, placeOf, type ReferenceContent, type ReferenceDraft } from './referenceDraft.ts'
import { detailsIn, detailsText, payloadBytes, type ReferenceDetails, templateIn, writePayload } from './referencePayload.ts'
import { unrestricted } from './restrictions.ts'
import { RowsTogether } from './rowsTogether.ts'
import { Samples } from './samples.ts'
import { type Sealed, type Sealer, unseal } from './seal.ts'
import { type WrappedKeyColumns, wrappedKeyColumns, wrappedKeyJoin } from './subjects.ts'

/** A reference as a row of its own, without its subject's key. */
export interface ReferenceRow extends PlacedReference, Sealed {
  readonly active: 0 | 1
}

export type KeyedReferenceRow = ReferenceRow & WrappedKeyColumns

const rowColumns = `r.reference_no, r.subject_no, r.version, r.active, r.model, r.capture_source, r.pad, r.created_ms,
  r.algorithm, r.nonce, r.tag, r.sealed`
const selectKeyed = `SELECT ${rowColumns}, ${wrappedKeyColumns}
  FROM subject_references r JOIN subjects s ON s.subject_no = r.subject_no ${wrappedKeyJoin}`

export class References {
  readonly #sealer: Sealer
  readonly #samples: Samples
  /** Where payloads are put together. */
  #payload: Buffer = Buffer.alloc(0)
  /** The next number is asked for once in addTogether. */
  #together: { nextNo: number } | undefined
  readonly #nextNo: Database.Statement<[], { next: number }>
  readonly #rows: RowsTogether<
    [number, number, Buffer, Buffer, Buffer],
    Omit<PlacedReference, 'reference_no' | 'subject_no'> & { readonly active: 1; readonly algorithm: string }
  >
  readonly #retire: Database.Statement<[number, number]>
  readonly #activate: Database.Statement<[number, number]>
  readonly #withhold: Database.Statement<[number]>
  readonly #release: Database.Statement<[number, number]>
  readonly #nosOfVersion: Database.Statement<[number, number], number>
  readonly #superseded: Database.Statement<[number, number], { reference_no: number; subject_no: number }>
  readonly #supersededCount: Database.Statement<[number], number>
  readonly #deleteOne: Database.Statement<[number]>
  readonly #activeNos: Database.Statement<[number], { reference_no: number }>
  readonly #activeCount: Database.Statement<[number], { count: number }>
  readonly #activeByNo: Database.Statement<[number], KeyedReferenceRow>
  readonly #activeOfModel: Database.Statement<[number, string], KeyedReferenceRow>
  readonly #newestActive: Database.Statement<[number], KeyedReferenceRow>
  readonly #ofSubject: Database.Statement<[number], ReferenceRow>
  readonly #range: Database.Statement<[string, number, number], KeyedReferenceRow>
  readonly #galleryNos: Database.Statement<[string, number, number], number>
  readonly #galleryCount: Database.Statement<[string], number>
  readonly #nextModel: Database.Statement<[string], string>
  readonly #allNos: Database.Statement<[number], number>
  readonly #setSealed: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #subjectOf: Database.Statement<[number], number>
  readonly #delete: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#samples = new Samples(database, sealer)
    this.#nextNo = database.prepare(`SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'subject_references'`)
    this.#rows = new RowsTogether(database, 'INSERT INTO subject_references', {
      own: ['reference_no', 'subject_no', 'nonce', 'tag', 'sealed'],
      shared: ['version', 'active', 'model', 'capture_source', 'pad', 'created_ms', 'algorithm'],
    })
    this.#retire = database.prepare('UPDATE subject_references SET active = 0, superseded_ms = ? WHERE subject_no = ? AND active = 1')
    this.#activate = database.prepare('UPDATE subject_references SET active = 1, superseded_ms = NULL WHERE subject_no = ? AND version = ?')
    this.#withhold = database.prepare('UPDATE subject_references SET active = 0 WHERE subject_no = ? AND active = 1')
    this.#release = database.prepare('UPDATE subject_references SET active = 1 WHERE reference_no = ? AND subject_no = ?')
    this.#nosOfVersion = database
      .prepare<[number, number], number>(
        'SELECT reference_no FROM subject_references WHERE subject_no = ? AND version = ? ORDER BY reference_no',
      )
      .pluck()
    this.#superseded = database.prepare(
      `SELECT reference_no, subject_no FROM subject_references r WHERE superseded_ms <= ? AND ${unrestricted('r')}
        ORDER BY superseded_ms LIMIT ?`,
    )
    this.#supersededCount = database
      .prepare<[number], number>(`SELECT count(*) FROM subject_references r WHERE superseded_ms <= ? AND ${unrestricted('r')}`)
      .pluck()
    this.#deleteOne = database.prepare('DELETE FROM subject_references WHERE reference_no = ?')
    this.#activeNos = database.prepare(
      'SELECT reference_no FROM subject_references WHERE subject_no = ? AND active = 1 ORDER BY reference_no',
    )
    this.#activeCount = database.prepare('SELECT count(*) AS count FROM subject_references WHERE subject_no = ? AND active = 1')
    this.#activeByNo = database.prepare(`${selectKeyed} WHERE r.reference_no = ? AND r.active = 1`)
    this.#activeOfModel = database.prepare(`${selectKeyed} WHERE r.subject_no = ? AND r.model = ? AND r.active = 1 ORDER BY r.reference_no`)
    this.#newestActive = database.prepare(`${selectKeyed} WHERE r.subject_no = ? AND r.active = 1 ORDER BY r.reference_no DESC LIMIT 1`)
    this.#ofSubject = database.prepare(`SELECT ${rowColumns} FROM subject_references r WHERE r.subject_no = ? ORDER BY r.reference_no`)
    this.#range = database.prepare(`${selectKeyed} WHERE r.model = ? AND r.reference_no BETWEEN ? AND ? ORDER BY r.reference_no`)
    this.#galleryNos = database
      .prepare<[string, number, number], number>(
        'SELECT reference_no FROM subject_references WHERE model = ? AND active = 1 AND reference_no BETWEEN ? AND ? ORDER BY reference_no',
      )
      .pluck()
    this.#galleryCount = database
      .prepare<[string], number>('SELECT count(*) FROM subject_references WHERE model = ? AND active = 1')
      .pluck()
    this.#nextModel = database
      .prepare<[string], string>('SELECT model FROM subject_references WHERE active = 1 AND model > ? ORDER BY model LIMIT 1')
      .pluck()
    this.#allNos = database.prepare<[number], number>('SELECT reference_no FROM subject_references WHERE subject_no = ?').pluck()
    this.#subjectOf = database.prepare<[number], number>('SELECT subject_no FROM subject_references WHERE reference_no = ?').pluck()
    this.#setSealed = database.prepare('UPDATE subject_references SET algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE reference_no = ?')
    this.#delete = database.prepare('DELETE FROM subject_references WHERE subject_no = ?')
  }

  /**
   * Runs what adds references to many subjects, and flushes them now and then after their subjects; the caller is in their
   * transaction, and nothing else in it adds references.
   */
  addTogether(run: () => void): void {
    this.#together = { nextNo: this.#nextNo.get()!.next }
    try {
      run()
    } finally {
      this.#together = undefined
      this.#rows.drop()
      this.#samples.drop()
    }
  }

  /** Inserts what addTogether has taken. */
  flush(): void {
    this.#rows.flush()
    this.#samples.flush()
  }

  /** Adds the references of a new version. @param first the number of the first one, where it was reserved @returns their numbers */
  addVersion(
    subjectNo: number,
    key: KeyObject,
    version: number,
    contents: readonly ReferenceContent[],
    nowMs: number,
    first: number = this.#nextNo.get()!.next,
  ): number[] {
    return contents.map((content, index) => {
      const placed = placedOf(first + index, subjectNo, version, content, nowMs)
      this.#add(key, placed, content)
      return placed.reference_no
    })
  }

  /** In addTogether: the first of so many numbers, for addVersion or for drafts. */
  reserve(count: number): number {
    const together = this.#together as { nextNo: number }
    together.nextNo += count
    return together.nextNo - count
  }

  /** Inserts a draft that has been sealed, with the next flush. */
  put({ placed, sample }: ReferenceDraft, value: Sealed, picture: Sealed | undefined): void {
    this.#insert(placed, value, true)
    if (sample !== undefined && picture !== undefined) this.#samples.put(placed.reference_no, sample.encoding, picture, true)
  }

  #add(key: KeyObject, placed: PlacedReference, content: ReferenceContent): void {
    const details = detailsText(content)
    const room = this.#payloadOfLength(Buffer.byteLength(details) + payloadBytes(content.template))
    const plain = room.subarray(0, writePayload(room, 0, details, content.template))
    const value = this.#sealer.seal(key, placeOf(placed), plain)
    plain.fill(0)
    const later = this.#together !== undefined
    this.#insert(placed, value, later)
    if (content.sample !== null) this.#samples.add(key, placed, content.sample, later)
  }

  #insert(placed: PlacedReference, { algorithm, nonce, tag, sealed }: Sealed, later: boolean): void {
    const { reference_no, subject_no, ...shared } = placed
    this.#rows.put([reference_no, subject_no, nonce, tag, sealed], { ...shared, active: 1, algorithm }, later)
  }

  /** The bytes are those of the next call too: the caller zeroes them before. */
  #payloadOfLength(length: number): Buffer {
    // A buffer of its own for each template costs a fifth of sealing it.
    if (this.#payload.length < length) this.#payload = Buffer.alloc(length)
    return this.#payload.subarray(0, length)
  }

  /** Takes a subject's references out of the gallery; they stay stored. @returns their numbers */
  retire(subjectNo: number, nowMs: number): number[] {
    const numbers = this.activeNos(subjectNo)
    this.#retire.run(nowMs, subjectNo)
    return numbers
  }

  /** Seals all references and samples of a subject under another key; the caller is in a transaction. @throws vault.damaged */
  reseal(subjectNo: number, old: KeyObject, renewed: KeyObject): void {
    for (const row of this.#ofSubject.all(subjectNo)) {
      const { algorithm, nonce, tag, sealed } = this.#sealer.reseal(placeOf(row), row, old, renewed)
      this.#setSealed.run(algorithm, nonce, tag, sealed, row.reference_no)
    }
    this.#samples.reseal(subjectNo, old, renewed)
  }

  /** Numbers of the references of a version, ascending. */
  nosOfVersion(subjectNo: number, version: number): number[] {
    return this.#nosOfVersion.all(subjectNo, version)
  }

  /** Brings the references of a version into the gallery. */
  activate(subjectNo: number, version: number): void {
    this.#activate.run(subjectNo, version)
  }

  /** Takes a subject's references out of the gallery without superseding them. @returns their numbers */
  withhold(subjectNo: number): number[] {
    const numbers = this.activeNos(subjectNo)
    this.#withhold.run(subjectNo)
    return numbers
  }

  /** Brings references that were withheld back into the gallery. */
  release(subjectNo: number, referenceNos: readonly number[]): void {
    for (const referenceNo of referenceNos) this.#release.run(referenceNo, subjectNo)
  }

  /** References that were superseded until then, so many of them; none of whom processing is restricted. */
  superseded(untilMs: number, count: number): { reference_no: number; subject_no: number }[] {
    return this.#superseded.all(untilMs, count)
  }

  supersededCount(untilMs: number): number {
    return this.#supersededCount.get(untilMs) as number
  }

  /** Deletes references and their samples. */
  remove(referenceNos: readonly number[]): void {
    for (const referenceNo of referenceNos) {
      this.#samples.remove(referenceNo)
      this.#deleteOne.run(referenceNo)
    }
  }

  /** Deletes all references and samples of a subject. @returns the numbers that were in the gallery */
  erase(subjectNo: number): number[] {
    const numbers = this.activeNos(subjectNo)
    this.#samples.erase(subjectNo)
    this.#delete.run(subjectNo)
    return numbers
  }

  activeByNo(referenceNo: number): KeyedReferenceRow | undefined {
    return this.#activeByNo.get(referenceNo)
  }

  activeOfModel(subjectNo: number, model: string): KeyedReferenceRow[] {
    return this.#activeOfModel.all(subjectNo, model)
  }

  newestActive(subjectNo: number): KeyedReferenceRow | undefined {
    return this.#newestActive.get(subjectNo)
  }

  /** Numbers of the references of a subject that are in a gallery, ascending. */
  activeNos(subjectNo: number): number[] {
    return this.#activeNos.all(subjectNo).map((row) => row.reference_no)
  }

  activeCount(subjectNo: number): number {
    return this.#activeCount.get(subjectNo)!.count
  }

  /** Every reference of a subject, superseded ones too, oldest first. */
  ofSubject(subjectNo: number): ReferenceRow[] {
    return this.#ofSubject.all(subjectNo)
  }

  /** References of a model with numbers from first to last, superseded ones too. */
  range(model: string, first: number, last: number): KeyedReferenceRow[] {
    return this.#range.all(model, first, last)
  }

  /** Numbers of the active references of a model from first to last, ascending. */
  galleryNos(model: string, first: number, last: number): Uint32Array {
    return Uint32Array.from(this.#galleryNos.all(model, first, last))
  }

  /** Active references of a model. */
  galleryCount(model: string): number {
    return this.#galleryCount.get(model) as number
  }

  /** Models that have active references. */
  galleryModels(): string[] {
    const models: string[] = []
    for (let model = this.#nextModel.get(''); model !== undefined; model = this.#nextModel.get(model)) models.push(model)
    return models
  }

  /** The highest number that was given out. */
  lastNo(): number {
    return (this.#nextNo.get() as { next: number }).next - 1
  }

  /** Numbers of all references of a subject, superseded ones too. */
  allNos(subjectNo: number): number[] {
    return this.#allNos.all(subjectNo)
  }

  /** @throws vault.damaged */
  templateOf(row: ReferenceRow, key: KeyObject): Float32Array {
    return this.#payloadOf(row, key, templateIn)
  }

  /** @throws vault.damaged */
  detailsOf(row: ReferenceRow, key: KeyObject): ReferenceDetails {
    return this.#payloadOf(row, key, detailsIn)
  }

  #payloadOf<T>(row: ReferenceRow, key: KeyObject, take: (payload: Buffer) => T): T {
    const plain = unseal(key, placeOf(row), row)
    const taken = take(plain)
    plain.fill(0)
    return taken
  }

  /** Unseals every reference and sample of a subject and keeps nothing. @returns how many @throws vault.damaged */
  verifyAll(subjectNo: number, key: KeyObject): number {
    let seen = 0
    for (const row of this.ofSubject(subjectNo)) {
      this.templateOf(row, key).fill(0)
      seen += this.#samples.verify(row.reference_no, subjectNo, key) ? 2 : 1
    }
    return seen
  }

  subjectOf(referenceNo: number): number | undefined {
    return this.#subjectOf.get(referenceNo)
  }

  /** The sample of one reference; null where it has none. @throws vault.damaged */
  sampleOf(referenceNo: number, subjectNo: number, key: KeyObject): Uint8Array | null {
    return this.#samples.ofReference(referenceNo, subjectNo, key)
  }

  /** Seals the sample of one reference anew as that of another one of the same subject; the caller is in a transaction. */
  moveSample(fromNo: number, toNo: number, key: KeyObject): void {
    const subjectNo = this.#subjectOf.get(fromNo)
    const target = subjectNo === undefined ? undefined : this.ofSubject(subjectNo).find(({ reference_no }) => reference_no === toNo)
    if (target !== undefined) this.#samples.move(fromNo, target, key)
  }

  /** The newest stored sample of the active version, or of those before; null where there is none. @throws vault.damaged */
  newestSample(subjectNo: number, key: KeyObject): Uint8Array | null {
    return this.#samples.newestOf(subjectNo, key)
  }
}
