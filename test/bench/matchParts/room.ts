/** Which sizes of the gallery fit into this machine beside what they are compared with. */
import { availableMemory } from 'node:process'
import { floatRowsOf } from './usearch.ts'

/** The matcher holds about 1.3 bytes of a number (8 bits, 4 of them in a plane of their own, and what belongs to a row). */
const matcherBytes = 1.3
const usearchBytes = 1
const floatBytes = 4
/** Node's own memory of four processes, blocks on their way, brute force. */
const spareBytes = 1.5e9

/** @param copies processes that hold the rows */
function needed(rows: number, dimension: number, copies: number): number {
  const numbers = rows * dimension
  const floats = Math.min(rows, floatRowsOf(dimension)) * dimension * floatBytes
  return numbers * (matcherBytes * copies + usearchBytes) + floats + spareBytes
}

export interface Room {
  readonly sizes: readonly number[]
  /** What does not fit, as a line for people. */
  readonly leftOut: readonly string[]
}

/** Three processes hold the rows of the headline, one those of larger sizes. */
export function sizesThatFit(sizes: readonly number[], dimension: number, headline: number): Room {
  const free = availableMemory()
  const fits = (rows: number) => needed(rows, dimension, 1) + needed(Math.min(rows, headline), dimension, 2) <= free
  const leftOut = sizes.filter((rows) => !fits(rows))
  return {
    sizes: sizes.filter(fits),
    leftOut: leftOut.map(
      (rows) =>
        `${rows} rows of ${dimension} dimensions are left out: they need about ${(needed(rows, dimension, 1) / 1e9).toFixed(0)} GB, ` +
        `${(free / 1e9).toFixed(0)} GB are free`,
    ),
  }
}
