/** How the window of the station looks: kept in its vault, for a window keeps nothing of its own when it closes. */
import { z } from 'zod'
import { accounts, everybody, quick, row } from '../row.ts'

export const Language = z.enum(['en', 'de', 'fr', 'ar'])
export type Language = z.infer<typeof Language>

export const Theme = z.enum(['system', 'light', 'dark', 'contrast'])
export type Theme = z.infer<typeof Theme>

/** Height of the picture that a camera is asked for, pixels. */
export const CameraHeightPx = z.literal([480, 720, 1080])
export type CameraHeightPx = z.infer<typeof CameraHeightPx>

export const DeskSettings = z.object({
  /** Null: as the system of the computer has it. */
  language: Language.nullable(),
  theme: Theme,
  /** Name of the camera as the system tells it; null takes any. */
  camera: z.string().max(200).nullable(),
  cameraHeightPx: CameraHeightPx,
  /** Whether the live picture is shown as in a mirror. */
  mirrored: z.boolean(),
  /** Whether a verdict is told by a sound too. */
  sounds: z.boolean(),
  /** Whether going on after an enrolment prints the receipt first. */
  receipts: z.boolean(),
})
export type DeskSettings = z.infer<typeof DeskSettings>
export const deskFallback: DeskSettings = {
  language: null,
  theme: 'system',
  camera: null,
  cameraHeightPx: 720,
  mirrored: true,
  sounds: true,
  receipts: false,
}

export const deskRows = {
  'desk.settings': row({
    input: z.object({}),
    output: DeskSettings,
    roles: everybody,
    // The screen of signing in has a language too.
    signIn: 'none',
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'desk.change': row({
    input: DeskSettings.partial(),
    output: DeskSettings,
    roles: accounts,
    audit: 'effect',
    vault: 'open',
    limits: quick,
  }),
}
