/** One kind of templates, measured at each size: times in turns, matches counted against brute force, memory. */

import { Galleries } from './galleries.ts'
import { countLost, type LostReport } from './lost.ts'
import { measureSize, measureSmall, type SizeReport } from './measure.ts'
import type { Memory } from './processes.ts'
import type { Spread } from './spread.ts'
import { probesOf, type Templates } from './templates.ts'

const probeCount = 32

export interface KindOptions {
  readonly templates: Templates
  /** Ascending; the headline is one of them. */
  readonly milestones: readonly number[]
  readonly headline: number
  readonly threads: number
  readonly threshold: number
  /** Where matches are counted too, besides the threshold. */
  readonly lowerThreshold: number | undefined
  /** Rounds at the headline. */
  readonly rounds: number
  readonly say: (line: string) => void
}

export interface KindReport {
  readonly kernel: string
  readonly threads: number
  readonly threshold: number
  readonly sizes: readonly SizeReport[]
  readonly headline: SizeReport
  readonly small: Readonly<Record<string, Spread>>
  readonly lost: LostReport
  /** Of the matcher's own process with the headline's rows and nothing else. */
  readonly memory: Memory
  /** Loading the headline's rows into the engine, milliseconds. */
  readonly loadMs: number
  readonly usearchMissing: string | undefined
}

/** Small galleries are timed more often: a round of them costs little, and their times scatter more. */
const roundsAt = (rows: number, headline: number, rounds: number) =>
  rows === headline ? rounds : rows > headline ? Math.max(5, Math.ceil(rounds / 3)) : rounds * 2

export async function runKind(options: KindOptions): Promise<KindReport> {
  const { templates, milestones, headline, threads, threshold, lowerThreshold, rounds, say } = options
  const probes = probesOf(templates, headline, probeCount)
  const thresholds = lowerThreshold === undefined ? [threshold] : [threshold, lowerThreshold]
  const galleries = await Galleries.open({ templates, probes, milestones, headline, threads, thresholdMin: Math.min(...thresholds), say })
  try {
    const sizes: SizeReport[] = []
    let atHeadline: Omit<KindReport, 'sizes' | 'kernel' | 'threads' | 'threshold' | 'usearchMissing'> | undefined
    for (const rows of milestones) {
      await galleries.growTo(rows)
      const whole = rows <= headline
      const size = await measureSize({ galleries, probes, threshold, rounds: roundsAt(rows, headline, rounds), whole })
      sizes.push(size)
      if (rows !== headline) continue
      const memory = galleries.matcher.memory()
      atHeadline = {
        headline: size,
        memory,
        loadMs: galleries.loadMs,
        small: await measureSmall(galleries, templates, probes),
        lost: await countLost(galleries, templates, probes, thresholds),
      }
    }
    if (atHeadline === undefined) throw new RangeError(`The headline of ${headline} rows is none of the sizes`)
    const { kernel, usearchMissing } = galleries
    return { kernel, threads: galleries.threads, threshold, sizes, ...atHeadline, usearchMissing }
  } finally {
    await galleries.close()
  }
}
