/**
 * Subjects and their keys.
 *
 * 1. Each subject has a random key; everything of the subject is sealed under it; it stands in the database only wrapped
 *    by the key of an epoch. Destroying the wrapped key destroys the data, wherever copies of the sealed bytes are.
 * 2. The site's id and name are sealed. The id is found by its HMAC (blind index), which tells nobody without the key
 *    more than that two ids are equal.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { LabelChange, SubjectLabel } from '../contract/label.ts'
import type { Consent } from '../contract/rows/consent.ts'
import { changedLabel } from '../core/labels.ts'
import type { Epochs } from './epochs.ts'
import { macOf } from './keys/derive.ts'
import { keyBytes } from './keys/provider.ts'
import { Labels } from './labels.ts'
import { ManyMacs } from './prefixRows.ts'
import { pooled, type RandomSource, timedId } from './random.ts'
import { RowsTogether } from './rowsTogether.ts'
import { type Place, type Sealed, type Sealer, unseal } from './seal.ts'
import type { SealOrder } from './sealBatch.ts'
import { SubjectIds } from './subjectIds.ts'
import { SubjectKeyCache } from './subjectKeys.ts'

/** enrolled: by an operator, with references; stored: a template that the storage interface was given. */
export type SubjectOrigin = 'enrolled' | 'stored'

/** Columns that key rows have in every query that joins them. */
export interface WrappedKeyColumns {
  readonly subject_no: number
  readonly audit_id: string
  readonly key_epoch: number
  readonly key_algorithm: string
  readonly key_nonce: Buffer
  readonly key_tag: Buffer
  readonly key_wrapped: Buffer
}

export interface SubjectRow extends WrappedKeyColumns {
  readonly origin: SubjectOrigin
  readonly version: number
  readonly created_ms: number
  readonly algorithm: string
  readonly identity_nonce: Buffer
  readonly identity_tag: Buffer
  readonly identity_sealed: Buffer
}

export interface Identity {
  readonly id: string
  readonly name: string | null
  /** What the subject agreed to, oldest first; left out where nobody was asked. */
  readonly consents?: readonly Consent[]
}

/** What a query selects to have WrappedKeyColumns; subjects is s, subject_keys is k. */
export const wrappedKeyColumns = `s.subject_no, s.audit_id,
  k.key_epoch, k.algorithm AS key_algorithm, k.nonce AS key_nonce, k.tag AS key_tag, k.wrapped AS key_wrapped`
export const wrappedKeyJoin = 'JOIN subject_keys k ON k.subject_no = s.subject_no'

const selectSubjects = `SELECT ${wrappedKeyColumns}, s.origin, s.version, s.created_ms,
  s.algorithm, s.identity_nonce, s.identity_tag, s.identity_sealed FROM subjects s ${wrappedKeyJoin}`

/** Where the key of a subject is wrapped. */
export const keyPlace = (row: Pick<SubjectRow, 'subject_no' | 'audit_id' | 'key_epoch'>): Place => [
  'subject_keys',
  'wrapped',
  row.subject_no,
  row.audit_id,
  row.key_epoch,
]
/** Where the identity of a subject is sealed. */
export const identityPlace = (row: Pick<SubjectRow, 'subject_no' | 'audit_id'>): Place => [
  'subjects',
  'identity',
  row.subject_no,
  row.audit_id,
]

/** What a site's id is found by. */
const idText = (id: string): string => `subject id/${id}`

/** The blind index of a subject's id. */
export const idIndexOf = (blindIndex: KeyObject, id: string): Buffer => macOf(blindIndex, idText(id))

/** What subjects need of the vault's keys. */
export interface SubjectKeys {
  readonly blindIndex: KeyObject
  readonly epochs: Epochs
}

interface Together {
  nextNo: number
  readonly epoch: number
  /** The index of each id, where no subject had that id when they were looked up. */
  readonly unknown: ReadonlyMap<string, Buffer>
}

