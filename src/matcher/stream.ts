/** Reading all stored numbers and doing nothing with them: the floor that scans are measured against. */
import { blockRows } from '../core/gallery/rowLayout.ts'
import type { Bank } from './bank.ts'
import { chunkRows, chunksPerSegment, type Shape } from './shape.ts'

/** @param shared word 0 counts the chunks taken @returns a check word */
export function streamRows(shape: Shape, banks: readonly Bank[], slots: number, shared: Int32Array): number {
  const { segmentsPerBank, segmentBytes, headBytes, topBlockBytes, bottomBlockBytes, bottomAt } = shape
  const chunks = Math.ceil(slots / chunkRows)
  let word = 0
  for (let chunk = Atomics.add(shared, 0, 1); chunk < chunks; chunk = Atomics.add(shared, 0, 1)) {
    const number = Math.floor(chunk / chunksPerSegment)
    const bank = banks[Math.floor(number / segmentsPerBank)]!
    const segment = headBytes + (number % segmentsPerBank) * segmentBytes
    const first = ((chunk % chunksPerSegment) * chunkRows) / blockRows
    const blocks = Math.ceil(Math.min(chunkRows, slots - chunk * chunkRows) / blockRows)
    word ^= bank.kernel.stream(segment + first * topBlockBytes, blocks * topBlockBytes)
    word ^= bank.kernel.stream(segment + bottomAt + first * bottomBlockBytes, blocks * bottomBlockBytes)
  }
  return word
}

/** Bytes that `streamRows` reads. */
export const streamBytes = (shape: Shape, slots: number): number =>
  Math.ceil(slots / blockRows) * (shape.topBlockBytes + shape.bottomBlockBytes)
