/** A calibration that a site measured on pictures of its own. The vault keeps it, beside the pack: a pack that is built anew has none of it. */
import { z } from 'zod'

const Point = z.object({ fmr: z.number().gt(0).lt(1), threshold: z.number().min(-1).max(1) })

export const SiteCalibration = z.object({
  impostorPairs: z.number().int().positive(),
  /** From the highest rate to the lowest, as a pack's. */
  points: z
    .array(Point)
    .min(2)
    .max(100)
    .refine(
      (points) =>
        points.every(({ fmr, threshold }, at) => at === 0 || (fmr < points[at - 1]!.fmr && threshold >= points[at - 1]!.threshold)),
      'rates fall, thresholds do not',
    ),
  /** In words: who, when, how many pairs, of which pictures. */
  provenance: z.string().min(1).max(2000),
  by: z.string().min(1).max(200),
  at: z.iso.datetime(),
  pictures: z.number().int().positive(),
  people: z.number().int().positive(),
  matePairs: z.number().int().nonnegative(),
  /** SHA-256 over the names and the SHA-256 of all pictures, in their order. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type SiteCalibration = z.infer<typeof SiteCalibration>

/** By the model id that stands with every template: thresholds of one model mean nothing for another. */
export const SiteCalibrations = z.record(z.string().min(1).max(200), SiteCalibration)
export type SiteCalibrations = z.infer<typeof SiteCalibrations>
