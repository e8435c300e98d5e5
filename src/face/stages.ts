/** Where the time of a picture goes, and medians over repeats. */
import type { Timings } from '../contract/rows/face.ts'

export type Stage = 'decodeMs' | 'detectMs' | 'landmarksMs' | 'alignMs' | 'embedMs'

/** Adds up the time of each stage of one run. */
export class StageClock {
  readonly #nowMs: () => number
  readonly #startedMs: number
  readonly #spent: Record<Stage, number> = { decodeMs: 0, detectMs: 0, landmarksMs: 0, alignMs: 0, embedMs: 0 }

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#startedMs = nowMs()
  }

  async time<T>(stage: Stage, run: () => Promise<T> | T): Promise<T> {
    const from = this.#nowMs()
    try {
      return await run()
    } finally {
      this.#spent[stage] += this.#nowMs() - from
    }
  }

  timings(): Timings {
    return { ...this.#spent, totalMs: this.#nowMs() - this.#startedMs }
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of each stage over at least one run. */
export function medianTimings(runs: readonly Timings[]): Timings {
  const of = (stage: keyof Timings) => median(runs.map((run) => run[stage]))
  return {
    decodeMs: of('decodeMs'),
    detectMs: of('detectMs'),
    landmarksMs: of('landmarksMs'),
    alignMs: of('alignMs'),
    embedMs: of('embedMs'),
    totalMs: of('totalMs'),
  }
}

/** How long runs may be repeated, so that a measurement never keeps the other callers of the process from their answers. */
export const repeatMsMax = 20_000

/**
 * Runs something once, or `repeat` times after a warm-up that does not count, as often as `repeatMsMax` holds.
 * @returns the last answer and the medians of the counted runs
 */
export async function repeated<T>(
  repeat: number,
  nowMs: () => number,
  run: (clock: StageClock) => Promise<T>,
): Promise<{ value: T; timings: Timings }> {
  const endMs = nowMs() + repeatMsMax
  if (repeat > 1) await run(new StageClock(nowMs))
  const runs: Timings[] = []
  for (let count = 0; ; ) {
    const clock = new StageClock(nowMs)
    const value = await run(clock)
    runs.push(clock.timings())
    if (++count >= repeat || nowMs() >= endMs) return { value, timings: medianTimings(runs) }
  }
}
