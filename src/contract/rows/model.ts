/** Model packs: what is there, bringing one in, changing to it, and taking one out. */
import { z } from 'zod'
import { ScoreDistribution } from '../evaluation.ts'
import { Job } from '../jobs.ts'
import { everybody, quick, row, slow } from '../row.ts'

const PackId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'an id has 1 to 40 of the characters a-z 0-9 -')
const FilePath = z.string().min(1).max(4096)

export const PackListed = z.object({
  id: z.string(),
  /** As it stands with every template that the pack makes. */
  model: z.string(),
  name: z.string(),
  version: z.string(),
  /** Whether it came with the program. */
  builtIn: z.boolean(),
  complete: z.boolean(),
  /** The family of each role that the pack brings itself. */
  families: z.object({
    detector: z.string().optional(),
    landmarks: z.string().optional(),
    embedding: z.string().optional(),
    pad: z.string().optional(),
  }),
  dimension: z.number().int(),
  metric: z.string(),
  licences: z.array(z.string()),
  calibration: z.object({ impostorPairs: z.number().int(), fmrMin: z.number() }).nullable(),
})

export type PackListed = z.infer<typeof PackListed>

const Checked = z.object({
  pack: PackListed,
  manifestSha256: z.string(),
  signature: z.object({ state: z.enum(['valid', 'unknown', 'none']), key: z.string().nullable() }),
  files: z.array(z.object({ file: z.string(), opset: z.number().int(), operators: z.array(z.string()), parameters: z.number().int() })),
  selfTest: z.object({
    mateScore: z.number(),
    impostorScore: z.number(),
    pictureMs: z.number().nonnegative(),
    padScore: z.number().nullable(),
  }),
  memoryBytesPeak: z.number().int(),
})
export type Checked = z.infer<typeof Checked>

/** A point of a DET curve: errors at one threshold, fractions. */
const ErrorPoint = z.object({ threshold: z.number(), fmr: z.number(), fnmr: z.number() })

const PackResults = z.object({
  pack: z.string(),
  model: z.string(),
  /** Pictures that gave a template. */
  usable: z.number().int(),
  refused: z.array(z.object({ picture: z.string(), code: z.string() })),
  latencyMs: z.object({ median: z.number().nullable(), p95: z.number().nullable() }),
  mates: ScoreDistribution,
  impostors: ScoreDistribution,
  eer: z.number().nullable(),
  det: z.array(ErrorPoint),
  /** FNMR at wanted rates; supported is false below one in as many as there were impostor pairs. */
  fnmr: z.array(z.object({ fmr: z.number(), threshold: z.number().nullable(), fnmr: z.number().nullable(), supported: z.boolean() })),
})

export const ModelComparison = z.object({
  pictures: z.number().int(),
  /** Pictures that both packs used; all figures but refusals and latency are of these. */
  common: z.number().int(),
  source: z.enum(['folder', 'samples']),
  /** The rate at whose threshold both decide when they are held against each other. */
  fmr: z.number(),
  first: PackResults,
  second: PackResults,
  /** Pairs that one takes for the same person and the other does not. */
  disagreements: z.object({
    mates: z.number().int(),
    impostors: z.number().int(),
    /** The ones that are furthest apart; of stored samples by number only. */
    listed: z.array(z.object({ a: z.string(), b: z.string(), same: z.boolean(), first: z.number(), second: z.number() })),
  }),
})
export type ModelComparison = z.infer<typeof ModelComparison>

const TrustedKey = z.object({ fingerprint: z.string(), publicKey: z.string() })

const number = (value: number | null, digits = 4) => (value === null ? '-' : value.toFixed(digits))

/** A comparison as people read it. */
function comparisonText({ pictures, common, first, second, disagreements, fmr }: ModelComparison): string {
  const line = (name: string, of: (pack: ModelComparison['first']) => string) =>
    `${name.padEnd(30)}${of(first).padStart(24)}${of(second).padStart(24)}`
  const rates = first.fnmr.map(({ fmr: wanted }, at) =>
    line(`FNMR at FMR ${wanted}`, (pack) => {
      const one = pack.fnmr[at]
      return one === undefined ? '-' : `${number(one.fnmr)}${one.supported ? '' : ' (too few pairs)'}`
    }),
  )
  return [
    `${pictures} pictures, ${common} of them used by both`,
    line('', ({ model }) => model.slice(0, 23)),
    line('templates', ({ usable }) => String(usable)),
    line('refused', ({ refused }) => String(refused.length)),
    line('median ms a picture', ({ latencyMs }) => number(latencyMs.median, 1)),
    line('95 % below ms', ({ latencyMs }) => number(latencyMs.p95, 1)),
    line('mate pairs', ({ mates }) => String(mates.pairs)),
    line('mates lowest / mean', ({ mates }) => `${number(mates.min)} / ${number(mates.mean)}`),
    line('impostor pairs', ({ impostors }) => String(impostors.pairs)),
    line('impostors highest / mean', ({ impostors }) => `${number(impostors.max)} / ${number(impostors.mean)}`),
    line('equal error rate', ({ eer }) => number(eer)),
    ...rates,
    `They disagree at FMR ${fmr} on ${disagreements.mates} mate pairs and ${disagreements.impostors} impostor pairs.`,
  ].join('\n')
}

