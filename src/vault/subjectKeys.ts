/**
 * Unwrapped subject keys of the subjects that were lately in use: unwrapping a key costs as much as unsealing what it seals.
 * An entry counts only for the wrapped key that it came from, so that a key that was wrapped anew, or a number that a
 * transaction took back, never meets a key of before.
 */
import type { KeyObject } from 'node:crypto'
import type { WrappedKeyColumns } from './subjects.ts'

const keysMax = 4096

export class SubjectKeyCache {
  /** In the order of their last use. */
  readonly #keys = new Map<number, { readonly tag: Buffer; readonly key: KeyObject }>()

  get size(): number {
    return this.#keys.size
  }

  /** The key of a row, or undefined where it has to be unwrapped. */
  find(row: Pick<WrappedKeyColumns, 'subject_no' | 'key_tag'>): KeyObject | undefined {
    const known = this.#keys.get(row.subject_no)
    if (known === undefined || !known.tag.equals(row.key_tag)) return undefined
    this.#keys.delete(row.subject_no)
    this.#keys.set(row.subject_no, known)
    return known.key
  }

  keep(row: Pick<WrappedKeyColumns, 'subject_no' | 'key_tag'>, key: KeyObject): void {
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
