/** Error rates of presentation attack detection after ISO/IEC 30107-3, for each species of attack instrument. */
import type { PadReport } from '../../contract/evaluation.ts'
import type { Pad } from '../../contract/types.ts'
import { rateOf } from './intervals.ts'

/** The species of a presentation that is no attack. */
export const bonaFide = 'bonaFide'

export interface Presentation {
  readonly species: string
  /** undefined where no face was found: no response. */
  readonly pad: Pad | undefined
}

const countOf = (presentations: readonly Presentation[], pad: Pad | undefined) => presentations.filter((one) => one.pad === pad).length

/**
 * APCER and BPCER over those that were assessed; those without a response are counted apart.
 * @param threshold the padScore from which on a presentation passed; null where nothing assesses
 */
export function padReport(presentations: readonly Presentation[], threshold: number | null): PadReport {
  const ratesOf = (own: readonly Presentation[], error: Pad) => {
    const assessed = own.filter(({ pad }) => pad === 'passed' || pad === 'failed')
    return { errors: rateOf(countOf(assessed, error), assessed.length), nonResponse: rateOf(countOf(own, undefined), own.length) }
  }
  const names = [...new Set(presentations.map(({ species }) => species))].filter((name) => name !== bonaFide).sort()
  const apcer = names.map((species) => {
    const { errors, nonResponse } = ratesOf(
      presentations.filter((one) => one.species === species),
      'passed',
    )
    return { species, ...errors, nonResponse }
  })
  const own = ratesOf(
    presentations.filter(({ species }) => species === bonaFide),
    'failed',
  )
  const [worst] = apcer.filter(({ rate }) => rate !== null).sort((a, b) => b.rate! - a.rate!)
  const { species: _, nonResponse: __, ...apcerMax } = worst ?? { species: '', nonResponse: undefined }
  return {
    threshold,
    assessed: presentations.some(({ pad }) => pad === 'passed' || pad === 'failed'),
    apcer,
    apcerMax: worst === undefined ? null : (apcerMax as PadReport['apcerMax']),
    bpcer: own.errors,
    bpnrr: own.nonResponse,
  }
}
