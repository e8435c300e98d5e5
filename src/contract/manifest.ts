/** The manifest of a model pack: which network plays which role, how it is fed, where it came from, what its scores mean. */
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** A file of the pack: a plain name, so that no path leaves the pack's folder. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/)

const source = z.object({
  /** Where the weights come from: package and version, or address. */
  source: z.string().min(1).max(500),
  upstream: z.string().min(1).max(500),
  /** SPDX identifier or expression, or LicenseRef-NAME for one that SPDX does not list. */
  licence: z.string().regex(/^[A-Za-z0-9.+() -]{1,100}$/, 'an SPDX expression or LicenseRef-NAME'),
})

/** Of one network; ResNet100 in float32 takes 261 MB. */
export const modelBytesMax = 512 * 1024 * 1024

const file = source.extend({ file: fileName, sha256, bytes: z.number().int().positive().max(modelBytesMax) })

const side = z.number().int().min(16).max(2048)

/** How pixels become the input tensor: (value - mean[channel]) * scale, channels in this order, NCHW float32. */
const input = z.object({
  width: side,
  height: side,
  channels: z.enum(['RGB', 'BGR']),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  scale: z.tuple([z.number(), z.number(), z.number()]),
})

const detector = file.extend({
  /** The code that knows how to decode the outputs. */
  family: z.enum(['blazeface', 'yunet', 'scrfd']),
  input,
  scoreThreshold: z.number().gt(0).lt(1),
  overlapMax: z.number().gt(0).lt(1),
})

const landmarks = file.extend({
  family: z.enum(['facemesh']),
  input,
  /** Region over the longer side of the box. */
  regionScale: z.number().positive().max(10),
  presenceMin: z.number().gt(0).lt(1),
})

const point = z.tuple([z.number(), z.number()])

const CalibrationManifest = z.object({
  impostorPairs: z.number().int().positive(),
  points: z.array(z.object({ fmr: z.number().gt(0).lt(1), threshold: z.number().min(-1).max(1) })).min(2),
  provenance: z.string().min(1),
})

const embedding = file.extend({
  family: z.enum(['dlib-150', 'arcface-112']),
  input,
  dimension: z.number().int().min(2).max(2048),
  metric: z.literal('cosine', {
    error: 'must be cosine: templates are scaled to unit length, where Euclidean distances follow from cosines and rank alike',
  }),
  /** Whose five points the face is aligned by: the mesh's (where left out), or the detector's own. */
  points: z.enum(['mesh', 'detector']).optional(),
  /** Where the five points (image-left eye, image-right eye, nose, image-left and image-right mouth corner) go in the input. */
  alignment: z.tuple([point, point, point, point, point]),
  /** Whether the template is the mean of the picture's and its mirror image's. */
  mirrorAverage: z.boolean(),
  /** Templates lie around this point; length is dimension, or 0 for the origin. How it was made stands in meanTemplateSource. */
  meanTemplate: z.array(z.number()).max(2048),
  meanTemplateSource: z.string().min(1),
  /** What scores mean, as it was measured. Without it every decision above the threshold stays inconclusive. */
  calibration: CalibrationManifest.optional(),
  /** For a model without calibration: the score that its authors name, from which people see candidates. Without it they see none. */
  authorsThreshold: z.object({ threshold: z.number().gt(-1).lt(1), provenance: z.string().min(1) }).optional(),
})

const pad = z.object({
  family: z.enum(['minifasnet']),
  /** Their scores are averaged. */
  networks: z
    .array(
      file.extend({
        input,
        /** Side of the looked-at region over the side of the face's box. */
        cropScale: z.number().min(1).max(8),
        outputs: z.enum(['probabilities', 'logits']),
        /** Which output says that it is a person. */
        personClass: z.number().int().min(0).max(15),
      }),
    )
    .min(1)
    .max(4),
  /** Scores below it fail. */
  scoreThreshold: z.number().gt(0).lt(1),
  /** APCER and BPCER with the upper ends of their intervals as measured. Without it the score is shown and no verdict is given. */
  measured: z
    .object({
      apcer: z.number().min(0).max(1),
      apcerHigh: z.number().min(0).max(1),
      bpcer: z.number().min(0).max(1),
      bpcerHigh: z.number().min(0).max(1),
      provenance: z.string().min(1),
    })
    .optional(),
})

/** Detector and landmarks that a pack does not bring are those of the starter pack. */
const PackRoles = z.object({ detector: detector.optional(), landmarks: landmarks.optional(), embedding, pad: pad.optional() })
export type PackRoles = z.infer<typeof PackRoles>

export const PackManifest = z
  .object({
    format: z.literal(1),
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    name: z.string().min(1).max(100),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    roles: PackRoles,
  })
  .refine(
    ({ roles: { embedding } }) => embedding.meanTemplate.length === embedding.dimension || embedding.meanTemplate.length === 0,
    'meanTemplate has as many numbers as dimension says, or none',
  )
  .refine(
    ({ roles: { detector, embedding } }) => embedding.points !== 'detector' || (detector !== undefined && detector.family !== 'blazeface'),
    'points can be those of the detector only where the pack brings one that places five (yunet, scrfd)',
  )
  .refine((pack) => new Set(filesOf(pack).map((one) => one.file)).size === filesOf(pack).length, 'a file is named twice')

export type PackManifest = z.infer<typeof PackManifest>
export type EmbeddingManifest = PackManifest['roles']['embedding']
export type DetectorManifest = z.infer<typeof detector>
export type LandmarksManifest = z.infer<typeof landmarks>
export type PadManifest = z.infer<typeof pad>

/** A model file as its manifest names it. */
export interface ManifestFile {
  readonly role: 'detector' | 'landmarks' | 'embedding' | 'pad'
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
}

/** Every file that a pack brings, in the order of the roles. */
export function filesOf({ roles }: { readonly roles: PackRoles }): ManifestFile[] {
  const { detector, landmarks, embedding, pad } = roles
  const single = { detector, landmarks, embedding }
  return [
    ...Object.entries(single).flatMap(([role, named]) => (named === undefined ? [] : [{ role: role as 'detector', ...named }])),
    ...(pad?.networks ?? []).map((named) => ({ role: 'pad' as const, ...named })),
  ].map(({ role, file, sha256, bytes, licence }) => ({ role, file, sha256, bytes, licence }))
}

/**
 * The model id that is stored with every template: templates of two models are never compared. Templates depend on who places
 * the points that a face is aligned by, so a pack that takes those from the starter pack names it too.
 * @param starter the pack that lends what this one does not bring
 */
export function modelIdOf(pack: PackManifest, starter: PackManifest | undefined): string {
  const { detector, landmarks, embedding } = pack.roles
  const lent = embedding.points === 'detector' ? detector === undefined : detector === undefined || landmarks === undefined
  const own = `${pack.id}@${pack.version}`
  return lent && starter !== undefined ? `${own}+${starter.id}@${starter.version}` : own
}
