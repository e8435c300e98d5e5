/** Error rates for each group of people: failure to enrol, false non-matches and false matches within the group. */
import type { GroupRates } from '../../contract/evaluation.ts'
import { comparisonScore } from '../comparison.ts'
import { rateOf } from './intervals.ts'

/** A picture of a person of a group; without a template it could not be enrolled. */
export interface GroupedPicture {
  readonly person: string
  readonly group: string
  readonly template: Float32Array | undefined
}

/**
 * The rates of each group, in the order of their names. Pairs are counted once, and only within a group: people of one group are
 * harder to tell apart than people of two. Yields between rows of pairs, so that a caller can let others have their turn.
 */
export function* groupRates(pictures: readonly GroupedPicture[], threshold: number): Generator<undefined, GroupRates[]> {
  const names = [...new Set(pictures.map(({ group }) => group))].sort()
  const rates: GroupRates[] = []
  for (const group of names) {
    const own = pictures.filter((picture) => picture.group === group)
    const enrolled = own.flatMap(({ person, template }) => (template === undefined ? [] : [{ person, template }]))
    let [mates, missed, impostors, matched] = [0, 0, 0, 0]
    for (const [index, first] of enrolled.entries()) {
      for (const second of enrolled.slice(index + 1)) {
        const match = comparisonScore(first.template, second.template) >= threshold
        if (first.person === second.person) {
          mates++
          if (!match) missed++
        } else {
          impostors++
          if (match) matched++
        }
      }
      yield
    }
    rates.push({
      group,
      pictures: own.length,
      people: new Set(own.map(({ person }) => person)).size,
      failureToEnrol: rateOf(own.length - enrolled.length, own.length),
      fnmr: rateOf(missed, mates),
      fmr: rateOf(matched, impostors),
    })
  }
  return rates
}
