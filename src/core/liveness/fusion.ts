/** Presentation attack detection out of what a pack's model says and how the challenge went. */
import type { LivenessVerdict } from '../../contract/liveness.ts'
import type { Pad } from '../../contract/types.ts'

/**
 * Only a model makes an assessment: a challenge alone leaves it notAssessed, because it is a deterrence whose error rates nobody has
 * measured. Where there is a model, a failed challenge fails both.
 * @param passive what the model of a pack says; notAssessed where there is none
 */
export function fusedPad(passive: Pad, challenge: LivenessVerdict): Pad {
  return passive === 'passed' && challenge === 'failed' ? 'failed' : passive
}
