/** Comparison scores of all pairs of some pictures, or of listed ones, counted while they are made. */
import { comparisonScore } from '../core/comparison.ts'
import type { Scores } from '../core/evaluation/errorRates.ts'
import type { PairList } from '../core/evaluation/pairs.ts'
import { ScoreSet } from '../core/evaluation/scoreSet.ts'
import type { EvaluationWatch, LookedAt } from './pictureSet.ts'

/** About 3 ms of comparisons between two turns of others. */
const pairsPerTurn = 20_000

class Counting {
  readonly scores: Scores = { mates: new ScoreSet('low'), impostors: new ScoreSet('high') }
  readonly #watch: EvaluationWatch
  readonly #total: number
  #done = 0
  #nextTurn = pairsPerTurn

  constructor(watch: EvaluationWatch, total: number) {
    this.#watch = watch
    this.#total = total
  }

  add(first: Float32Array, second: Float32Array, same: boolean): void {
    const score = comparisonScore(first, second)
    if (same) this.scores.mates.add(score)
    else this.scores.impostors.add(score)
    this.#done++
  }

  get turnDue(): boolean {
    return this.#done >= this.#nextTurn
  }

  async turn(): Promise<void> {
    this.#nextTurn = this.#done + pairsPerTurn
    this.#watch.tell('pairs', this.#done, this.#total)
    await this.#watch.turn()
  }
}

async function scoreListed(pictures: readonly LookedAt[], { first, second, same }: PairList, watch: EvaluationWatch): Promise<Scores> {
  const counting = new Counting(watch, first.length)
  for (let at = 0; at < first.length; at++) {
    const [one, other] = [pictures[first[at]!]?.template, pictures[second[at]!]?.template]
    if (one === undefined || other === undefined) continue
    counting.add(one, other, same[at] === 1)
    if (counting.turnDue) await counting.turn()
  }
  return counting.scores
}

async function scoreAllPairs(pictures: readonly LookedAt[], watch: EvaluationWatch): Promise<Scores> {
  const numbers = new Map<string, number>()
  const used = pictures.flatMap(({ template, picture: { person } }) => {
    if (template === undefined) return []
    if (!numbers.has(person)) numbers.set(person, numbers.size)
    return [{ template, person: numbers.get(person)! }]
  })
  const counting = new Counting(watch, (used.length * (used.length - 1)) / 2)
  for (let row = 0; row < used.length; row++) {
    const { template, person } = used[row]!
    for (let column = row + 1; column < used.length; column++) {
      const other = used[column]!
      counting.add(template, other.template, person === other.person)
    }
    if (counting.turnDue) await counting.turn()
  }
  return counting.scores
}

/** @param pairs which pairs; every picture with every other one where it is left out */
export function scorePairs(pictures: readonly LookedAt[], pairs: PairList | undefined, watch: EvaluationWatch): Promise<Scores> {
  return pairs === undefined ? scoreAllPairs(pictures, watch) : scoreListed(pictures, pairs, watch)
}
