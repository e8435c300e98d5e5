/**
 * Rows are labelled in 32 bits (core/labels.ts): category (8 bits, one of 256), purposes (8 bits, any), watch-lists (16 bits, any). A search may ask for rows of certain categories, purposes and watch-lists; the test is made in the pass, so that the best of a
 * limited search are the best of the rows asked for.
 */
import type { LabelFilter } from '../contract/processes.ts'

/** A filter as it crosses to the workers: categories, and the bits of the other two in their places; null and 0 take all. */
export interface LabelTest {
  readonly categories: readonly number[] | null
  readonly purposes: number
  readonly watchLists: number
}

/** @returns null where every row passes */
export function labelTestOf(filter: LabelFilter | undefined): LabelTest | null {
  if (filter === undefined) return null
  const { categories, purposes = 0, watchLists = 0 } = filter
  if (categories === undefined && purposes === 0 && watchLists === 0) return null
  return {
    categories: categories === undefined ? null : categories.map((category) => category & 0xff),
    purposes: (purposes & 0xff) << 8,
    watchLists: (watchLists & 0xffff) << 16,
  }
}

export function passes(label: number, test: LabelTest | null): boolean {
  if (test === null) return true
  if (test.categories !== null && !test.categories.includes(label & 0xff)) return false
  if (test.purposes !== 0 && (label & test.purposes) === 0) return false
  return test.watchLists === 0 || (label & test.watchLists) !== 0
}