/** A subject that is made together with others, before its key and its identity are sealed. */
export interface SubjectDraft {
  readonly subject_no: number
  readonly audit_id: string
  readonly key_epoch: number
  readonly origin: SubjectOrigin
  readonly idIndex: Buffer
  /** What of it is sealed, as JSON. */
  readonly identity: string
}

/** What is inserted of a new subject beside what it is called by. */
interface NewRow {
  readonly index: Buffer
  readonly origin: SubjectOrigin
  readonly nowMs: number
  readonly wrapped: Sealed
  readonly identity: Sealed
}

/** Of a subject that is enrolled again and again the newest are kept. */
const consentsMax = 200
/** Longer ones are looked up one by one; what an id may be is settled by the doors. */
const idTextBytesMax = 256

export class Subjects {
  readonly #keys: SubjectKeys
  readonly #sealer: Sealer
  readonly #random: RandomSource
  /** The id that was looked up last and its HMAC: a subject that is not found is created next. */
  #lastIndex: { readonly id: string; readonly index: Buffer } | undefined
  readonly #cache = new SubjectKeyCache()
  readonly #labels: Labels
  /** What is asked for once in createTogether: nobody else makes subjects or epochs meanwhile. */
  #together: Together | undefined
  readonly #ids: SubjectIds
  readonly #byIndex: Database.Statement<[number, Buffer], SubjectRow>
  readonly #indexOfNo: Database.Statement<[number], Buffer>
  readonly #byNo: Database.Statement<[number], SubjectRow>
  readonly #all: Database.Statement<[], SubjectRow>
  readonly #after: Database.Statement<[number, number], SubjectRow>
  readonly #nextNo: Database.Statement<[], { next: number }>
  readonly #rows: RowsTogether<
    [number, string, Buffer, Buffer, Buffer, Buffer],
    { readonly origin: SubjectOrigin; readonly version: 1; readonly created_ms: number; readonly algorithm: string }
  >
  readonly #keyRows: RowsTogether<[number, Buffer, Buffer, Buffer], { readonly key_epoch: number; readonly algorithm: string }>
  readonly #replaceKey: Database.Statement<[number, string, Buffer, Buffer, Buffer, number]>
  readonly #setVersion: Database.Statement<[number, SubjectOrigin, number]>
  readonly #setIdentity: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #delete: Database.Statement<[number]>
  readonly #deleteKeys: Database.Statement<[number]>

