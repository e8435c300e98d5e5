/** The manifest of a model pack: which network plays which role, how it is fed, where it came from, what its scores mean. */
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** A file of the pack: a plain name, so that no path leaves the pack's folder. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/)

const source = z.object({
  /** Where the weights come from: package and version, or address. */
  source: z.string().min(1),
  upstream: z.string().min(1),
  licence: z.string().min(1),
})

const file = source.extend({ file: fileName, sha256, bytes: z.number().int().positive() })

/** How pixels become the input tensor: (value - mean[channel]) * scale, channels in this order, NCHW float32. */
const input = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  channels: z.enum(['RGB', 'BGR']),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  scale: z.tuple([z.number(), z.number(), z.number()]),
})

const detector = file.extend({
  /** The code that knows how to decode the outputs. */
  family: z.enum(['blazeface']),
  input,
  scoreThreshold: z.number().gt(0).lt(1),
  overlapMax: z.number().gt(0).lt(1),
})

const landmarks = file.extend({
  family: z.enum(['facemesh']),
  input,
  /** Region over the longer side of the box. */
  regionScale: z.number().positive(),
  presenceMin: z.number().gt(0).lt(1),
})

const point = z.tuple([z.number(), z.number()])

const CalibrationManifest = z.object({
  impostorPairs: z.number().int().positive(),
  points: z.array(z.object({ fmr: z.number().gt(0).lt(1), threshold: z.number().min(-1).max(1) })).min(2),
  provenance: z.string().min(1),
})

const embedding = file.extend({
  family: z.enum(['dlib-150']),
  input,
  dimension: z.number().int().positive(),
  metric: z.literal('cosine'),
  /** Where the five points (image-left eye, image-right eye, nose, image-left and image-right mouth corner) go in the input. */
  alignment: z.tuple([point, point, point, point, point]),
  /** Whether the template is the mean of the picture's and its mirror image's. */
  mirrorAverage: z.boolean(),
  /** Templates lie around this point; length is dimension. How it was made stands in meanTemplateSource. */
  meanTemplate: z.array(z.number()),
  meanTemplateSource: z.string().min(1),
  calibration: CalibrationManifest,
})

export const PackManifest = z
  .object({
    format: z.literal(1),
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    name: z.string().min(1).max(100),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    roles: z.object({ detector, landmarks, embedding }),
  })
  .refine(
    (pack) => pack.roles.embedding.meanTemplate.length === pack.roles.embedding.dimension,
    'meanTemplate has as many numbers as dimension says',
  )

export type PackManifest = z.infer<typeof PackManifest>
export type EmbeddingManifest = PackManifest['roles']['embedding']

/** The model id that is stored with every template: templates of two models are never compared. */
export function modelIdOf(pack: PackManifest): string {
  return `${pack.id}@${pack.version}`
}
