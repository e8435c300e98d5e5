import { z } from 'zod'
import { Liveness, Unable } from '../liveness.ts'
import { CaptureQuality, ExemptionReason, PresetId } from '../quality.ts'
import { looking, quick, row, staff, staffAndClients } from '../row.ts'
import { Box, Bytes, CaptureId, CaptureSource, limits, Pad, SessionId } from '../types.ts'

/** A capture as doors see it: never a template. */
export const CaptureSummary = z.object({
  captureId: CaptureId,
  captureSource: CaptureSource,
  pad: Pad,
  /** What the pack's PAD network says of the picture, 0 an attack to 1 a person; without one nothing. */
  padScore: z.number().min(0).max(1).nullish(),
  liveness: Liveness,
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

const CameraName = z.string().max(limits.nameCharactersMax).default('')

export const captureRows = {
  'capture.open': row({
    input: z.object({
      source: z.enum(['camera', 'simulated']),
      preset: PresetId.default('enrolment'),
      /** The name of the camera as the system gives it; empty where it gives none. */
      camera: CameraName,
    }),
    output: z.object({
      sessionId: SessionId,
      autoCapture: z.boolean(),
      /** The program behind the camera, where its name is that of a virtual one. */
      virtualCamera: z.string().nullable(),
    }),
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'capture.guide': row({
    input: z.object({
      sessionId: SessionId,
      preset: PresetId.optional(),
      autoCapture: z.boolean().optional(),
      /** Null again for nobody. */
      exemption: ExemptionReason.nullable().optional(),
    }),
    output: z.object({ preset: PresetId, autoCapture: z.boolean() }),
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  /** Takes the pitch of the last moments for that of a level head, and keeps it for this camera. */
  'camera.level': row({
    input: z.object({ sessionId: SessionId, camera: CameraName }),
    output: z.object({ pitchZero: z.number() }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
  }),
  'camera.settings': row({
    input: z.object({
      captures: z.enum(['auto', 'manual']).optional().describe('whether a picture is taken by itself when all is well'),
      virtual: z.enum(['allowed', 'forbidden']).optional().describe('whether virtual cameras, told by their names, may be used'),
    }),
    output: z.object({ captures: z.enum(['auto', 'manual']), virtual: z.enum(['allowed', 'forbidden']) }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'camera settings',
      summary: 'show or change how pictures are taken',
      example: 'vultus camera settings --virtual forbidden',
      options: ['captures', 'virtual'],
    },
  }),
  'liveness.start': row({
    input: z.object({ sessionId: SessionId, unable: z.array(Unable).max(3).default([]) }),
    output: z.object({}),
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'liveness.cancel': row({
    input: z.object({ sessionId: SessionId }),
    output: z.object({}),
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
    rest: {
      method: 'POST',
      path: '/api/captures',
      bytes: ['picture'],
      aliases: { image: 'picture' },
      answer: CaptureSummary.pick({
        captureId: true,
        pad: true,
        width: true,
        height: true,
        box: true,
        facesInPicture: true,
        quality: true,
      }),
    },
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
