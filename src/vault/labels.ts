/** Labels of subjects. That somebody is on a watch-list is told by nothing but the subject's key: a label is sealed under it. */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import { noLabel, SubjectLabel } from '../contract/label.ts'
import { type Place, type Sealed, type Sealer, unseal } from './seal.ts'

interface LabelRow extends Sealed {
  readonly subject_no: number
}

const placeOf = (subjectNo: number): Place => ['subject_labels', 'sealed', subjectNo]

const isNone = ({ category, watchLists, purposes }: SubjectLabel) =>
  category === noLabel.category && watchLists.length === 0 && purposes.length === 0

export class Labels {
  readonly #sealer: Sealer
  readonly #find: Database.Statement<[number], LabelRow>
  readonly #put: Database.Statement<[number, string, Buffer, Buffer, Buffer]>
  readonly #delete: Database.Statement<[number]>

  constructor(database: Database.Database, sealer: Sealer) {
    this.#sealer = sealer
    this.#find = database.prepare('SELECT subject_no, algorithm, nonce, tag, sealed FROM subject_labels WHERE subject_no = ?')
    this.#put = database.prepare('INSERT INTO subject_labels (subject_no, algorithm, nonce, tag, sealed) VALUES (?, ?, ?, ?, ?)')
    this.#delete = database.prepare('DELETE FROM subject_labels WHERE subject_no = ?')
  }

  /** @throws vault.damaged */
  of(subjectNo: number, key: KeyObject): SubjectLabel {
    const row = this.#find.get(subjectNo)
    if (row === undefined) return noLabel
    const plain = unseal(key, placeOf(subjectNo), row)
    const label = SubjectLabel.safeParse(JSON.parse(plain.toString()))
    plain.fill(0)
    if (!label.success) throw new VultusError('vault.damaged', `subject_labels ${subjectNo}`)
    return label.data
  }

  /** The caller is in a transaction. */
  set(subjectNo: number, key: KeyObject, label: SubjectLabel): void {
    this.erase(subjectNo)
    if (isNone(label)) return
    const plain = Buffer.from(JSON.stringify(label))
    const { algorithm, nonce, tag, sealed } = this.#sealer.seal(key, placeOf(subjectNo), plain)
    plain.fill(0)
    this.#put.run(subjectNo, algorithm, nonce, tag, sealed)
  }

  /** Seals the label under another key; the caller is in a transaction. @throws vault.damaged */
  reseal(subjectNo: number, old: KeyObject, renewed: KeyObject): void {
    this.set(subjectNo, renewed, this.of(subjectNo, old))
  }

  erase(subjectNo: number): void {
    this.#delete.run(subjectNo)
  }
}
