import { z } from 'zod'
import { CaptureQuality } from '../quality.ts'
import { looking, quick, row, staff, staffAndClients } from '../row.ts'
import { Box, Bytes, CaptureId, CaptureSource, Pad, SessionId } from '../types.ts'

/** A capture as doors see it: never a template. */
export const CaptureSummary = z.object({
  captureId: CaptureId,
  captureSource: CaptureSource,
  pad: Pad,
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