  constructor(database: Database.Database, keys: SubjectKeys, sealer: Sealer, random: RandomSource) {
    this.#keys = keys
    this.#sealer = sealer
    this.#random = pooled(random)
    this.#ids = new SubjectIds(database)
    this.#labels = new Labels(database, sealer)
    this.#byIndex = database.prepare(`${selectSubjects} WHERE s.subject_no = ? AND s.id_index = ?`)
    this.#indexOfNo = database.prepare<[number], Buffer>('SELECT id_index FROM subjects WHERE subject_no = ?').pluck()
    this.#byNo = database.prepare(`${selectSubjects} WHERE s.subject_no = ?`)
    this.#all = database.prepare(`${selectSubjects} ORDER BY s.subject_no`)
    this.#after = database.prepare(`${selectSubjects} WHERE s.subject_no > ? ORDER BY s.subject_no LIMIT ?`)
    this.#nextNo = database.prepare(`SELECT coalesce(max(seq), 0) + 1 AS next FROM sqlite_sequence WHERE name = 'subjects'`)
    this.#rows = new RowsTogether(database, 'INSERT INTO subjects', {
      own: ['subject_no', 'audit_id', 'id_index', 'identity_nonce', 'identity_tag', 'identity_sealed'],
      shared: ['origin', 'version', 'created_ms', 'algorithm'],
    })
    this.#keyRows = new RowsTogether(database, 'INSERT INTO subject_keys', {
      own: ['subject_no', 'nonce', 'tag', 'wrapped'],
      shared: ['key_epoch', 'algorithm'],
    })
    this.#replaceKey = database.prepare(
      'UPDATE subject_keys SET key_epoch = ?, algorithm = ?, nonce = ?, tag = ?, wrapped = ? WHERE subject_no = ?',
    )
    this.#setVersion = database.prepare('UPDATE subjects SET version = ?, origin = ? WHERE subject_no = ?')
    this.#setIdentity = database.prepare(
      'UPDATE subjects SET algorithm = ?, identity_nonce = ?, identity_tag = ?, identity_sealed = ? WHERE subject_no = ?',
    )
    this.#delete = database.prepare('DELETE FROM subjects WHERE subject_no = ?')
    this.#deleteKeys = database.prepare('DELETE FROM subject_keys WHERE subject_no = ?')
  }

  find(id: string): SubjectRow | undefined {
    return this.#together?.unknown.has(id) === true ? undefined : this.#findByIndex(this.#indexOf(id))
  }

  #findByIndex(index: Buffer): SubjectRow | undefined {
    for (const subjectNo of this.#ids.candidates(index)) {
      const row = this.#byIndex.get(subjectNo, index)
      if (row !== undefined) return row
    }
    return undefined
  }

  /** @throws subject.unknown */
  known(id: string): SubjectRow {
    const subject = this.find(id)
    if (subject === undefined) throw new VultusError('subject.unknown')
    return subject
  }

  byNo(subjectNo: number): SubjectRow | undefined {
    return this.#byNo.get(subjectNo)
  }

  all(): SubjectRow[] {
    return this.#all.all()
  }

  /** So many subjects with higher numbers than this one, ascending. */
  after(subjectNo: number, count: number): SubjectRow[] {
    return this.#after.all(subjectNo, count)
  }

  /** In createTogether: whether no subject has that id yet. */
  isNew(id: string): boolean {
    return this.#together?.unknown.has(id) === true
  }

  /** In createTogether: a new subject, whose key and identity the caller has sealed and then inserted (put). */
  draft(identity: Identity, origin: SubjectOrigin, nowMs: number): SubjectDraft {
    const together = this.#together as Together
    return {
      subject_no: together.nextNo++,
      audit_id: timedId(this.#random, nowMs),
      key_epoch: together.epoch,
      origin,
      idIndex: this.#indexOf(identity.id),
      identity: JSON.stringify(identity),
    }
  }

  /** What keys of drafts are wrapped with, and what is sealed with. */
  sealsOf(epoch: number): Omit<SealOrder, 'memory' | 'use'> {
    return { wrappingKey: this.#keys.epochs.keyOf(epoch), algorithm: this.#sealer.algorithm }
  }

  /** Inserts a draft with the next flush; a row of version 1. */
  put(draft: SubjectDraft, wrapped: Sealed, identity: Sealed, nowMs: number): void {
    this.#insert(draft, { index: draft.idIndex, origin: draft.origin, nowMs, wrapped, identity }, true)
  }

  #insert(subject: Pick<SubjectDraft, 'subject_no' | 'audit_id' | 'key_epoch'>, values: NewRow, later: boolean): void {
    const { subject_no, audit_id, key_epoch } = subject
    const { index, origin, nowMs, wrapped, identity } = values
    const shared = { origin, version: 1, created_ms: nowMs, algorithm: identity.algorithm } as const
    this.#rows.put([subject_no, audit_id, index, identity.nonce, identity.tag, identity.sealed], shared, later)
    this.#keyRows.put([subject_no, wrapped.nonce, wrapped.tag, wrapped.sealed], { key_epoch, algorithm: wrapped.algorithm }, later)
    this.#ids.add(index, subject_no)
  }

  /** @returns the subject, whose first version the caller writes: a row of version 0, stored as version 1 */
  create({ id, name, consents }: Identity, origin: SubjectOrigin, nowMs: number): SubjectRow {
    const subject = {
      subject_no: this.#nextNo.get()!.next,
      audit_id: timedId(this.#random, nowMs),
      key_epoch: this.#keys.epochs.newest(),
    }
    const bytes = this.#random(keyBytes)
    const key = createSecretKey(bytes)
    const wrapped = this.#wrap(subject, bytes)
    bytes.fill(0)
    const identity = this.#sealIdentity(subject, key, consents === undefined ? { id, name } : { id, name, consents })
    this.#insert(subject, { index: this.#indexOf(id), origin, nowMs, wrapped, identity }, false)
    this.#ids.settle(1)
    const row: SubjectRow = {
      ...subject,
      key_algorithm: wrapped.algorithm,
      key_nonce: wrapped.nonce,
      key_tag: wrapped.tag,
      key_wrapped: wrapped.sealed,
      origin,
      version: 0,
      created_ms: nowMs,
      algorithm: identity.algorithm,
      identity_nonce: identity.nonce,
      identity_tag: identity.tag,
      identity_sealed: identity.sealed,
    }
    this.#cache.keep(row, key)
    return row
  }

  /**
   * Runs what creates many subjects, and flushes them now and then; the caller is in their transaction, and nothing else in it makes
   * subjects.
   * @param ids of those that are created or changed, each once
   */
  createTogether(ids: readonly string[], run: () => void): void {
    const unknown = this.#unknownOf(ids)
    this.#together = { nextNo: this.#nextNo.get()!.next, epoch: this.#keys.epochs.newest(), unknown }
    try {
      run()
      this.#ids.settle(unknown.size)
    } finally {
      this.#together = undefined
      this.#rows.drop()
      this.#keyRows.drop()
    }
  }

  /** The index of each id that no subject has. */
  #unknownOf(ids: readonly string[]): Map<string, Buffer> {
    const macs = new ManyMacs(this.#keys.blindIndex, idTextBytesMax)
    const unknown = new Map<string, Buffer>()
    try {
      for (const id of ids) {
        const text = idText(id)
        unknown.set(id, macs.takes(text) ? macs.of(text) : this.#indexOf(id))
      }
    } finally {
      macs.end()
    }
    const suspects = this.#ids.withCandidates([...unknown.values()])
    for (const [id, index] of suspects.size === 0 ? [] : unknown)
      if (suspects.has(index) && this.#findByIndex(index) !== undefined) unknown.delete(id)
    return unknown
  }

  /** Inserts what createTogether has taken. */
  flush(): void {
    this.#rows.flush()
    this.#keyRows.flush()
  }

  setVersion(subject: SubjectRow, version: number, origin: SubjectOrigin): void {
    this.#setVersion.run(version, origin, subject.subject_no)
  }

  /** Gives a subject another name, or none, or records one more consent. */
  amend(subject: SubjectRow, { name, consent }: { name?: string | null | undefined; consent?: Consent | undefined }): void {
    const before = this.identityOf(subject)
    const consents = consent === undefined ? before.consents : [...(before.consents ?? []), consent].slice(-consentsMax)
    this.#putIdentity(subject, this.keyOf(subject), {
      ...before,
      name: name === undefined ? before.name : name,
      ...(consents === undefined ? {} : { consents }),
    })
  }

  /** The subject's key. @throws vault.damaged */
  keyOf(row: WrappedKeyColumns): KeyObject {
    const known = this.#cache.find(row)
    if (known !== undefined) return known
    const bytes = this.#unwrap(row)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    this.#cache.keep(row, key)
    return key
  }

  /** Wraps the same key by another epoch; the caller is in a transaction. @throws vault.damaged */
  rewrap(row: WrappedKeyColumns, epoch: number): void {
    const bytes = this.#unwrap(row)
    this.#setKey({ ...row, key_epoch: epoch }, bytes)
    bytes.fill(0)
  }

  /** Gives a subject a new key and seals its identity under it; the caller does the same for all else. @returns the old and the new key */
  renewKey(row: SubjectRow, epoch: number): { old: KeyObject; renewed: KeyObject } {
    const old = this.keyOf(row)
    const identity = this.#identityWith(row, old)
    const bytes = this.#random(keyBytes)
    const renewed = createSecretKey(bytes)
    this.#setKey({ ...row, key_epoch: epoch }, bytes)
    bytes.fill(0)
    this.#putIdentity(row, renewed, identity)
    this.#labels.reseal(row.subject_no, old, renewed)
    this.#cache.drop(row.subject_no)
    return { old, renewed }
  }

  /** Lets go of every unwrapped key, and of ids. */
  dropCaches(): void {
    this.#dropKeys()
    this.#ids.drop()
  }

  #dropKeys(): void {
    this.#cache.clear()
    this.#lastIndex = undefined
  }

  /** To be told of the end of every transaction. */
  ended(committed: boolean): void {
    this.#ids.ended(committed)
  }

  identityOf(row: SubjectRow): Identity {
    return this.#identityWith(row, this.keyOf(row))
  }

  /** How a subject is labelled. @throws vault.damaged */
  labelOf(row: WrappedKeyColumns): SubjectLabel {
    return this.#labels.of(row.subject_no, this.keyOf(row))
  }

  /** The caller is in a transaction. @returns the label as it now is */
  changeLabel(row: WrappedKeyColumns, change: LabelChange): SubjectLabel {
    const key = this.keyOf(row)
    const label = changedLabel(this.#labels.of(row.subject_no, key), change)
    this.#labels.set(row.subject_no, key, label)
    return label
  }

  #identityWith(row: SubjectRow, key: KeyObject): Identity {
    const plain = unseal(key, identityPlace(row), {
      algorithm: row.algorithm,
      nonce: row.identity_nonce,
      tag: row.identity_tag,
      sealed: row.identity_sealed,
    })
    const identity: Identity = JSON.parse(plain.toString())
    plain.fill(0)
    return identity
  }

  /** Destroys the wrapped key in every epoch and the row; the references have gone before. */
  erase(subject: SubjectRow): void {
    this.#dropKeys()
    const index = this.#indexOfNo.get(subject.subject_no)
    if (index !== undefined) this.#ids.remove(index, subject.subject_no)
    this.#labels.erase(subject.subject_no)
    this.#deleteKeys.run(subject.subject_no)
    this.#delete.run(subject.subject_no)
  }

  #wrap(subject: Pick<SubjectRow, 'subject_no' | 'audit_id' | 'key_epoch'>, bytes: Buffer) {
    return this.#sealer.seal(this.#keys.epochs.keyOf(subject.key_epoch), keyPlace(subject), bytes)
  }

  #unwrap(row: WrappedKeyColumns): Buffer {
    const bytes = unseal(this.#keys.epochs.keyOf(row.key_epoch), keyPlace(row), {
      algorithm: row.key_algorithm,
      nonce: row.key_nonce,
      tag: row.key_tag,
      sealed: row.key_wrapped,
    })
    if (bytes.length === keyBytes) return bytes
    bytes.fill(0)
    throw new VultusError('vault.damaged', `subject_keys.wrapped ${row.subject_no}`)
  }

  #setKey(subject: WrappedKeyColumns, bytes: Buffer): void {
    const wrapped = this.#wrap(subject, bytes)
    this.#replaceKey.run(subject.key_epoch, wrapped.algorithm, wrapped.nonce, wrapped.tag, wrapped.sealed, subject.subject_no)
  }

  #putIdentity(subject: SubjectRow, key: KeyObject, identity: Identity): void {
    const { algorithm, nonce, tag, sealed } = this.#sealIdentity(subject, key, identity)
    this.#setIdentity.run(algorithm, nonce, tag, sealed, subject.subject_no)
  }

  #sealIdentity(subject: Pick<SubjectRow, 'subject_no' | 'audit_id'>, key: KeyObject, identity: Identity) {
    const plain = Buffer.from(JSON.stringify(identity))
    const sealed = this.#sealer.seal(key, identityPlace(subject), plain)
    plain.fill(0)
    return sealed
  }

  #indexOf(id: string): Buffer {
    const known = this.#together?.unknown.get(id)
    if (known !== undefined) return known
    if (this.#lastIndex?.id === id) return this.#lastIndex.index
    const index = idIndexOf(this.#keys.blindIndex, id)
    this.#lastIndex = { id, index }
    return index
  }
}
