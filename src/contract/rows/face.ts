/** Detection, templates, image processing and comparison of pictures that are not stored: the service endpoints. */
import { z } from 'zod'
import { exitCodes } from '../exitCodes.ts'
import { Assessment, componentWords, PresetId } from '../quality.ts'
import { exitOfDecision, looking, quick, row, staffAndClients } from '../row.ts'
import { Box, Bytes, CaptureId, Decision, FivePoints, limits, Rate } from '../types.ts'

const stageMs = z.number().nonnegative()
/** Medians over the repeats, milliseconds; stages that were not run are 0. */
export const Timings = z.object({
  decodeMs: stageMs,
  detectMs: stageMs,
  landmarksMs: stageMs,
  alignMs: stageMs,
  embedMs: stageMs,
  totalMs: stageMs,
})
export type Timings = z.infer<typeof Timings>

const Repeat = z.coerce.number().int().min(1).max(limits.repeatMax).default(1).describe('measure N times after a warm-up and give medians')

const ServiceFace = z.object({ bbox: Box, landmarks: FivePoints, confidence: z.number().min(0).max(1) })
const ServiceEmbedding = z.object({
  embedding: z.array(z.number()),
  quality: z.number().min(0).max(1),
  confidence: z.number().min(0).max(1),
})

const DetectAnswer = z.object({ faces: z.array(ServiceFace) })
const TemplateAnswer = z.object({ success: z.boolean(), embedding: ServiceEmbedding.nullable(), message: z.string().nullable() })

/** One step of picture.process; steps are carried out in order. */
export const PictureOperation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('resize'),
    width: z.number().int().min(1).max(8192),
    height: z.number().int().min(1).max(8192),
    fit: z.enum(['inside', 'cover', 'fill']).default('inside'),
  }),
  z.object({
    type: z.literal('crop'),
    x: z.number().int().min(0),
    y: z.number().int().min(0),
    width: z.number().int().min(1),
    height: z.number().int().min(1),
  }),
  z.object({ type: z.literal('grayscale') }),
  z.object({ type: z.literal('normalize') }),
  z.object({ type: z.literal('align'), size: z.number().int().min(32).max(1024).default(112) }),
  z.object({ type: z.literal('convert'), format: z.enum(['jpeg', 'png', 'webp']), quality: z.number().int().min(1).max(100).default(90) }),
  z.object({ type: z.literal('metadata') }),
])
export type PictureOperation = z.infer<typeof PictureOperation>

const ProcessedPicture = z.object({
  /** Base64 of the processed picture; null when only the metadata were asked for. */
  image: z.string().nullable(),
  metadata: z.object({
    width: z.number().int(),
    height: z.number().int(),
    format: z.string(),
    channels: z.number().int(),
    bytes: z.number().int(),
  }),
})

/** A template on the wire: the flat form (an array), or the wrapped form of extract-embedding. */
export const TemplateInput = z
  .union([z.array(z.number()).min(1).max(4096), z.object({ embedding: z.array(z.number()).min(1).max(4096) }).loose()])
  .transform((value) => (Array.isArray(value) ? value : value.embedding))

const Similarity = z.object({ cosine: z.number(), euclidean: z.number().nonnegative() })

const signs = { good: 'good  ', warn: 'warn  ', refuse: 'refuse' } as const

/** A line for each component, the worst first; what is not good with its remedy. */
function qualityText({ assessment }: { assessment: Assessment }): string {
  const lines = assessment.components.map(({ component, raw, score, verdict, side }) => {
    const words = componentWords[component]
    const value = raw === null ? 'not measured' : `${Number(raw.toPrecision(4))} ${words.unit}, score ${score}`
    return `${signs[verdict]}  ${words.name}: ${value}${verdict === 'good' ? '' : `. ${words[side]}`}`
  })
  return [`${assessment.preset}: ${assessment.verdict}`, ...lines].join('\n')
}

export const faceRows = {
  'face.detect': row({
    input: z.object({ image: Bytes, repeat: Repeat }),
    output: DetectAnswer.extend({ timings: Timings }),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
    command: {
      name: 'detect',
      summary: 'find the faces of a picture',
      example: 'vultus detect portrait.jpg --json',
      pictures: { field: 'image', as: 'bytes', min: 1, max: 1 },
      options: ['repeat'],
    },
    rest: { method: 'POST', path: '/api/detect-face', bytes: ['image'], aliases: { url: 'image' }, answer: DetectAnswer },
  }),
  'face.quality': row({
    input: z.object({ image: Bytes, preset: PresetId.default('enrolment').describe('limits to judge by') }),
    output: z.object({
      assessment: Assessment,
      /** Components of the standard that are not measured, and what they would need. */
      notMeasured: z.record(z.string(), z.string()),
    }),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
    command: {
      name: 'quality',
      summary: 'measure the quality of the face in a picture, the worst component first',
      example: 'vultus quality portrait.jpg --preset passport',
      pictures: { field: 'image', as: 'bytes', min: 1, max: 1 },
      options: ['preset'],
      text: qualityText,
      exitOf: ({ assessment }: { assessment: Assessment }) => (assessment.verdict === 'refuse' ? exitCodes.notMatched : exitCodes.done),
    },
  }),
  'face.template': row({
    input: z.object({
      image: Bytes,
      aligned: z.boolean().default(false).describe('the picture is already an aligned face'),
      repeat: Repeat,
    }),
    output: TemplateAnswer.extend({ timings: Timings }),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
    command: {
      name: 'embed',
      summary: 'make the template of the face in a picture',
      example: 'vultus embed portrait.jpg --json',
      pictures: { field: 'image', as: 'bytes', min: 1, max: 1 },
      options: ['aligned', 'repeat'],
    },
    rest: {
      method: 'POST',
      path: '/api/extract-embedding',
      bytes: ['image'],
      aliases: { url: 'image' },
      answer: TemplateAnswer,
      refusal: 'embedding',
    },
  }),
  'picture.process': row({
    input: z.object({ image: Bytes, operations: z.array(PictureOperation).min(1).max(16) }),
    output: ProcessedPicture,
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
    rest: { method: 'POST', path: '/api/process-image', bytes: ['image'], aliases: { url: 'image' } },
  }),
  'comparison.score': row({
    input: z
      .object({
        template1: TemplateInput,
        template2: TemplateInput.optional(),
        templates: z.array(TemplateInput).min(1).max(limits.templatesPerBatchMax).optional(),
      })
      .refine((value) => (value.template2 === undefined) !== (value.templates === undefined), 'give either template2 or templates'),
    output: z.union([Similarity, z.object({ scores: z.array(Similarity) })]),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: quick,
    rest: { method: 'POST', path: '/api/calculate-similarity' },
  }),
  'comparison.decide': row({
    input: z.object({
      captureIds: z.tuple([CaptureId, CaptureId]),
      fmr: Rate.default(1e-3).describe('wanted false match rate, per comparison'),
    }),
    output: z.object({ decision: Decision, comparisonScore: z.number(), threshold: z.number(), fmr: z.number() }),
    roles: staffAndClients,
    audit: 'none',
    vault: 'any',
    limits: looking,
    command: {
      name: 'compare',
      summary: 'compare the faces of two pictures',
      example: 'vultus compare first.jpg second.jpg --json',
      pictures: { field: 'captureIds', as: 'captureIds', min: 2, max: 2 },
      options: ['fmr'],
      exitOf: exitOfDecision,
    },
  }),
}
