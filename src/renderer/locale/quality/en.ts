import { componentWords } from '../../../contract/quality.ts'
import type { QualityWords } from './words.ts'

/** What is told of the quality of a picture, in English: the words that every door has, without their units. */
export const enQuality = Object.fromEntries(
  Object.entries(componentWords).map(([component, { name, low, high }]) => [component, { name, low, high }]),
) as QualityWords
