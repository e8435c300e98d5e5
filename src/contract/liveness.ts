/**
 * Liveness as it crosses boundaries. A challenge is a deterrence: it makes it harder to show a picture of somebody else. It is no
 * presentation attack detection in the sense of ISO/IEC 30107, and no error rate is claimed for it.
 */
import { z } from 'zod'

/** What a challenge may ask for. Left and right are the subject's own. */
export const challengeSteps = ['blink', 'turnLeft', 'turnRight', 'nod', 'comeCloser'] as const
export const ChallengeStep = z.enum(challengeSteps)
export type ChallengeStep = z.infer<typeof ChallengeStep>

/** What somebody cannot do: other steps stand in for it. */
export const Unable = z.enum(['blink', 'turn', 'nod'])
export type Unable = z.infer<typeof Unable>

export const LivenessVerdict = z.enum(['passed', 'failed', 'notAssessed'])
export type LivenessVerdict = z.infer<typeof LivenessVerdict>

/** Why a challenge failed. */
export const ChallengeFailure = z.enum([
  'timedOut',
  'wrongMovement',
  'faceLost',
  'otherFace',
  'severalFaces',
  'tooFast',
  'repeatedFrames',
  'cancelled',
])
export type ChallengeFailure = z.infer<typeof ChallengeFailure>

/** What was seen of the way that frames came; signs of pictures that were fed in past the camera. */
export const InjectionFlag = z.enum(['virtualCamera', 'repeatedFrames', 'impossibleTiming'])
export type InjectionFlag = z.infer<typeof InjectionFlag>

/** What is kept with a capture. */
export const Liveness = z.object({
  /** Of the challenge; notAssessed where none was passed or failed before the capture. */
  verdict: LivenessVerdict,
  failure: ChallengeFailure.nullable(),
  /** The steps in the order in which they were asked for. */
  steps: z.array(ChallengeStep),
  /** What somebody said that they cannot do. */
  unable: z.array(Unable),
  injection: z.array(InjectionFlag),
})
export type Liveness = z.infer<typeof Liveness>

export const noLiveness: Liveness = { verdict: 'notAssessed', failure: null, steps: [], unable: [], injection: [] }

/** How a challenge goes, for the screen. */
export const LivenessReport = z.object({
  state: z.enum(['baseline', 'asking', 'returning', 'passed', 'failed']),
  /** What is asked for now. */
  step: ChallengeStep.nullable(),
  /** Steps that are done, of how many. */
  done: z.number().int().nonnegative(),
  all: z.number().int().positive(),
  /** Share of the step's time that is over. */
  progress: z.number().min(0).max(1),
  failure: ChallengeFailure.nullable(),
})
export type LivenessReport = z.infer<typeof LivenessReport>
