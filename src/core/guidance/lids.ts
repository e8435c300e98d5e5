/**
 * Whether the eyes are closed in this moment, against how far this person usually opens them: the limit of a preset is for narrow eyes,
 * and the mesh keeps some of the opening of closed lids, so that a blink may stay above it.
 * Pure: the state goes in and comes out.
 */

/** Closed lids have at most this share of the usual opening: 0.39 to 0.78 was measured on drawn subjects. */
export const closedShare = 0.78
/** How quickly the usual opening follows wider eyes, and narrower ones, share of the difference for each frame. */
const widening = 0.2
const narrowing = 0.005

export interface Lids {
  /** Opening of the eyes over the length of the face. */
  readonly usual: number
  readonly closedSinceMs: number | undefined
}

/** @param openness of this frame; undefined where it was not measured */
export function lidsAfter(before: Lids | undefined, openness: number | undefined, nowMs: number): Lids | undefined {
  if (openness === undefined) return before
  if (before === undefined) return { usual: openness, closedSinceMs: undefined }
  const { usual } = before
  const closed = openness < closedShare * usual
  return {
    usual: usual + (openness - usual) * (openness > usual ? widening : narrowing),
    closedSinceMs: closed ? (before.closedSinceMs ?? nowMs) : undefined,
  }
}
