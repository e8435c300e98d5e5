/**
 * What the answer has to be: every row whose score with a probe reaches a threshold, by the definition of the score (the float64 dot
 * product of the stored float32 templates, summed in order) and by nothing else. Rows pass by once and are not kept.
 */
import type { Probe } from './templates.ts'

/** Probes compared at once: as many sums as a processor keeps in registers. Each is summed in the order of core/comparison.ts. */
const together = 8

/** Scores by row. */
export type Matches = ReadonlyMap<number, number>

export class BruteForce {
  readonly #dimension: number
  readonly #threshold: number
  /** For each 8 probes: 8 numbers for each dimension; the last ones may be 0. */
  readonly #groups: Float64Array[] = []
  readonly #found: Map<number, number>[]

  /** @param threshold the lowest that is asked for later */
  constructor(probes: readonly Probe[], dimension: number, threshold: number) {
    this.#dimension = dimension
    this.#threshold = threshold
    this.#found = probes.map(() => new Map())
    for (let first = 0; first < probes.length; first += together) {
      const group = new Float64Array(dimension * together)
      probes.slice(first, first + together).forEach(({ template }, index) => {
        for (let at = 0; at < dimension; at++) group[at * together + index] = template[at] as number
      })
      this.#groups.push(group)
    }
  }

  /** Compares rows with all probes. @param templates row-major */
  compare(firstRow: number, rows: number, templates: Float32Array): void {
    const dimension = this.#dimension
    for (let row = 0; row < rows; row++) {
      const from = row * dimension
      this.#groups.forEach((group, index) => {
        this.#compareGroup(templates, from, group, (probe, score) => {
          this.#found[index * together + probe]?.set(firstRow + row, score)
        })
      })
    }
  }

  /** What a probe matches at a threshold. */
  matches(probe: number, threshold: number): Matches {
    if (threshold < this.#threshold) throw new RangeError(`Nothing below ${this.#threshold} was kept`)
    return new Map([...(this.#found[probe] ?? [])].filter(([, score]) => score >= threshold))
  }

  #compareGroup(templates: Float32Array, from: number, group: Float64Array, found: (probe: number, score: number) => void): void {
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
    for (let at = 0, place = 0, end = this.#dimension; at < end; at++, place += together) {
      const value = templates[from + at] as number
      a += value * (group[place] as number)
      b += value * (group[place + 1] as number)
      c += value * (group[place + 2] as number)
      d += value * (group[place + 3] as number)
      e += value * (group[place + 4] as number)
      f += value * (group[place + 5] as number)
      g += value * (group[place + 6] as number)
      h += value * (group[place + 7] as number)
    }
    const least = this.#threshold
    if (a >= least) found(0, a)
    if (b >= least) found(1, b)
    if (c >= least) found(2, c)
    if (d >= least) found(3, d)
    if (e >= least) found(4, e)
    if (f >= least) found(5, f)
    if (g >= least) found(6, g)
    if (h >= least) found(7, h)
  }
}
