import { z } from 'zod'
import { Job, JobId } from '../jobs.ts'
import { quick, row, slow } from '../row.ts'
import { KeyProviderName, SealAlgorithm, VaultKind } from '../types.ts'

/** A recovery key as somebody types it: 14 groups of four, hyphens and spaces as they like. */
const RecoveryKeyText = z.string().min(1).max(200)

/** Exit code of a job that was followed to its end. */
export const exitOfJob = ({ job }: { job: Job }) => (job.state === 'failed' ? 5 : 0)

export const JobAnswer = z.object({ job: Job })

export const keyRows = {
  'vault.setAlgorithm': row({
    input: z.object({ algorithm: SealAlgorithm.describe('AES-256-GCM or ChaCha20-Poly1305') }),
    output: z.object({ algorithm: SealAlgorithm }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'cipher',
      summary: 'set what new values are sealed with; stored ones follow at the next deep rotation',
      example: 'vultus cipher --algorithm C20P',
      options: ['algorithm'],
    },
  }),
  'vault.rotate': row({
    input: z.object({ deep: z.boolean().default(false).describe('also make new subject keys and seal all data anew') }),
    output: JobAnswer,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'rotate',
      summary: 'start a new key epoch and wrap all subject keys by it, while the station goes on working',
      example: 'vultus rotate --deep',
      options: ['deep'],
      follow: true,
      exitOf: exitOfJob,
    },
  }),
  'vault.rekey': row({
    input: z.object({}),
    output: JobAnswer,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'rekey',
      summary: 'copy the database under a new page key and swap it in; the vault waits meanwhile',
      example: 'vultus rekey',
      options: [],
      follow: true,
      exitOf: exitOfJob,
    },
  }),
  'vault.recover': row({
    input: z.object({
      recoveryKey: RecoveryKeyText,
      key: KeyProviderName.describe('what keeps the key of the vault from now on'),
      passphrase: z.string().max(1024).optional(),
    }),
    output: z.object({ kind: VaultKind, key: KeyProviderName }),
    roles: ['administrator'],
    // Where the key is lost nobody can sign in: the recovery key is what it takes.
    signIn: 'none',
    audit: 'effect',
    vault: 'any',
    limits: slow,
    command: {
      name: 'recover',
      summary: 'open the vault with its recovery key and give its key to a new keeper',
      example: 'VULTUS_RECOVERY_KEY=... vultus recover --key keychain',
      options: ['key'],
    },
  }),
  'recovery.confirm': row({
    input: z.object({
      groups: z
        .array(z.object({ position: z.number().int().min(1).max(14), text: z.string().max(12) }))
        .min(2)
        .max(14),
    }),
    output: z.object({ confirmed: z.literal(true) }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'recovery confirm',
      summary: 'type the recovery key back, to show that it is kept',
      example: 'vultus recovery confirm',
      options: [],
    },
  }),
  'recovery.reissue': row({
    input: z.object({}),
    output: z.object({ recoveryKey: z.string() }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'recovery reissue',
      summary: 'make a new recovery key; the one before opens nothing any more',
      example: 'vultus recovery reissue',
      options: [],
    },
  }),
}

export const jobRows = {
  'job.list': row({
    input: z.object({}),
    output: z.object({ jobs: z.array(Job) }),
    roles: ['operator', 'supervisor', 'auditor', 'administrator'],
    audit: 'none',
    vault: 'open',
    duringCopy: true,
    limits: quick,
    command: { name: 'jobs', summary: 'list the jobs, newest first', example: 'vultus jobs --json', options: [] },
  }),
  'job.pause': jobRow('pause', 'stop a job until it is resumed'),
  'job.resume': jobRow('resume', 'go on with a job that was paused or has failed'),
  'job.cancel': jobRow('cancel', 'end a job; what it has done stays'),
}

function jobRow(verb: 'pause' | 'resume' | 'cancel', summary: string) {
  return row({
    input: z.object({ id: JobId.describe('id of the job') }),
    output: JobAnswer,
    // A supervisor only where they may start a job of that kind.
    roles: ['supervisor', 'administrator'],
    audit: 'effect',
    vault: 'open',
    duringCopy: true,
    limits: quick,
    command: { name: `job ${verb}`, summary, example: `vultus job ${verb} --id 6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f`, options: ['id'] },
  })
}
