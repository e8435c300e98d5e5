/**
 * How strong the evidence of a comparison is, in numbers that can be said aloud: the chance that a false match is at least this strong.
 * Nothing is claimed beyond the calibration of the model, and rounding never makes the evidence look stronger than it is.
 */

export interface Strength {
  /** "1 in N"; rounded down to two digits. */
  readonly oneIn: number
  /** The calibration supports no smaller rate: the chance is at most 1 in N. */
  readonly atLimit: boolean
  /** Half or more: "1 in N" would say nothing. */
  readonly common: boolean
}

const limitTolerance = 1e-6

/**
 * @param chance a rate above 0 and at most 1
 * @param atLimit the rate is the smallest one that the calibration supports
 */
function strengthOfChance(chance: number, atLimit: boolean): Strength {
  return { oneIn: roundDown(1 / chance), atLimit, common: chance >= 0.5 }
}

/** Strength of one comparison. @param fmrMin the smallest rate that the calibration supports; null where there is none */
export function strengthPerComparison(fmr: number, fmrMin: number | null): Strength {
  return strengthOfChance(fmr, isAtLimit(fmr, fmrMin))
}

/** Strength of one result of a search: the chance that any of gallerySize other people gives one at least this strong. */
export function strengthPerSearch(fmr: number, fmrMin: number | null, gallerySize: number): Strength {
  const chance = -Math.expm1(Math.max(gallerySize, 1) * Math.log1p(-Math.min(fmr, 1 - Number.EPSILON)))
  return strengthOfChance(chance, isAtLimit(fmr, fmrMin))
}

/**
 * Where a rate stands on a logarithmic scale from "every comparison" (0) to the limit of the calibration (1).
 * @param fmrMin end of the scale
 */
export function placeOnScale(fmr: number, fmrMin: number): number {
  const place = Math.log(fmr) / Math.log(fmrMin)
  return Math.min(1, Math.max(0, place))
}

/** The marks of that scale: powers of ten, so few that their words do not touch, and its end. */
export function scaleMarks(fmrMin: number): readonly { readonly oneIn: number; readonly place: number; readonly end: boolean }[] {
  const decades = Math.log10(1 / fmrMin)
  const step = Math.max(1, Math.ceil(decades / 3))
  const marks = []
  for (let decade = step; decade <= decades - 0.75 * step; decade += step) {
    marks.push({ oneIn: 10 ** decade, place: decade / decades, end: false })
  }
  return [...marks, { oneIn: roundDown(1 / fmrMin), place: 1, end: true }]
}

function isAtLimit(fmr: number, fmrMin: number | null): boolean {
  return fmrMin !== null && fmr <= fmrMin * (1 + limitTolerance)
}

/** Down to two significant digits; the small addition keeps 1 / 0.001 at 1000. */
function roundDown(value: number): number {
  const raised = value * (1 + 1e-9)
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(raised)) - 1)
  return Math.floor(raised / unit) * unit
}
