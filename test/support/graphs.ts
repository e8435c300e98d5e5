/** Running one graph of the starter pack, to compare it with another inference. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect } from 'vitest'
import { portraitSvg } from '../../src/core/portrait.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { drawn, warped } from './starterPipeline.ts'

/** The face of a drawn subject as RGB floats, large in a square. */
export async function drawnFace(sidePx: number): Promise<Float32Array> {
  const picture = await drawn(portraitSvg(drawnSubjects[0]!))
  const scale = 300 / sidePx
  return warped(picture, [scale, 0, 170, 0, scale, 90], sidePx, sidePx)
}

/** Of two outputs of the same length. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  return Array.from(actual).reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0)
}

/** Runs a graph of the pack once on pixels of a batch of any size. */
export async function runGraph(folder: string, file: string, pixels: Float32Array, sidePx: number): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(join(folder, file), { intraOpNumThreads: 1 })
  const outputs = await session.run({ input: new Tensor('float32', pixels, [pixels.length / (3 * sidePx * sidePx), 3, sidePx, sidePx]) })
  await session.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, data instanceof Float32Array ? data : Float32Array.of()]),
  )
}
