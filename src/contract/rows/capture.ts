import { z } from 'zod'
import { looking, quick, row, staff, staffAndClients } from '../row.ts'
import { Box, Bytes, CaptureId, CaptureSource, Pad, SessionId } from '../types.ts'

/** What is measured of the chosen face; shown, and kept with the reference. */
export const CaptureQuality = z.object({
  /** Distance between the eye centres, pixels of the picture. */
  interEyeDistancePx: z.number().nonnegative(),
  /** Variance of the Laplacian over variance of grey, in the face; larger is sharper. */
  sharpness: z.number().nonnegative(),
  /** Share of over-exposed pixels of the face, 0 to 1. */
  overExposure: z.number().min(0).max(1),
  /** Share of under-exposed pixels of the face, 0 to 1. */
  underExposure: z.number().min(0).max(1),
  /** How far the nose is from the middle of the face, over its width; 0 is frontal. */
  turn: z.number(),
  /** One number for the service endpoints, which ask for it: 0 unusable to 1 very good. */
  qualityScore: z.number().min(0).max(1),
})
export type CaptureQuality = z.infer<typeof CaptureQuality>

/** A capture as doors see it: never a template. */
export const CaptureSummary = z.object({
  captureId: CaptureId,
  captureSource: CaptureSource,
  pad: Pad,
  /** What the pack's PAD network says of the picture, 0 an attack to 1 a person; without one nothing. */
  padScore: z.number().min(0).max(1).nullish(),
  width: z.number().int(),
  height: z.number().int(),
  box: Box,
  detectionScore: z.number().min(0).max(1),
  facesInPicture: z.number().int(),
  quality: CaptureQuality,
  /** The sample (portrait around the chosen face) as JPEG, for the screen. */
  sample: Bytes,
})
export type CaptureSummary = z.infer<typeof CaptureSummary>

export const captureRows = {
  'capture.open': row({
    input: z.object({ source: z.enum(['camera', 'simulated']) }),
    output: z.object({ sessionId: SessionId }),
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'capture.close': row({
    input: z.object({ sessionId: SessionId }),
    output: z.object({}),
    roles: staff,
    // Whoever holds the random id of a session may end it: a window that was signed out leaves none behind.
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
  'capture.take': row({
    input: z.object({ sessionId: SessionId }),
    output: CaptureSummary,
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: looking,
  }),
  'capture.fromPicture': row({
    input: z.object({ picture: Bytes, source: z.enum(['file', 'simulated']).default('file') }),
    output: CaptureSummary,
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
  }),
  'capture.drop': row({
    input: z.object({ captureId: CaptureId }),
    output: z.object({}),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
}
