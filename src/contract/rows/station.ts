import { z } from 'zod'
import { everybody, looking, quick, row, slow, staffAndClients } from '../row.ts'
import { Bytes, InferenceProvider, KeyProviderName, limits, Rate, SealAlgorithm, SubjectId, VaultKind } from '../types.ts'
import { StationKeySummary } from './audit.ts'
import { TemplateInput } from './face.ts'
import { SearchExplanation } from './subject.ts'

const StoredTemplate = z.object({
  id: SubjectId,
  data: z.array(z.number()),
  metadata: z.record(z.string(), z.unknown()),
  created_at: z.string(),
})

const Metadata = z
  .record(z.string().max(100), z.unknown())
  .default({})
  .refine((value) => JSON.stringify(value).length <= limits.metadataBytesMax, 'metadata has at most 16 KiB as JSON')

export const vaultRows = {
  'vault.status': row({
    input: z.object({}),
    output: z.object({
      state: z.enum(['missing', 'locked', 'open']),
      kind: VaultKind.nullable(),
      key: KeyProviderName.nullable(),
      /** Whether this machine has a keychain that a new vault could use. */
      keychainAvailable: z.boolean(),
      /** Whether the open vault has a recovery key, and whether somebody has typed groups of it back. Null where it is not open. */
      recovery: z.enum(['none', 'unconfirmed', 'confirmed']).nullable(),
      /** Why a vault that is there could not be opened. */
      problem: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
      /** Of an open vault. */
      stationKey: StationKeySummary.nullish(),
    }),
    roles: everybody,
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
    command: {
      name: 'vault status',
      summary: 'show whether the vault is there and open',
      example: 'vultus vault status --json',
      options: [],
    },
  }),
  'vault.init': row({
    input: z.object({
      key: KeyProviderName.describe('where the root key comes from'),
      passphrase: z.string().max(1024).optional(),
      kind: VaultKind.default('real'),
      algorithm: SealAlgorithm.default('A256GCM').describe('what values are sealed with: AES-256-GCM or ChaCha20-Poly1305'),
    }),
    output: z.object({
      kind: VaultKind,
      key: KeyProviderName,
      /** Shown once and kept nowhere; a demo vault has none. */
      recoveryKey: z.string().nullable(),
    }),
    roles: ['administrator'],
    signIn: 'none',
    audit: 'effect',
    vault: 'any',
    limits: slow,
    command: {
      name: 'init',
      summary: 'create the vault in the data folder',
      example: 'VULTUS_PASSPHRASE=... vultus init --key passphrase',
      options: ['key', 'algorithm'],
    },
  }),
  'vault.unlock': row({
    input: z.object({ passphrase: z.string().max(1024).optional() }),
    output: z.object({ kind: VaultKind }),
    roles: ['administrator'],
    signIn: 'none',
    audit: 'effect',
    vault: 'any',
    limits: slow,
  }),
}

/** What the networks of the face process are computed with, and what was tried beside it with the pack that works. */
const Inference = z.object({
  /** Null until a pack is loaded. */
  provider: InferenceProvider.nullable(),
  tried: z.array(
    z.object({
      provider: InferenceProvider,
      /** unavailable: there is no such device; differs: other templates; ended: it ended its process. */
      outcome: z.enum(['used', 'slower', 'differs', 'unavailable', 'ended']),
      /** Time of a picture on the processor over that by the provider; null where it gave none. */
      speedUp: z.number().nullable(),
    }),
  ),
  /** Face processes for pictures beside that of the camera, now and at most. */
  processes: z.number().int(),
  processesMax: z.number().int(),
  /** Threads that one run of a network is spread over. */
  threads: z.number().int(),
})

export const stationRows = {
  'health.get': row({
    input: z.object({}),
    output: z.object({
      status: z.enum(['ok', 'degraded']),
      service: z.literal('vultus'),
      version: z.string(),
      timestamp: z.string(),
      model_status: z.object({ loaded: z.boolean(), model_name: z.string().nullable(), input_shape: z.array(z.number().int()).nullable() }),
    }),
    roles: everybody,
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
    rest: { method: 'GET', path: '/api/health' },
  }),
  'status.get': row({
    input: z.object({}),
    output: z.object({
      service: z.literal('vultus'),
      version: z.string(),
      uptime_s: z.number(),
      vault: z.object({ state: z.enum(['missing', 'locked', 'open']), kind: VaultKind.nullable() }),
      gallery: z.object({ references: z.number().int(), sequence: z.number().int(), ready: z.boolean() }),
      model: z.object({ id: z.string(), dimension: z.number().int(), metric: z.string() }).nullable(),
      processes: z.array(
        z.object({
          name: z.string(),
          state: z.enum(['stopped', 'starting', 'ready', 'restarting', 'failed']),
          pid: z.number().int().nullable(),
          restarts: z.number().int(),
        }),
      ),
      inference: Inference,
    }),
    roles: everybody,
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
    command: { name: 'status', summary: 'show the state of the station', example: 'vultus status --json', options: [] },
    rest: { method: 'GET', path: '/api/status' },
  }),
  /** What the station is doing now, for its health: figures of the moment that are kept nowhere. */
  'station.figures': row({
    input: z.object({}),
    output: z.object({
      /** Of the process that holds the vault, resident. */
      memoryBytes: z.number().int(),
      /** Pictures that wait for a face process. */
      waitingPictures: z.number().int(),
      /** The newest search of the gallery; null where nothing was searched since the start. It tells of nobody. */
      search: SearchExplanation.pick({
        stage: true,
        reason: true,
        kernel: true,
        threads: true,
        rowsRead: true,
        survivors: true,
        ms: true,
      }).nullable(),
    }),
    roles: ['operator', 'supervisor', 'auditor', 'administrator'],
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
  'demo.portrait': row({
    input: z.object({ subject: z.number().int().min(0).max(99), variation: z.number().int().min(0).max(99).default(0) }),
    output: z.object({ picture: Bytes }),
    roles: ['administrator'],
    audit: 'none',
    vault: 'open',
    limits: looking,
  }),
  'template.store': row({
    input: z.object({ id: SubjectId, data: TemplateInput, metadata: Metadata }),
    output: StoredTemplate.omit({ data: true }),
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    rest: { method: 'POST', path: '/api/templates' },
  }),
  'template.retrieve': row({
    input: z.object({ id: SubjectId }),
    output: StoredTemplate,
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    rest: { method: 'GET', path: '/api/templates/:id' },
  }),
  'template.findMatches': row({
    input: z.object({
      data: TemplateInput,
      threshold: z.number().min(-1).max(1).optional(),
      /** Instead of a threshold: the largest Euclidean distance of templates scaled to unit length. */
      distanceMax: z.number().min(0).max(2).optional(),
      fmr: Rate.optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    output: z.object({
      /** distance: the Euclidean one of the templates scaled to unit length, sqrt(2 - 2 score). */
      matches: z.array(z.object({ id: SubjectId, score: z.number(), distance: z.number() })),
      threshold: z.number(),
      /** The calibrated rate behind the threshold; null where the caller gave the threshold itself. */
      fmr: z.number().nullable(),
    }),
    roles: staffAndClients,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    rest: { method: 'POST', path: '/api/templates/matches' },
  }),
}
