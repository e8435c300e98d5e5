/** What the face process tells of a live picture beside where the faces are: one instruction, the checks, and how a challenge goes. */
import { z } from 'zod'
import { LivenessReport } from './liveness.ts'
import { QualityVerdict } from './quality.ts'

/** What is asked of the subject, one at a time. Left and right are the subject's own. */
export const Instruction = z.enum([
  'look',
  'onePerson',
  'closer',
  'back',
  'left',
  'right',
  'up',
  'down',
  'turnLeft',
  'turnRight',
  'chinUp',
  'chinDown',
  'tiltLeft',
  'tiltRight',
  'openEyes',
  'closeMouth',
  'steady',
  'moreLight',
  'lessLight',
  'evenLight',
  'plainBackground',
  'hold',
  'captured',
])
export type Instruction = z.infer<typeof Instruction>

/** In the order in which they are asked for. */
export const checkNames = [
  'onePerson',
  'distance',
  'centred',
  'facing',
  'eyesOpen',
  'mouthClosed',
  'focus',
  'brightness',
  'evenLight',
  'colour',
  'background',
] as const
export const CheckName = z.enum(checkNames)
export type CheckName = z.infer<typeof CheckName>

export const LiveCheck = z.object({
  name: CheckName,
  verdict: QualityVerdict,
  /** 50 is the limit, 100 well inside, 0 far beyond. */
  bar: z.number().min(0).max(100),
})
export type LiveCheck = z.infer<typeof LiveCheck>

export const LiveReport = z.object({
  instruction: Instruction,
  /** seeking: something is not well; holding: all is well; captured: a picture was just asked for; failed: too long without one. */
  phase: z.enum(['seeking', 'holding', 'captured', 'failed']),
  /** How much of the moment that all has to be well is over, 0 to 1. */
  progress: z.number().min(0).max(1),
  /** Counts the captures that guidance asked for; who sees it grow takes one. */
  captures: z.number().int().nonnegative(),
  /** The worst first; empty without a face. Only what was measured. */
  checks: z.array(LiveCheck),
  /** Why nothing was captured, where the phase is failed: what was wrong longest. */
  reasons: z.array(CheckName),
  /** Degrees, signs of ISO/IEC 39794-5. */
  pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).nullable(),
  /** The challenge that runs or has just ended. */
  liveness: LivenessReport.nullable(),
})
export type LiveReport = z.infer<typeof LiveReport>
