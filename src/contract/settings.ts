/** The settings that a vault keeps, by name: what may stand there, and what holds where nothing was set. */
import { z } from 'zod'
import { BackupSchedule } from './rows/backup.ts'
import { DeskSettings, deskFallback } from './rows/desk.ts'

export type { Language } from './rows/desk.ts'

export const settingTable = {
  /** Whether the picture of a sample is kept beside its template. */
  'samples.kept': { schema: z.boolean(), fallback: true as boolean },
  /** How long superseded versions stay stored, in days; null keeps them until somebody removes them. */
  'retention.supersededDays': { schema: z.number().int().min(0).max(36_500).nullable(), fallback: null as number | null },
  /** Where and how often the station makes backups by itself, and how many generations a folder keeps. */
  'backup.schedule': { schema: BackupSchedule, fallback: { folder: null, intervalHours: 24, generationsKept: 7 } as BackupSchedule },
  /** How the window looks and which camera it takes. */
  'desk.look': { schema: DeskSettings, fallback: deskFallback },
} as const

export type SettingName = keyof typeof settingTable
export type SettingValue<Name extends SettingName> = z.output<(typeof settingTable)[Name]['schema']>
