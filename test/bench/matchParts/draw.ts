/**
 * Normally distributed numbers, the same in each run, from any place of the sequence: row 3,000,000 costs no more than row 0, so no
 * bench has to keep what it can draw again.
 */

/** Steps of the sequence that belong to one row; two numbers come of each step. */
const stepsPerRow = 512
/** Rows that have steps of their own; the last ones are for probes. */
export const drawnRowsMax = 2 ** 32 / stepsPerRow
export const drawnDimensionMax = stepsPerRow * 2

const quantiles = 65_536

/** Quantile of the standard normal distribution (P. J. Acklam's rational approximation, relative error below 1.2e-9). */
function normalQuantile(share: number): number {
  const tail = (q: number) =>
    (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  if (share < 0.02425) return tail(Math.sqrt(-2 * Math.log(share)))
  if (share > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - share)))
  const q = share - 0.5
  const r = q * q
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r - 3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r - 1.328068155288572e1) *
      r +
      1)
  )
}

const table = Float32Array.from({ length: quantiles }, (_, at) => normalQuantile((at + 0.5) / quantiles))

/** A whole number of 32 bits from a place of the sequence: a bijection that leaves next to no trace of it (C. Wellons' lowbias32). */
function bitsAt(place: number): number {
  let bits = place
  bits ^= bits >>> 16
  bits = Math.imul(bits, 0x21f0aaad)
  bits ^= bits >>> 15
  bits = Math.imul(bits, 0x735a2d97)
  return bits ^ (bits >>> 15)
}

const increment = 0x9e3779b9

/**
 * Fills a vector with independent numbers of mean 0 and deviation 1.
 * @param row 0 to drawnRowsMax - 1; each has numbers of its own
 * @param into at most drawnDimensionMax long
 */
export function drawNormal(seed: number, row: number, into: Float32Array): void {
  let place = (bitsAt(seed) + Math.imul(Math.imul(row, stepsPerRow), increment)) | 0
  for (let at = 0; at < into.length; at += 2) {
    place = (place + increment) | 0
    const bits = bitsAt(place)
    into[at] = table[bits & 0xffff] as number
    if (at + 1 < into.length) into[at + 1] = table[bits >>> 16] as number
  }
}

/** A stream of numbers for single decisions. */
export function normalStream(seed: number): { normal: () => number; below: (limit: number) => number } {
  let place = bitsAt(seed ^ 0x5bd1e995)
  const bits = () => {
    place = (place + increment) | 0
    return bitsAt(place) >>> 0
  }
  return { normal: () => table[bits() & 0xffff] as number, below: (limit) => Math.floor((bits() / 2 ** 32) * limit) }
}
