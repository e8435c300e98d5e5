/** The settings that a vault keeps, by name: what may stand there, and what holds where nothing was set. */
import { z } from 'zod'

export const settingTable = {
  /** Whether the picture of a sample is kept beside its template. */
  'samples.kept': { schema: z.boolean(), fallback: true as boolean },
  /** How long superseded versions stay stored, in days; null keeps them until somebody removes them. */
  'retention.supersededDays': { schema: z.number().int().min(0).max(36_500).nullable(), fallback: null as number | null },
} as const

export type SettingName = keyof typeof settingTable
export type SettingValue<Name extends SettingName> = z.output<(typeof settingTable)[Name]['schema']>
