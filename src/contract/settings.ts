/** The settings that a vault keeps, by name: what may stand there, and what holds where nothing was set. */
import { z } from 'zod'

export const settingTable = {
  /** Whether the picture of a sample is kept beside its template. */
  'samples.kept': { schema: z.boolean(), fallback: true as boolean },
  /** How long superseded versions stay stored, in days; null keeps them until somebody removes them. */
  'retention.supersededDays': { schema: z.number().int().min(0).max(36_500).nullable(), fallback: null as number | null },
  /** Id of the pack that makes templates; null is the one that came with the program. */
  'models.active': { schema: z.string().max(100).nullable(), fallback: null as string | null },
  /** Ed25519 public keys whose packs are trusted, base64 of SPKI. */
  'models.trustedKeys': { schema: z.array(z.string().max(200)).max(32), fallback: [] as string[] },
} as const

export type SettingName = keyof typeof settingTable
export type SettingValue<Name extends SettingName> = z.output<(typeof settingTable)[Name]['schema']>
