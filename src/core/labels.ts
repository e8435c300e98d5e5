/** Labels of subjects, and which of them a search is about. */
import type { LabelChange, SubjectFilter, SubjectLabel } from '../contract/label.ts'
import type { LabelFilter } from '../contract/processes.ts'

/** Whether every condition of the filter holds; without one every label passes. */
export function passesFilter(label: SubjectLabel, { category, watchList, purpose }: SubjectFilter): boolean {
  if (category !== undefined && label.category !== category) return false
  if (watchList !== undefined && !label.watchLists.includes(watchList)) return false
  return purpose === undefined || label.purposes.includes(purpose)
}

const bitsOf = (numbers: readonly number[]) => numbers.reduce((bits, number) => bits | (1 << (number - 1)), 0)

/** A label in 32 bits, as rows of the gallery have it: category in bits 0 to 7, purposes in 8 to 15, watch-lists in 16 to 31. */
export const labelBits = ({ category, purposes, watchLists }: SubjectLabel): number =>
  (category | (bitsOf(purposes) << 8) | (bitsOf(watchLists) << 16)) >>> 0

/** A filter as the matcher takes it; undefined where every label passes. */
export function labelFilterOf({ category, watchList, purpose }: SubjectFilter): LabelFilter | undefined {
  if (category === undefined && watchList === undefined && purpose === undefined) return undefined
  return {
    ...(category === undefined ? {} : { categories: [category] }),
    ...(watchList === undefined ? {} : { watchLists: bitsOf([watchList]) }),
    ...(purpose === undefined ? {} : { purposes: bitsOf([purpose]) }),
  }
}

/** The label with what a change gives, its numbers ascending. */
export function changedLabel(label: SubjectLabel, change: LabelChange): SubjectLabel {
  const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
  return {
    category: change.category ?? label.category,
    watchLists: ascending(change.watchLists ?? label.watchLists),
    purposes: ascending(change.purposes ?? label.purposes),
  }
}

/** Whether a change gives anything. */
export const changesLabel = ({ category, watchLists, purposes }: LabelChange): boolean =>
  category !== undefined || watchLists !== undefined || purposes !== undefined

/** What a change gives, as the audit chain keeps it: numbers alone. */
export const changeDetails = ({ category, watchLists, purposes }: LabelChange): Record<string, string | number> => ({
  ...(category === undefined ? {} : { category }),
  ...(watchLists === undefined ? {} : { watchLists: watchLists.join(' ') }),
  ...(purposes === undefined ? {} : { purposes: purposes.join(' ') }),
})

/** The conditions of a filter, as the audit chain keeps them. */
export const filterDetails = ({ category, watchList, purpose }: SubjectFilter): Record<string, number> => ({
  ...(category === undefined ? {} : { category }),
  ...(watchList === undefined ? {} : { watchList }),
  ...(purpose === undefined ? {} : { purpose }),
})