export const modelRows = {
  'model.list': row({
    input: z.object({}),
    output: z.object({ active: z.string().nullable(), packs: z.array(PackListed) }),
    roles: everybody,
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
    command: { name: 'models list', summary: 'list the model packs', example: 'vultus models list --json', options: [] },
  }),
  'model.import': row({
    input: z.object({
      pack: FilePath.describe('zip file or folder of the pack'),
      trust: z.boolean().default(false).describe('you know where it comes from: take it without the signature of a trusted key'),
    }),
    output: Checked,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'models import',
      summary: 'check a model pack and take it in; it does not become active',
      example: 'vultus models import standard.zip --trust',
      argument: 'pack',
      files: { pack: 'path' },
      options: ['trust'],
    },
  }),
  'model.verify': row({
    input: z.object({ id: PackId.describe('id of the pack') }),
    output: Checked,
    roles: ['auditor', 'administrator'],
    audit: 'read',
    unrecorded: 'answered',
    vault: 'any',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'models verify',
      summary: 'check a pack that is there: hashes, graphs, weights, and its test on drawn faces',
      example: 'vultus models verify starter --json',
      argument: 'id',
      options: [],
    },
  }),
  'model.trust': row({
    input: z.object({
      key: z.string().max(4096).optional().describe('file with an Ed25519 public key (PEM) whose packs are trusted from now on'),
      remove: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .describe('fingerprint of a key that is trusted no longer'),
    }),
    output: z.object({ keys: z.array(TrustedKey) }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'models trust',
      summary: 'list the keys whose packs are trusted, add one or take one back',
      example: 'vultus models trust --key maker.pem',
      files: { key: 'text' },
      options: ['key', 'remove'],
    },
  }),
  'model.activate': row({
    input: z.object({
      id: PackId.describe('id of the pack'),
      allowMissing: z.boolean().default(false).describe('also where subjects have no reference of its model and will not be found'),
    }),
    output: z.object({ active: z.string(), model: z.string(), missing: z.number().int() }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'models activate',
      summary: 'let a pack do the work from now on, without stopping; the references of others stay for the way back',
      example: 'vultus models activate standard',
      argument: 'id',
      options: ['allowMissing'],
    },
  }),
  'model.compare': row({
    input: z.object({
      first: PackId.describe('id of one pack'),
      second: PackId.describe('id of the other pack'),
      folder: FilePath.optional().describe('folder with a folder of pictures for each person; without it the stored samples are used'),
      picturesMax: z.number().int().min(2).max(2000).default(500).describe('most pictures that are looked at'),
      fmr: z.number().gt(0).lt(1).default(1e-2).describe('rate at which the decisions of both are held against each other'),
    }),
    output: ModelComparison,
    roles: ['administrator'],
    audit: 'read',
    vault: 'open',
    limits: { timeoutMs: 60 * 60_000, atOnceMax: 1 },
    command: {
      name: 'models compare',
      summary: 'run two packs on the same pictures: scores, errors, time, and where they disagree',
      example: 'vultus models compare starter standard --folder people',
      argument: ['first', 'second'],
      files: { folder: 'path' },
      options: ['folder', 'picturesMax', 'fmr'],
      text: comparisonText,
    },
  }),
  'model.reembed': row({
    input: z.object({ id: PackId.describe('id of the pack') }),
    output: z.object({ job: Job }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: slow,
    command: {
      name: 'models reembed',
      summary: 'make references of another pack from all stored samples; the active ones go on working',
      example: 'vultus models reembed standard',
      argument: 'id',
      options: [],
      follow: true,
      exitOf: ({ job }: { job: Job }) => (job.state === 'failed' ? 5 : 0),
    },
  }),
  'model.remove': row({
    input: z.object({
      id: PackId.describe('id of the pack'),
      references: z.boolean().default(false).describe('also destroy the references that it made: the way back to it ends'),
    }),
    output: z.object({ id: z.string(), removedReferences: z.number().int() }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...slow, atOnceMax: 1 },
    command: {
      name: 'models remove',
      summary: 'take a pack out that is not active',
      example: 'vultus models remove standard --references',
      argument: 'id',
      options: ['references'],
    },
  }),
}
