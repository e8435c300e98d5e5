/** Labels of subjects, and which of them a search is about. */
import type { LabelChange, SubjectFilter, SubjectLabel } from '../contract/label.ts'

/** Whether every condition of the filter holds; without one every label passes. */
export function passesFilter(label: SubjectLabel, { category, watchList, purpose }: SubjectFilter): boolean {
  if (category !== undefined && label.category !== category) return false
  if (watchList !== undefined && !label.watchLists.includes(watchList)) return false
  return purpose === undefined || label.purposes.includes(purpose)
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
