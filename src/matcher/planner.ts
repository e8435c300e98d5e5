/**
 * Chooses the stage a search enters by, from what earlier searches met. Only the speed depends on it: every stage answers the same.
 *
 * How many rows the packed bound leaves depends on how far the threshold is above the bulk of the scores, in lengths of the probe's
 * residual; searches of one margin leave about the same share. What each piece of work costs is measured by every pass.
 */
import type { Explanation, StageName } from './api.ts'
import type { PassPart } from './passJob.ts'

/** Nanoseconds of one thread, until they are measured: a row of each stage, and the finish of a survivor, for 512 dimensions. */
const packedNsStart = 12
const flatNsStart = 22
const refineNsStart = 300
/** Weight of a new measurement. */
const weight = 0.2
const bucketsPerUnit = 50
/** So many searches in a row enter flat before the packed stage is tried once more. */
const triesBetween = 32
const shareMin = 0.002
const shareMaxOfAll = 0.25
/** Passes over fewer rows measure little but their own overhead. */
const rowsMeasuredMin = 4_096

export interface Choice {
  readonly stage: StageName
  readonly reason: Explanation['reason']
  readonly shareMax: number
  readonly shareExpected: number | null
}

export class Planner {
  readonly #shares = new Map<number, number>()
  #packedNs: number
  #flatNs: number
  #refineNs = refineNsStart
  #flatInARow = 0

  constructor(dimension: number) {
    this.#packedNs = (packedNsStart * dimension) / 512
    this.#flatNs = (flatNsStart * dimension) / 512
  }

  /** @param margin threshold above the probe's score with the mean, in lengths of its residual */
  choose(margin: number, asked: StageName | undefined): Choice {
    const shareExpected = this.#expected(margin)
    const shareMax = Math.min(shareMaxOfAll, Math.max(shareMin, (this.#flatNs - this.#packedNs) / this.#refineNs))
    if (asked !== undefined) return { stage: asked, reason: 'asked', shareMax: 1, shareExpected }
    if (shareExpected === null || shareExpected <= shareMax) return { stage: 'packed', reason: 'expected', shareMax, shareExpected }
    this.#flatInARow += 1
    const stage = this.#flatInARow % triesBetween === 0 ? 'packed' : 'flat'
    return { stage, reason: 'expected', shareMax, shareExpected }
  }

  /** Learns from a query of a pass: the share that the packed stage left, while it was in use. */
  learnShare(margin: number, rows: number, survivors: number): void {
    if (rows < rowsMeasuredMin) return
    const bucket = Math.round(margin * bucketsPerUnit)
    const share = survivors / rows
    const known = this.#shares.get(bucket)
    this.#shares.set(bucket, known === undefined ? share : known + weight * (share - known))
  }

  /** Learns what the work costs from a pass of one query. */
  learnCosts(parts: readonly PassPart[]): void {
    const sum = (value: (part: PassPart) => number) => parts.reduce((total, part) => total + value(part), 0)
    const packed = sum((part) => part.rowsPacked[0] ?? 0)
    const flat = sum((part) => part.rowsFlat[0] ?? 0)
    const survivors = sum((part) => part.survivors[0] ?? 0)
    const mean = (known: number, ms: number, count: number) => (count === 0 ? known : known + weight * ((ms * 1e6) / count - known))
    if (packed >= rowsMeasuredMin)
      this.#packedNs = mean(
        this.#packedNs,
        sum((part) => part.packedMs),
        packed,
      )
    if (flat >= rowsMeasuredMin)
      this.#flatNs = mean(
        this.#flatNs,
        sum((part) => part.flatMs),
        flat,
      )
    if (survivors >= 64)
      this.#refineNs = mean(
        this.#refineNs,
        sum((part) => part.refineMs),
        survivors,
      )
  }

  /** What was met at this margin, else at the nearest one below, where no fewer are left; null where nothing is known. */
  #expected(margin: number): number | null {
    const bucket = Math.round(margin * bucketsPerUnit)
    let nearest: number | undefined
    for (const known of this.#shares.keys()) if (known <= bucket && (nearest === undefined || known > nearest)) nearest = known
    return nearest === undefined ? null : this.#shares.get(nearest)!
  }
}
