/** Which frames of the last moments may become the capture. */

/** How far back the best frame may lie when a capture is taken. */
export const bestWindowMs = 1500
const keptFramesMax = 16

/** What is known of a frame that may become a capture. */
export interface FrameMerit {
  readonly seenAtMs: number
  readonly fitness: number
}

/**
 * Between 0 and 1: how good a frame is to be the sample: its quality, eyes as open as they were, and frontal.
 * @param yaw degrees
 * @param opennessUsual how open the eyes of this person usually are; 0 where that is not known
 */
export function frameFitness(qualityScore: number, yaw: number, openness: number, opennessUsual: number): number {
  const open = opennessUsual > 0 ? 1 / (1 + Math.exp((0.75 - openness / opennessUsual) / 0.06)) : 1
  return qualityScore * open * Math.exp(-((yaw / 18) ** 2))
}

/** The usual opening of the eyes follows quickly upwards and slowly downwards, so that a blink does not become usual. */
export function usualOpenness(usual: number, openness: number): number {
  return usual + (openness > usual ? 0.3 : 0.02) * (openness - usual)
}

/** Keeps only frames that are newer or better than the others, none older than the window. */
export function keepBest<Frame extends FrameMerit>(kept: readonly Frame[], frame: Frame | undefined, nowMs: number): Frame[] {
  const young = kept.filter(({ seenAtMs }) => nowMs - seenAtMs <= bestWindowMs)
  if (frame === undefined) return young
  return [...young.filter(({ fitness }) => fitness > frame.fitness), frame].slice(-keptFramesMax)
}
