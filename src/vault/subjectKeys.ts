/**
 * Unwrapped subject keys of the subjects that were lately in use: unwrapping a key costs as much as unsealing what it seals.
 * An entry counts only for the wrapped key that it came from, so that a key that was wrapped anew, or a number that a
 * transaction took back, never meets a key of before.
 */
import type { KeyObject } from 'node:crypto'

const keysMax = 4096

/** What of a row tells which wrapped key it carries. */
interface KeyedRow {
  readonly subject_no: number
  readonly key_tag: Buffer
}

export class SubjectKeyCache {
  /** In the order of their last use. */
  readonly #keys = new Map<number, { readonly tag: Buffer; readonly key: KeyObject }>()

  get size(): number {
    return this.#keys.size
  }

  /** The key of a row, or undefined where it has to be unwrapped. */
  find(row: KeyedRow): KeyObject | undefined {
    const known = this.#keys.get(row.subject_no)
    if (known === undefined || !known.tag.equals(row.key_tag)) return undefined
    this.#keys.delete(row.subject_no)
    this.#keys.set(row.subject_no, known)
    return known.key
  }

  keep(row: KeyedRow, key: KeyObject): void {
    this.#keys.delete(row.subject_no)
    this.#keys.set(row.subject_no, { tag: row.key_tag, key })
    if (this.#keys.size <= keysMax) return
    const [oldest] = this.#keys.keys()
    this.#keys.delete(oldest as number)
  }

  drop(subjectNo: number): void {
    this.#keys.delete(subjectNo)
  }

  clear(): void {
    this.#keys.clear()
  }
}
