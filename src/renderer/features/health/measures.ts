/** Figures of the live picture over the last minute, second by second. They are of this window and are kept nowhere. */
import { decodeLive } from '../../../contract/live.ts'
import type { StationClient } from '../../client/client.ts'

/** One frame that came back: when, how long looking at it took, and how long it was away. */
export interface Measure {
  readonly atMs: number
  readonly faceMs: number
  readonly roundMs: number
}

/** One second: medians of its frames; null where there was none. */
export interface Second {
  readonly secondsAgo: number
  readonly frames: number
  readonly faceMs: number | null
  readonly roundMs: number | null
}

export const windowSeconds = 60
const measuresMax = windowSeconds * 70

/** The value below which a share of them lies. @param share 0 to 1 @returns null of none */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}

export class Measures {
  #kept: Measure[] = []

  add(measure: Measure): void {
    this.#kept.push(measure)
    if (this.#kept.length > measuresMax) this.#kept = this.#kept.slice(-measuresMax)
  }

  /** Those of the last minute, the oldest first. */
  recent(nowMs: number): readonly Measure[] {
    this.#kept = this.#kept.filter(({ atMs }) => nowMs - atMs < windowSeconds * 1000)
    return this.#kept
  }

  /** The last minute second by second, the oldest first. */
  seconds(nowMs: number): readonly Second[] {
    const recent = this.recent(nowMs)
    return Array.from({ length: windowSeconds }, (_, index) => {
      const secondsAgo = windowSeconds - 1 - index
      const of = recent.filter(({ atMs }) => Math.floor((nowMs - atMs) / 1000) === secondsAgo)
      const median = (of: readonly number[]) => quantile(of, 0.5)
      return {
        secondsAgo,
        frames: of.length,
        faceMs: median(of.map(({ faceMs }) => faceMs)),
        roundMs: median(of.map(({ roundMs }) => roundMs)),
      }
    })
  }
}

/** The figures of this window. */
export const measures = new Measures()

/** Follows the live packets of the window's link. @returns ends it */
export function followMeasures(client: StationClient): () => void {
  return client.onLive((bytes) => {
    const packet = decodeLive(bytes)
    if (packet === undefined) return
    const atMs = performance.now()
    measures.add({ atMs, faceMs: packet.faceMs, roundMs: atMs - packet.capturedAtMs })
  })
}

/** The figures as a table for other programs: RFC 4180, points as decimal signs in every language. */
export function csvOf(seconds: readonly Second[]): string {
  const cell = (value: number | null) => (value === null ? '' : String(Math.round(value * 100) / 100))
  const rows = seconds.map(({ secondsAgo, frames, faceMs, roundMs }) => [-secondsAgo, frames, cell(faceMs), cell(roundMs)].join(','))
  return `${['second,frames,face_ms,round_ms', ...rows].join('\r\n')}\r\n`
}
