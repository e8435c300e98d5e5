/** Backups: generations of data in a folder, the key file that opens them, and restoring. */
import { z } from 'zod'
import { quick, row, slow } from '../row.ts'
import { KeyProviderName, VaultKind } from '../types.ts'

/** An absolute path; the command line makes relative ones absolute. */
const Folder = z.string().min(1).max(4096)
const Time = z.iso.datetime()
const Count = z.number().int().nonnegative()
const GenerationNo = z.number().int().positive().max(0xffff_ffff)

const alone = { timeoutMs: 6 * 3_600_000, atOnceMax: 1 } as const

const Generation = z.object({ number: GenerationNo, createdAt: Time, bytes: Count })

/** What a test restore, or a restore, has looked at. */
const Verified = z.object({
  subjects: Count,
  references: Count,
  /** Subjects of whom every sealed value was opened. */
  sampled: Count,
  auditRecords: Count,
  auditOk: z.boolean(),
  /** Subjects that were erased after the generation was made, and are erased again. */
  erased: Count,
  /** Whether the vault had a witness file, which a restored one leaves behind: name a new one. */
  witnessLeft: z.boolean(),
})

export const BackupReport = z.object({
  folder: z.string(),
  generation: Generation,
  verified: Verified,
  /** Numbers of the generations that are kept. */
  kept: z.array(GenerationNo),
})
export type BackupReport = z.infer<typeof BackupReport>

export const KeyFileReport = z.object({
  folder: z.string(),
  /** Null where it could not be refreshed: it stays pending. */
  refreshedAt: Time.nullable(),
  /** Code of why it could not. */
  problem: z.string().nullable(),
})
export type KeyFileReport = z.infer<typeof KeyFileReport>

export const BackupFolderReport = z.object({
  folder: z.string(),
  /**
   * pending: the key file does not follow the last erasure, or the last change of the vault's keys, yet; refreshedAt: when
   * it was replaced last, null where its first backup was cut off.
   */
  keyFile: z.object({ refreshedAt: Time.nullable(), pending: z.boolean() }),
  generations: z.array(Generation.extend({ subjects: Count, verifiedAt: Time })),
})
export type BackupFolderReport = z.infer<typeof BackupFolderReport>

export const BackupSchedule = z.object({
  /** Null: no backups by themselves. */
  folder: Folder.nullable(),
  intervalHours: z.number().int().min(1).max(8760),
  generationsKept: z.number().int().min(1).max(1000),
})
export type BackupSchedule = z.infer<typeof BackupSchedule>

/** Told on stderr while it goes on; where the command is stopped, so is the station that it started, and with that the work. */
const watched = { progress: 'backup.progress' } as const

export const backupRows = {
  'vault.backUp': row({
    input: z.object({ to: Folder.describe('folder for the backup, on another disk') }),
    output: BackupReport,
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: alone,
    command: {
      name: 'back-up',
      summary: 'write a generation of the vault and its key file into a folder, and prove it by a test restore',
      example: 'vultus back-up --to /media/backup',
      options: ['to'],
      files: { to: 'path' },
      watch: watched,
    },
  }),
  'vault.refreshKeyFile': row({
    input: z.object({}),
    output: z.object({ keyFiles: z.array(KeyFileReport) }),
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'backup refresh',
      summary: 'write the key files of all backup folders anew, without the keys of erased subjects',
      example: 'vultus backup refresh',
      options: [],
      exitOf: ({ keyFiles }: { keyFiles: { problem: string | null }[] }) => (keyFiles.every(({ problem }) => problem === null) ? 0 : 4),
    },
  }),
  'vault.restore': row({
    input: z.object({
      from: Folder.describe('folder of the backup'),
      generation: GenerationNo.optional().describe('number of the generation; the newest where it is left out'),
      key: KeyProviderName.optional().describe('what keeps the key of the restored vault; as before where it is left out'),
      recoveryKey: z.string().min(1).max(200).optional(),
      passphrase: z.string().max(1024).optional(),
    }),
    output: z.object({
      vaultId: z.uuid(),
      kind: VaultKind,
      key: KeyProviderName,
      generation: GenerationNo,
      createdAt: Time,
      verified: Verified,
    }),
    roles: ['administrator'],
    // A folder without a vault has no accounts: the recovery key, or what opens the backup, is what it takes.
    signIn: 'none',
    audit: 'effect',
    vault: 'any',
    limits: alone,
    command: {
      name: 'restore',
      summary: 'restore a backup into a data folder without a vault, with the recovery key or as the vault opens',
      example: 'VULTUS_RECOVERY_KEY=... vultus restore --from /media/backup --data /var/lib/vultus --key passphrase',
      options: ['from', 'generation', 'key'],
      files: { from: 'path' },
      watch: watched,
    },
  }),
  /** How far the backup or the restore is that somebody asked for; those by the schedule are jobs. */
  'backup.progress': row({
    input: z.object({}),
    output: z.object({ stage: z.enum(['idle', 'backUp', 'restore']), done: Count, total: Count }),
    roles: ['supervisor', 'administrator'],
    // As restoring itself: a folder without a vault has no accounts. It is two numbers.
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
  'backup.list': row({
    input: z.object({}),
    output: z.object({ folders: z.array(BackupFolderReport), schedule: BackupSchedule }),
    roles: ['supervisor', 'auditor', 'administrator'],
    audit: 'none',
    vault: 'open',
    limits: slow,
    command: {
      name: 'backup list',
      summary: 'list backup folders and their generations',
      example: 'vultus backup list --json',
      options: [],
    },
  }),
  'backup.schedule': row({
    input: z.object({
      to: Folder.optional().describe('folder for backups by themselves; none where it is left out'),
      intervalHours: z.number().int().min(1).max(8760).default(24).describe('hours between two backups'),
      generationsKept: z.number().int().min(1).max(1000).default(7).describe('how many generations a folder keeps'),
    }),
    output: BackupSchedule,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'backup schedule',
      summary: 'set where and how often the station makes backups by itself',
      example: 'vultus backup schedule --to /media/backup --interval-hours 24 --generations-kept 7',
      options: ['to', 'intervalHours', 'generationsKept'],
      files: { to: 'path' },
    },
  }),
  'backup.forget': row({
    input: z.object({ folder: Folder.describe('backup folder that is gone for good') }),
    output: z.object({ folder: z.string() }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'backup forget',
      summary: 'look after the key file of a folder no more',
      example: 'vultus backup forget --folder /media/old',
      options: ['folder'],
      files: { folder: 'path' },
    },
  }),
}
