/** The words for a strength: "1 in 1,000", or at the limit of the calibration "fewer than 1 in N". */
import { fill, text } from '../locale/text.ts'
import type { Strength } from './strength.ts'

export function strengthText(strength: Strength): string {
  if (strength.common) return strength.atLimit ? text.strength.unclaimed : text.strength.common
  return fill(strength.atLimit ? text.strength.fewer : text.strength.oneIn, { n: strength.oneIn })
}
