/** The settings that a vault keeps, by name: what may stand there, and what holds where nothing was set. */
import { z } from 'zod'
import { ExceptionPolicy, intakeLimits, NumberGiver } from './intake.ts'
import { BackupSchedule } from './rows/backup.ts'
import { ConsentText, consentVersionsMax } from './rows/consent.ts'
import { DeskSettings, deskFallback } from './rows/desk.ts'
import { SiteCalibrations } from './siteCalibration.ts'
import { limits } from './types.ts'

export type { Language } from './rows/desk.ts'

/** What a vault of an earlier version did not know has its default. */
const withDeskDefaults = (stored: unknown) => ({ ...deskFallback, ...(typeof stored === 'object' ? stored : undefined) })

export const settingTable = {
  /** Whether the picture of a sample is kept beside its template. */
  'samples.kept': { schema: z.boolean(), fallback: true as boolean },
  /** Whether a picture is taken by itself when all is well. */
  'capture.auto': { schema: z.boolean(), fallback: true as boolean },
  /** Whether a camera whose name is that of a virtual one may be used. */
  'camera.virtualForbidden': { schema: z.boolean(), fallback: false as boolean },
  /** What each camera, by its name, measures of a level head: degrees of pitch. */
  'camera.pitchZero': {
    schema: z.record(z.string().max(limits.nameCharactersMax), z.number().min(-30).max(30)),
    fallback: {} as Record<string, number>,
  },
  /** How long superseded versions stay stored, in days; null keeps them until somebody removes them. */
  'retention.supersededDays': { schema: z.number().int().min(0).max(36_500).nullable(), fallback: null as number | null },
  /** Where and how often the station makes backups by itself, and how many generations a folder keeps. */
  'backup.schedule': { schema: BackupSchedule, fallback: { folder: null, intervalHours: 24, generationsKept: 7 } as BackupSchedule },
  /** How the window looks and which camera it takes. */
  'desk.look': { schema: z.preprocess(withDeskDefaults, DeskSettings), fallback: deskFallback },
  /** The texts that subjects are asked for consent with, oldest first; the last one is in force. */
  'enrol.consentTexts': { schema: z.array(ConsentText).max(consentVersionsMax), fallback: [] as readonly ConsentText[] },
  /** Id of the pack that makes templates; null is the one that came with the program. */
  'models.active': { schema: z.string().max(100).nullable(), fallback: null as string | null },
  /** Ed25519 public keys whose packs are trusted, base64 of SPKI. */
  'models.trustedKeys': { schema: z.array(z.string().max(200)).max(32), fallback: [] as string[] },
  /** How long a draft is kept after it was changed last. */
  'drafts.keptHours': { schema: z.number().int().min(1).max(720), fallback: intakeLimits.draftHoursDefault as number },
  /** How long an enrolment waits for a supervisor. */
  'inbox.keptDays': { schema: z.number().int().min(1).max(365), fallback: intakeLimits.waitingDaysDefault as number },
  /** Who confirms enrolments without a capture, and whether they need a proof. */
  'exceptions.policy': { schema: ExceptionPolicy, fallback: { confirmedBy: 'supervisor', proof: 'optional' } as ExceptionPolicy },
  /** Who gives subjects their numbers. */
  'enrol.numbers': { schema: NumberGiver, fallback: 'station' as NumberGiver },
  /** What a site measured of its models' comparison scores; it goes before what a pack brings. */
  'models.calibrations': { schema: SiteCalibrations, fallback: {} as SiteCalibrations },
} as const

export type SettingName = keyof typeof settingTable
export type SettingValue<Name extends SettingName> = z.output<(typeof settingTable)[Name]['schema']>
