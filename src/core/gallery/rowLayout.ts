/**
 * How rows lie in memory, in the matcher and in the sealed blocks of the vault alike. Sixteen rows share a block, one row to a lane of
 * 4 bytes; each has two of them. `groups` is padded dimensions / 8. (src/matcher/kernel/layout.ts is the same for the kernel.)
 *
 * top block, read by both stages:
 *   0    f32 x 16  bias: the dot product of mean and residual, rounded up; far below every score for a free place
 *   64   f32 x 16  length of what 4 bits take from the row
 *   128  f32 x 16  scale a: the row's component is a * (16 * high + low - 127.5), in 4 bits a * (16 * high - 120)
 *   192  for each 8 dimensions 64 bytes: for each row 4 bytes, each with the `high` of dimension j below and of dimension j + 4 above
 * bottom block, read when 8 bits are wanted:
 *   0    f32 x 16  length of what 8 bits take from the row
 *   64   for each 8 dimensions 64 bytes: the `low` numbers in the same places
 */
import { paddedOf } from './rotation.ts'

/** Goes up when anything about a row's bits changes, where they lie or how they are computed. */
export const rowLayoutVersion = 2

export const blockRows = 16
export const dimensionMax = 4_096

export const biasAt = 0
export const errorPackedAt = 64
export const scaleAt = 128
export const topHeaderBytes = 192
export const errorAt = 0
export const bottomHeaderBytes = 64
/** From one group of 8 dimensions of a row to the next. */
export const groupBytes = 64

/** Bias of a free place: far below every score; what is added to it is lost in rounding. */
export const freeBias = Math.fround(-1e30)

/** Sizes that follow from a dimension. */
export interface BlockShape {
  /** Dimensions with zeros added, a multiple of 8. */
  readonly padded: number
  readonly groups: number
  readonly topBlockBytes: number
  readonly bottomBlockBytes: number
}

export function blockShapeOf(dimension: number): BlockShape {
  const padded = paddedOf(dimension)
  const groups = padded / 8
  const planeBytes = groups * groupBytes
  return { padded, groups, topBlockBytes: topHeaderBytes + planeBytes, bottomBlockBytes: bottomHeaderBytes + planeBytes }
}
