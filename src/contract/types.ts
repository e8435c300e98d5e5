/** Shared types and schemas of everything that crosses a boundary. Units last: Ms, Bytes, Px. */
import { z } from 'zod'

/** The id of a subject as the site knows it (a number, a case reference); never shown in the audit chain. */
export const SubjectId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'an id has 1 to 64 of the characters A-Z a-z 0-9 . _ -')
  .brand<'SubjectId'>()
export type SubjectId = z.infer<typeof SubjectId>

/** Names a capture that the face process holds until it is taken or expires. */
export const CaptureId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .brand<'CaptureId'>()
export type CaptureId = z.infer<typeof CaptureId>

/** Names an open capture session (one camera, one stream of frames). */
export const SessionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .brand<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>

/** A row of the vault's reference table; also the row id in the gallery. Never used again after erasure. */
export const ReferenceNo = z.number().int().positive().brand<'ReferenceNo'>()
export type ReferenceNo = z.infer<typeof ReferenceNo>

/** The number of a committed change of the gallery; grows by one for each. */
export const Sequence = z.number().int().nonnegative()

/** Where a sample came from. A simulated one can only be in a demo vault. */
export const CaptureSource = z.enum(['camera', 'file', 'simulated'])
export type CaptureSource = z.infer<typeof CaptureSource>

/** Outcome of presentation attack detection. Without a check it is notAssessed, never a made-up score. */
export const Pad = z.enum(['passed', 'failed', 'notAssessed'])
export type Pad = z.infer<typeof Pad>

export const Decision = z.enum(['match', 'nonMatch', 'inconclusive'])
export type Decision = z.infer<typeof Decision>

export const Role = z.enum(['operator', 'supervisor', 'auditor', 'administrator', 'client'])
export type Role = z.infer<typeof Role>

/** A vault's kind, fixed and authenticated when it is made. */
export const VaultKind = z.enum(['real', 'demo'])
export type VaultKind = z.infer<typeof VaultKind>

/** Where a vault's root key comes from; keychain+passphrase needs both. */
export const KeyProviderName = z.enum(['keychain', 'passphrase', 'keychain+passphrase'])
export type KeyProviderName = z.infer<typeof KeyProviderName>

/** Whether opening a vault with this provider takes a passphrase. */
export const needsPassphrase = (key: string | null) => key === 'passphrase' || key === 'keychain+passphrase'
/** Whether this provider keeps something in the keychain of the machine. */
export const needsKeychain = (key: string | null) => key === 'keychain' || key === 'keychain+passphrase'

/** What values are sealed with: AES-256-GCM or ChaCha20-Poly1305. */
export const SealAlgorithm = z.enum(['A256GCM', 'C20P'])
export type SealAlgorithm = z.infer<typeof SealAlgorithm>

/** What networks are computed with; cpu is everywhere. Names are those of the inference runtime. */
export const InferenceProvider = z.enum(['cpu', 'cuda', 'dml', 'coreml', 'webgpu'])
export type InferenceProvider = z.infer<typeof InferenceProvider>

/** Bytes as they cross ports; REST carries them as base64. */
export const Bytes = z.instanceof(Uint8Array)

/** A false match rate or a false positive identification rate: a fraction above 0 and below 1. */
export const Rate = z.number().gt(0).lt(1)

/** A point in pixels of the picture after its orientation was applied: x to the right, y down. */
export const FramePoint = z.tuple([z.number(), z.number()])
export type FramePoint = z.infer<typeof FramePoint>

/** A box in pixels: left, top, width, height. It may reach over the edge of the picture. */
export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Box = z.infer<typeof Box>

/** Names of the service endpoints: left and right are image-left and image-right. */
export const FivePoints = z.object({
  left_eye: FramePoint,
  right_eye: FramePoint,
  nose: FramePoint,
  left_mouth: FramePoint,
  right_mouth: FramePoint,
})
export type FivePoints = z.infer<typeof FivePoints>

/** Limits at every door. A picture's pixels are counted from its header before anything is decoded. */
export const limits = {
  pictureBytesMax: 64 * 1024 * 1024,
  picturePixelsMax: 64_000_000,
  pictureSidePxMin: 32,
  requestBytesMax: 96 * 1024 * 1024,
  restBodyBytesMax: 90 * 1024 * 1024,
  capturesHeldMax: 64,
  captureLifeMs: 10 * 60_000,
  sessionsMax: 4,
  picturesPerEnrolmentMax: 10,
  nameCharactersMax: 200,
  subjectsPerPageMax: 1000,
  queryCharactersMax: 200,
  metadataBytesMax: 16 * 1024,
  repeatMax: 1000,
  templatesPerBatchMax: 10_000,
} as const
