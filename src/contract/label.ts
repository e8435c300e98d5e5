/**
 * How a subject is labelled for searches: one of 256 categories, any of 16 watch-lists and of 8 purposes, each by the number that the
 * site gave it. A search may be about one category, watch-list or purpose alone.
 */
import { z } from 'zod'

export const Category = z.number().int().min(0).max(255)
export const WatchList = z.number().int().min(1).max(16)
export const Purpose = z.number().int().min(1).max(8)

const distinct = (numbers: readonly number[]) => new Set(numbers).size === numbers.length

/** Numbers ascend, each once. */
export const SubjectLabel = z.object({
  category: Category.describe('category of the subject, 0 to 255'),
  watchLists: z.array(WatchList).max(16).refine(distinct, 'each number once').describe('watch-lists that the subject is on, 1 to 16'),
  purposes: z.array(Purpose).max(8).refine(distinct, 'each number once').describe('purposes that the subject may be searched for, 1 to 8'),
})
export type SubjectLabel = z.infer<typeof SubjectLabel>

/** What a subject has without being labelled: category 0, and nothing else. */
export const noLabel: SubjectLabel = Object.freeze({ category: 0, watchLists: [], purposes: [] })

/** Fields that an enrolment or a change of the label gives; the others stay as they are. */
export const LabelChange = SubjectLabel.partial()
export type LabelChange = z.infer<typeof LabelChange>

/** Which subjects a search is about: those of which every condition that is given holds. */
export const SubjectFilter = z.object({
  category: Category.optional().describe('search this category only, 0 to 255'),
  watchList: WatchList.optional().describe('search the subjects on this watch-list only, 1 to 16'),
  purpose: Purpose.optional().describe('search the subjects with this purpose only, 1 to 8'),
})
export type SubjectFilter = z.infer<typeof SubjectFilter>
