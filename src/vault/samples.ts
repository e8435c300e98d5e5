/** Samples of references, each sealed under the key of its subject and bound to its reference. */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { RowsTogether } from './rowsTogether.ts'
import { decodeSample, encodeSample } from './sampleEncoding.ts'
import { type Place, type Sealed, type Sealer, unseal } from './seal.ts'

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

/** The reference that a sample belongs to. */
interface Owner {
  readonly reference_no: number
  readonly subject_no: number
  readonly version: number
  readonly model: string
}

export const samplePlace = (row: Owner & { readonly encoding: string }): Place => [
  'samples',
  'sealed',
  row.reference_no,
  row.subject_no,
  row.model,
  row.version,
  // Samples of before there were encodings have none in their place.
  ...(row.encoding === 'plain' ? [] : [row.encoding]),
]

export class Samples {
  readonly #sealer: Sealer
  readonly #rows: RowsTogether<[number, Buffer, Buffer, Buffer], { readonly encoding: string; readonly algorithm: string }>
  readonly #ofReference: Database.Statement<[number], SampleRow>
  readonly #newestOf: Database.Statement<[number], SampleRow>
  readonly #ofSubject: Database.Statement<[number], SampleRow>
  readonly #setSealed: Database.Statement<[string, Buffer, Buffer, Buffer, number]>
  readonly #remove: Database.Statement<[number]>
  readonly #erase: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#rows = new RowsTogether(database, 'INSERT INTO samples', {
      own: ['reference_no', 'nonce', 'tag', 'sealed'],
      shared: ['encoding', 'algorithm'],
    })
    const select = `SELECT r.reference_no, r.version, r.model, p.encoding, p.algorithm, p.nonce, p.tag, p.sealed
      FROM subject_references r JOIN samples p ON p.reference_no = r.reference_no`
    this.#ofReference = database.prepare(`${select} WHERE r.reference_no = ?`)
    this.#newestOf = database.prepare(`${select} WHERE r.subject_no = ? ORDER BY r.active DESC, r.reference_no DESC LIMIT 1`)
    this.#ofSubject = database.prepare(`${select} WHERE r.subject_no = ?`)
    this.#setSealed = database.prepare('UPDATE samples SET algorithm = ?, nonce = ?, tag = ?, sealed = ? WHERE reference_no = ?')
    this.#remove = database.prepare('DELETE FROM samples WHERE reference_no = ?')
    this.#erase = database.prepare(
      'DELETE FROM samples WHERE reference_no IN (SELECT reference_no FROM subject_references WHERE subject_no = ?)',
    )
  }

  /** @param later whether flush() inserts it with others */
  add(key: KeyObject, owner: Owner, sample: Uint8Array, later: boolean): void {
    const { encoding, bytes } = encodeSample(sample)
    this.put(owner.reference_no, encoding, this.#sealer.seal(key, samplePlace({ ...owner, encoding }), bytes), later)
  }

  /** As add, of one that is sealed. */
  put(referenceNo: number, encoding: string, { algorithm, nonce, tag, sealed }: Sealed, later: boolean): void {
    this.#rows.put([referenceNo, nonce, tag, sealed], { encoding, algorithm }, later)
  }

  flush(): void {
    this.#rows.flush()
  }

  /** Forgets what waits for flush(). */
  drop(): void {
    this.#rows.drop()
  }

  /** The sample of one reference; null where it has none. @throws vault.damaged */
  ofReference(referenceNo: number, subjectNo: number, key: KeyObject): Uint8Array | null {
    return opened(this.#ofReference.get(referenceNo), subjectNo, key)
  }

  /** The newest one of the active version of a subject, or of those before; null where there is none. @throws vault.damaged */
  newestOf(subjectNo: number, key: KeyObject): Uint8Array | null {
    return opened(this.#newestOf.get(subjectNo), subjectNo, key)
  }

  /** Unseals the sample of one reference and keeps nothing. @returns whether it has one @throws vault.damaged */
  verify(referenceNo: number, subjectNo: number, key: KeyObject): boolean {
    const row = this.#ofReference.get(referenceNo)
    if (row === undefined) return false
    unseal(key, placeOf(row, subjectNo), row).fill(0)
    return true
  }

  /** Seals all of a subject under another key; the caller is in a transaction. @throws vault.damaged */
  reseal(subjectNo: number, old: KeyObject, renewed: KeyObject): void {
    for (const row of this.#ofSubject.all(subjectNo)) {
      const { algorithm, nonce, tag, sealed } = this.#sealer.reseal(placeOf(row, subjectNo), row, old, renewed)
      this.#setSealed.run(algorithm, nonce, tag, sealed, row.reference_no)
    }
  }

  /** Seals the sample of one reference anew as that of another one of the same subject; the caller is in a transaction. */
  move(fromNo: number, to: Owner, key: KeyObject): void {
    const row = this.#ofReference.get(fromNo)
    if (row === undefined) return
    const plain = unseal(key, placeOf(row, to.subject_no), row)
    const moved = this.#sealer.seal(key, samplePlace({ ...to, encoding: row.encoding }), plain)
    plain.fill(0)
    this.put(to.reference_no, row.encoding, moved, false)
  }

  remove(referenceNo: number): void {
    this.#remove.run(referenceNo)
  }

  /** Deletes all of a subject, whose references are still there. */
  erase(subjectNo: number): void {
    this.#erase.run(subjectNo)
  }
}

const placeOf = (row: SampleRow, subjectNo: number): Place => samplePlace({ ...row, subject_no: subjectNo })

const opened = (row: SampleRow | undefined, subjectNo: number, key: KeyObject): Uint8Array | null =>
  row === undefined ? null : decodeSample(row.encoding, unseal(key, placeOf(row, subjectNo), row))
