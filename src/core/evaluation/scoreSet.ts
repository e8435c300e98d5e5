/**
 * A set of comparison scores that is counted while it streams by: a thousand or a hundred million take the same memory.
 *
 * 1. Count, sum, smallest and largest are exact.
 * 2. One end of the set is kept score by score, exactMax of them: the high end of impostors and the low end of mates, where error
 *    rates are read. There every count and every neighbour is exact; a set that is no larger is exact altogether.
 * 3. Beyond that end scores are counted in bins 2/2^18 wide, each with the smallest score that fell into it. A count there is exact at
 *    the score that is smallest in its bin, and what is answered as a neighbour is always such a score.
 */

/** Over -1 to 1; what lies outside counts in the outer bins. */
const bins = 2 ** 18
/** 8 MB of scores at each compaction's end, 16 before it. */
export const exactScoresMax = 2 ** 20

const binOf = (score: number) => Math.min(bins - 1, Math.max(0, Math.floor(((score + 1) / 2) * bins)))

/** How many of ascending scores lie below a value. */
function countBelow(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

export class ScoreSet {
  readonly #exactMax: number
  /** 1 keeps the high end, -1 the low end: kept scores are multiplied by it, so that the kept end is always the high one. */
  readonly #sign: 1 | -1
  #kept: Float64Array
  #keptCount = 0
  /** Ascending, of all that is kept; undefined after a score was added. */
  #sorted: Float64Array | undefined
  /** Scores (times sign) below it are no longer all kept. */
  #cutoff = Number.NEGATIVE_INFINITY
  readonly #counts = new Float64Array(bins)
  readonly #binMin = new Float64Array(bins).fill(Number.POSITIVE_INFINITY)
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  /** @param end the end that is kept score by score */
  constructor(end: 'high' | 'low', exactMax: number = exactScoresMax) {
    this.#sign = end === 'high' ? 1 : -1
    this.#exactMax = exactMax
    this.#kept = new Float64Array(Math.min(1024, 2 * exactMax))
  }

  static of(end: 'high' | 'low', scores: Iterable<number>): ScoreSet {
    const set = new ScoreSet(end)
    for (const score of scores) set.add(score)
    return set
  }

  get count(): number {
    return this.#count
  }

  /** NaN of nothing. */
  get mean(): number {
    return this.#sum / this.#count
  }

  /** Infinity of nothing. */
  get min(): number {
    return this.#min
  }

  /** -Infinity of nothing. */
  get max(): number {
    return this.#max
  }

  /** @param score a finite number */
  add(score: number): void {
    if (!Number.isFinite(score)) throw new RangeError('a score is a finite number')
    this.#count++
    this.#sum += score
    this.#min = Math.min(this.#min, score)
    this.#max = Math.max(this.#max, score)
    const bin = binOf(score)
    this.#counts[bin]!++
    if (score < this.#binMin[bin]!) this.#binMin[bin] = score
    const signed = score * this.#sign
    if (signed < this.#cutoff) return
    if (this.#keptCount === this.#kept.length) this.#makeRoom()
    if (signed < this.#cutoff) return
    this.#kept[this.#keptCount++] = signed
    this.#sorted = undefined
  }

  /** Scores at or above a value; exact where `isExact` says so, else off by no more than the value's bin holds. */
  atOrAbove(value: number): number {
    return this.#count - this.below(value)
  }

  /** Scores below a value. */
  below(value: number): number {
    if (value <= this.#min) return 0
    if (value > this.#max) return this.#count
    if (this.#isKept(value)) {
      const sorted = this.#ascending()
      if (this.#sign === 1) return this.#count - (sorted.length - countBelow(sorted, value))
      // Kept scores are negative here: those below the value are the kept ones above its negative.
      return sorted.length - countAtOrBelow(sorted, -value)
    }
    const bin = binOf(value)
    // What is not known is counted against the model: as a false match of impostors, as a miss of mates.
    const end = this.#sign === -1 && this.#binMin[bin]! < value ? bin + 1 : bin
    let below = 0
    for (let at = 0; at < end; at++) below += this.#counts[at]!
    return below
  }

  /** Whether counts at this value are exact. */
  isExact(value: number): boolean {
    return this.#isKept(value) || this.#binMin[binOf(value)] === value
  }

  /** Whether every score of the set is kept. */
  get whole(): boolean {
    return this.#cutoff === Number.NEGATIVE_INFINITY
  }

  /** The smallest score of the set above a value, or one of the next bin where the value lies beyond the kept end; undefined where there is none. */
  nextAbove(value: number): number | undefined {
    if (value >= this.#max) return undefined
    if (value < this.#min) return this.#min
    const sorted = this.#ascending()
    if (this.#sign === 1 && value >= this.#cutoff) return sorted[countAtOrBelow(sorted, value)]
    if (this.#sign === -1 && (this.whole || -value > this.#cutoff)) {
      const at = countBelow(sorted, -value) - 1
      if (at >= 0) return -sorted[at]!
    }
    for (let bin = binOf(value); bin < bins; bin++) {
      const smallest = this.#binMin[bin]!
      if (smallest > value && smallest !== Number.POSITIVE_INFINITY) return smallest
    }
    return undefined
  }

  /** The score that so many others lie above (0: the largest), or the smallest of its bin's next one beyond the kept end; undefined where there are not so many. */
  fromTop(rank: number): number | undefined {
    if (rank >= this.#count) return undefined
    if (this.#sign === 1 || this.whole) {
      const sorted = this.#ascending()
      if (rank < sorted.length) return this.#sign === 1 ? sorted[sorted.length - 1 - rank]! : -sorted[rank]!
    }
    let above = 0
    for (let bin = bins - 1; bin >= 0; bin--) {
      above += this.#counts[bin]!
      // The last value of the bin: everything in it counts as no larger.
      if (above > rank) return ((bin + 1) / bins) * 2 - 1 - Number.EPSILON
    }
    return undefined
  }

  /** The largest scores, ascending; as many as are asked for or kept. Of a set that keeps its high end. */
  top(count: number): Float64Array {
    if (this.#sign !== 1) throw new RangeError('the high end is not kept')
    const sorted = this.#ascending()
    return sorted.slice(Math.max(0, sorted.length - count))
  }

  /** Counts in so many bins of equal width between two values; what lies outside is left out. */
  histogram(from: number, to: number, count: number): number[] {
    const histogram = new Array<number>(count).fill(0)
    for (let bin = binOf(from); bin <= binOf(to); bin++) {
      const scores = this.#counts[bin]!
      if (scores === 0) continue
      const middle = ((bin + 0.5) / bins) * 2 - 1
      const at = Math.floor(((middle - from) / (to - from)) * count)
      histogram[Math.min(count - 1, Math.max(0, at))]! += scores
    }
    return histogram
  }

  /** Whether everything from this value to the kept end is kept. */
  #isKept(value: number): boolean {
    return value * this.#sign > this.#cutoff
  }

  #ascending(): Float64Array {
    this.#sorted ??= this.#kept.slice(0, this.#keptCount).sort()
    return this.#sorted
  }

  /** Grows up to twice what is kept; from then on lets go of the end that is not. */
  #makeRoom(): void {
    const lengthMax = 2 * this.#exactMax
    if (this.#kept.length < lengthMax) {
      const grown = new Float64Array(Math.min(lengthMax, this.#kept.length * 2))
      grown.set(this.#kept)
      this.#kept = grown
      return
    }
    this.#kept.sort()
    this.#kept.copyWithin(0, this.#exactMax)
    this.#keptCount = this.#exactMax
    this.#cutoff = this.#kept[0]!
    this.#sorted = undefined
  }
}

function countAtOrBelow(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}
