/** Times of one run, taken in turns, so that a noisy machine is as noisy for all; judged by medians and their ratios. */

/** Milliseconds of several runs. */
export interface Spread {
  readonly runs: number
  readonly medianMs: number
  /** The tenth and the ninetieth percentile. */
  readonly p10Ms: number
  readonly p90Ms: number
}

export function spreadOf(timesMs: readonly number[]): Spread {
  const sorted = [...timesMs].sort((left, right) => left - right)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  return { runs: sorted.length, medianMs: at(0.5), p10Ms: at(0.1), p90Ms: at(0.9) }
}

/** Something that is timed. */
export interface Engine {
  readonly name: string
  /** Runs once with what belongs to the round. @returns milliseconds as it measured itself, or nothing to be timed from outside */
  run(round: number): Promise<number | undefined> | number | undefined
  /** Every so many rounds; 1 where it is left out. Slow engines take part less often. */
  readonly every?: number
}

/**
 * Runs all engines once a round, each round beginning with another one, so that none always follows the one that emptied the caches.
 * @param warmUp rounds that are not counted
 */
export async function inTurns(engines: readonly Engine[], rounds: number, warmUp: number): Promise<Map<string, Spread>> {
  const times = new Map<string, number[]>(engines.map(({ name }) => [name, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (let place = 0; place < engines.length; place++) {
      const engine = engines[(place + Math.max(0, round)) % engines.length] as Engine
      if (round % (engine.every ?? 1) !== 0) continue
      const startedMs = performance.now()
      const ownMs = await engine.run(Math.max(0, round))
      const ms = ownMs ?? performance.now() - startedMs
      if (round >= 0) times.get(engine.name)?.push(ms)
    }
  }
  return new Map([...times].filter(([, taken]) => taken.length > 0).map(([name, taken]) => [name, spreadOf(taken)]))
}
