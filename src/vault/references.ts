/**
 * References, their templates and samples. A reference's template and details are sealed as one value; what tells where it
 * came from (model, version, capture source, presentation attack detection) is authenticated with it.
 */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { CaptureQuality, type Exemption } from '../contract/quality.ts'
import type { CaptureSource, Pad } from '../contract/types.ts'
import { unrestricted } from './restrictions.ts'
import { RowsTogether } from './rowsTogether.ts'
import { decodeSample, encodeSample } from './sampleEncoding.ts'
import { aadTextOf, type Place, type Sealed, type Sealer, unseal } from './seal.ts'
import { type WrappedKeyColumns, wrappedKeyColumns, wrappedKeyJoin } from './subjects.ts'

/** What is sealed beside the template. */
export interface ReferenceDetails {
  readonly quality: CaptureQuality | null
  /** Why it was not held to the whole preset. */
  readonly exemption?: Exemption | undefined
  /** Of a stored template only. */
  readonly metadata?: Record<string, unknown>
}

/** A reference as a row of its own, without its subject's key. */
export interface ReferenceRow {
  readonly reference_no: number
  readonly subject_no: number
  readonly version: number
  readonly active: 0 | 1
  readonly model: string
  readonly capture_source: CaptureSource
  readonly pad: Pad
  readonly created_ms: number
  readonly algorithm: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

export type KeyedReferenceRow = ReferenceRow & WrappedKeyColumns

interface SampleRow {
  readonly reference_no: number
  readonly version: number
  readonly model: string
  readonly encoding: string
  readonly algorithm: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

/** What a new reference is made of. */
export interface ReferenceContent extends ReferenceDetails {
  readonly model: string
  readonly template: Float32Array
  readonly captureSource: CaptureSource
  readonly pad: Pad
  readonly sample: Uint8Array | null
}

const templateDimensionMax = 4096
const floatBytes = Float32Array.BYTES_PER_ELEMENT
const lengthBytes = 4

const rowColumns = `r.reference_no, r.subject_no, r.version, r.active, r.model, r.capture_source, r.pad, r.created_ms,
  r.algorithm, r.nonce, r.tag, r.sealed`
const selectKeyed = `SELECT ${rowColumns}, ${wrappedKeyColumns}
  FROM subject_references r JOIN subjects s ON s.subject_no = r.subject_no ${wrappedKeyJoin}`

type Placed = Pick<ReferenceRow, 'reference_no' | 'subject_no' | 'version' | 'model' | 'capture_source' | 'pad' | 'created_ms'>
const placeOf = (row: Placed): Place => [
  'subject_references',
  'sealed',
  row.reference_no,
  row.subject_no,
  row.model,
  row.version,
  row.capture_source,
  row.pad,
  row.created_ms,
]
const samplePlace = (row: Pick<Placed, 'reference_no' | 'subject_no' | 'version' | 'model'> & { encoding: string }): Place => [
  'samples',
  'sealed',
  row.reference_no,
  row.subject_no,
  row.model,
  row.version,
  // Samples of before there were encodings have none in their place.
  ...(row.encoding === 'plain' ? [] : [row.encoding]),
]

/** A reference that is added together with others, before it is sealed. */
export interface ReferenceDraft {
  readonly placed: Placed
  /** What is authenticated with it. */
  readonly aad: string
  readonly details: string
  readonly template: Float32Array
  readonly sample: { readonly encoding: string; readonly bytes: Uint8Array; readonly aad: string } | undefined
}

function placedOf(referenceNo: number, subjectNo: number, version: number, content: ReferenceContent, nowMs: number): Placed {
  return {
    reference_no: referenceNo,
    subject_no: subjectNo,
    version,
    model: content.model,
    capture_source: content.captureSource,
    pad: content.pad,
    created_ms: nowMs,
  }
}

/** The reference of that number in a subject's first version, to be sealed with others and then inserted (put). */
export function referenceDraft(referenceNo: number, subjectNo: number, content: ReferenceContent, nowMs: number): ReferenceDraft {
  const placed = placedOf(referenceNo, subjectNo, 1, content, nowMs)
  const { template } = content
  const encoded = content.sample === null ? undefined : encodeSample(content.sample)
  const sample = encoded === undefined ? undefined : { ...encoded, aad: aadTextOf(samplePlace({ ...placed, encoding: encoded.encoding })) }
  return { placed, aad: aadTextOf(placeOf(placed)), details: detailsText(content), template, sample }
}

const detailsText = ({ quality, exemption, metadata }: ReferenceContent): string => JSON.stringify({ quality, exemption, metadata })

/** Bytes of what is sealed of a reference, without its details. */
export const payloadBytes = (template: Float32Array): number => lengthBytes + template.byteLength

/**
 * Writes what is sealed of a reference: u32 length of the details, the details as JSON, the template as float32, little endian.
 * @returns where it ends
 */
export function writePayload(bytes: Buffer, at: number, details: string, template: Float32Array): number {
  const detailsLength = bytes.write(details, at + lengthBytes)
  bytes.writeUInt32LE(detailsLength, at)
  const templateAt = at + lengthBytes + detailsLength
  bytes.set(bytesOf(template), templateAt)
  return templateAt + template.byteLength
}

export class References {
  readonly #sealer: Sealer
  /** Where payloads are put together. */
  #payload: Buffer = Buffer.alloc(0)
  /** The next number is asked for once in addTogether. */
  #together: { nextNo: number } | undefined
  readonly #nextNo: Database.Statement<[], { next: number }>
  readonly #rows: RowsTogether<[number, number, number, string, CaptureSource, Pad, number, string, Buffer, Buffer, Buffer]>
  readonly #sampleRows: RowsTogether<[number, string, string, Buffer, Buffer, Buffer]>
  readonly #retire: Database.Statement<[number, number]>
  readonly #activate: Database.Statement<[number, number]>
  readonly #withhold: Database.Statement<[number]>
  readonly #release: Database.Statement<[number, number]>
  readonly #nosOfVersion: Database.Statement<[number, number], number>
  readonly #superseded: Database.Statement<[number, number], { reference_no: number; subject_no: number }>
  readonly #supersededCount: Database.Statement<[number], number>
  readonly #deleteSample: Database.Statement<[number]>
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
  readonly #newestSample: Database.Statement<[number], SampleRow>
  readonly #samplesOfSubject: Database.Statement<[number], SampleRow>
  readonly #setSealed: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #setSample: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #sampleOf: Database.Statement<[number], SampleRow>
  readonly #subjectOf: Database.Statement<[number], number>
  readonly #deleteSamples: Database.Statement<[number]>
  readonly #delete: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#nextNo = database.prepare(`SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'subject_references'`)
    this.#rows = new RowsTogether(
      database,
      `INSERT INTO subject_references (reference_no, subject_no, version, active, model, capture_source, pad, created_ms, algorithm, nonce,
        tag, sealed) VALUES`,
      '(?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#sampleRows = new RowsTogether(
      database,
      'INSERT INTO samples (reference_no, encoding, algorithm, nonce, tag, sealed) VALUES',
      '(?, ?, ?, ?, ?, ?)',
    )
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
    this.#deleteSample = database.prepare('DELETE FROM samples WHERE reference_no = ?')
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
    const selectSample = `SELECT r.reference_no, r.version, r.model, p.encoding, p.algorithm, p.nonce, p.tag, p.sealed
      FROM subject_references r JOIN samples p ON p.reference_no = r.reference_no`
    this.#sampleOf = database.prepare(`${selectSample} WHERE r.reference_no = ?`)
    this.#subjectOf = database.prepare<[number], number>('SELECT subject_no FROM subject_references WHERE reference_no = ?').pluck()
    this.#newestSample = database.prepare(`${selectSample}
      WHERE r.subject_no = ? ORDER BY r.active DESC, r.reference_no DESC LIMIT 1`)
    this.#samplesOfSubject = database.prepare(`${selectSample} WHERE r.subject_no = ?`)
    this.#setSealed = database.prepare('UPDATE subject_references SET algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE reference_no = ?')
    this.#setSample = database.prepare('UPDATE samples SET algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE reference_no = ?')
    this.#deleteSamples = database.prepare(
      'DELETE FROM samples WHERE reference_no IN (SELECT reference_no FROM subject_references WHERE subject_no = ?)',
    )
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
      this.#sampleRows.drop()
    }
  }

  /** Inserts what addTogether has taken. */
  flush(): void {
    this.#rows.flush()
    this.#sampleRows.flush()
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
    if (sample !== undefined && picture !== undefined) this.#insertSample(placed.reference_no, sample.encoding, picture, true)
  }

  #add(key: KeyObject, placed: Placed, content: ReferenceContent): void {
    const details = detailsText(content)
    const plain = this.#payloadOfLength(Buffer.byteLength(details) + payloadBytes(content.template))
    writePayload(plain, 0, details, content.template)
    const value = this.#sealer.seal(key, placeOf(placed), plain)
    plain.fill(0)
    const later = this.#together !== undefined
    this.#insert(placed, value, later)
    if (content.sample === null) return
    const { encoding, bytes } = encodeSample(content.sample)
    this.#insertSample(placed.reference_no, encoding, this.#sealer.seal(key, samplePlace({ ...placed, encoding }), bytes), later)
  }

  #insert(placed: Placed, { algorithm, nonce, tag, sealed }: Sealed, later: boolean): void {
    const { reference_no, subject_no, version, model, capture_source, pad, created_ms } = placed
    this.#rows.put([reference_no, subject_no, version, model, capture_source, pad, created_ms, algorithm, nonce, tag, sealed], later)
  }

  #insertSample(referenceNo: number, encoding: string, { algorithm, nonce, tag, sealed }: Sealed, later: boolean): void {
    this.#sampleRows.put([referenceNo, encoding, algorithm, nonce, tag, sealed], later)
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
      const { algorithm, nonce, tag, sealed } = this.#resealed(placeOf(row), row, old, renewed)
      this.#setSealed.run(algorithm, nonce, tag, sealed, row.reference_no)
    }
    for (const row of this.#samplesOfSubject.all(subjectNo)) {
      const place = samplePlace({ ...row, subject_no: subjectNo })
      const { algorithm, nonce, tag, sealed } = this.#resealed(place, row, old, renewed)
      this.#setSample.run(algorithm, nonce, tag, sealed, row.reference_no)
    }
  }

  #resealed(place: Place, value: Sealed, old: KeyObject, renewed: KeyObject): Sealed {
    const plain = unseal(old, place, value)
    const sealed = this.#sealer.seal(renewed, place, plain)
    plain.fill(0)
    return sealed
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
      this.#deleteSample.run(referenceNo)
      this.#deleteOne.run(referenceNo)
    }
  }

  /** Deletes all references and samples of a subject. @returns the numbers that were in the gallery */
  erase(subjectNo: number): number[] {
    const numbers = this.activeNos(subjectNo)
    this.#deleteSamples.run(subjectNo)
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
    return this.#payloadOf(row, key, ({ templateBytes }) => {
      const template = new Float32Array(templateBytes.length / floatBytes)
      bytesOf(template).set(templateBytes)
      return template
    })
  }

  /** @throws vault.damaged */
  detailsOf(row: ReferenceRow, key: KeyObject): ReferenceDetails {
    return this.#payloadOf(row, key, ({ details }): ReferenceDetails => {
      const read: ReferenceDetails = JSON.parse(details.toString())
      // References from before the components of ISO/IEC 29794-5 were measured have other numbers, which mean nothing now.
      return { ...read, quality: CaptureQuality.safeParse(read.quality).data ?? null }
    })
  }

  #payloadOf<T>(row: ReferenceRow, key: KeyObject, take: (payload: { details: Buffer; templateBytes: Buffer }) => T): T {
    const plain = unseal(key, placeOf(row), row)
    const templateAt = lengthBytes + plain.readUInt32LE(0)
    const taken = take({ details: plain.subarray(lengthBytes, templateAt), templateBytes: plain.subarray(templateAt) })
    plain.fill(0)
    return taken
  }

  /** Unseals every reference and sample of a subject and keeps nothing. @returns how many @throws vault.damaged */
  verifyAll(subjectNo: number, key: KeyObject): number {
    let seen = 0
    for (const row of this.ofSubject(subjectNo)) {
      this.templateOf(row, key).fill(0)
      const sample = this.#sampleOf.get(row.reference_no)
      if (sample !== undefined) unseal(key, samplePlace({ ...sample, subject_no: subjectNo }), sample).fill(0)
      seen += sample === undefined ? 1 : 2
    }
    return seen
  }

  subjectOf(referenceNo: number): number | undefined {
    return this.#subjectOf.get(referenceNo)
  }

  /** The sample of one reference; null where it has none. @throws vault.damaged */
  sampleOf(referenceNo: number, subjectNo: number, key: KeyObject): Uint8Array | null {
    const row = this.#sampleOf.get(referenceNo)
    return row === undefined ? null : decodeSample(row.encoding, unseal(key, samplePlace({ ...row, subject_no: subjectNo }), row))
  }

  /** Seals the sample of one reference anew as that of another one of the same subject; the caller is in a transaction. */
  moveSample(fromNo: number, toNo: number, key: KeyObject): void {
    const subjectNo = this.#subjectOf.get(fromNo)
    const row = this.#sampleOf.get(fromNo)
    const target = subjectNo === undefined ? undefined : this.ofSubject(subjectNo).find(({ reference_no }) => reference_no === toNo)
    if (row === undefined || target === undefined) return
    const plain = unseal(key, samplePlace({ ...row, subject_no: target.subject_no }), row)
    const moved = this.#sealer.seal(key, samplePlace({ ...target, encoding: row.encoding }), plain)
    plain.fill(0)
    this.#sampleRows.insert([toNo, row.encoding, moved.algorithm, moved.nonce, moved.tag, moved.sealed])
  }

  /** The newest stored sample of the active version, or of those before; null where there is none. @throws vault.damaged */
  newestSample(subjectNo: number, key: KeyObject): Uint8Array | null {
    const row = this.#newestSample.get(subjectNo)
    return row === undefined ? null : decodeSample(row.encoding, unseal(key, samplePlace({ ...row, subject_no: subjectNo }), row))
  }
}

/** @throws template.invalid for no numbers, too many, or one that is not finite */
export function assertTemplate(template: Float32Array): void {
  if (template.length === 0 || template.length > templateDimensionMax || !allFinite(template)) throw new VultusError('template.invalid')
}

/**
 * Ten times as fast as every(Number.isFinite): a sum of float32 numbers that are finite is finite in float64, and one with any other never
 * is. Four sums, because each addition would wait for the one before.
 */
function allFinite(template: Float32Array): boolean {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  const whole = template.length - (template.length % 4)
  for (let at = 0; at < whole; at += 4) {
    first += template[at] as number
    second += template[at + 1] as number
    third += template[at + 2] as number
    fourth += template[at + 3] as number
  }
  for (let at = whole; at < template.length; at++) first += template[at] as number
  return Number.isFinite(first + second + third + fourth)
}

/** The bytes of a template, as they are sealed: little endian on every machine that Vultus runs on. */
function bytesOf(template: Float32Array): Uint8Array {
  return new Uint8Array(template.buffer, template.byteOffset, template.byteLength)
}
