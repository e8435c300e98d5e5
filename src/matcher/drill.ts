/** Everything that a kernel computes of made-up rows and queries, as one text: kernels that agree in it gave the same bits. */
import { createHash } from 'node:crypto'
import { blockRows } from '../core/gallery/rowLayout.ts'
import type { Bind } from './kernelFunctions.ts'
import { layQuads } from './query.ts'
import { pageBytes, queryHeaderBytes, shapeOf } from './shape.ts'

/** Short and long of one section of 16-bit sums, and of two. */
const dimensions = [8, 72, 512, 520]
const blocks = 9
const rows = blocks * blockRows
const queries = 8
const bytesMax = 64 * pageBytes

/** A fixed sequence of bytes. */
function bytesFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    return (state >>> 16) & 0xff
  }
}

/** @returns a digest of all answers */
export function drill(bind: Bind): string {
  const digest = createHash('sha256')
  for (const dimension of dimensions) drillAt(dimension, bind, digest.update.bind(digest))
  return digest.digest('hex')
}

function drillAt(dimension: number, bind: Bind, tell: (bytes: Uint8Array) => unknown): void {
  const memory = new WebAssembly.Memory({ initial: bytesMax / pageBytes, maximum: bytesMax / pageBytes, shared: true })
  const kernel = bind(memory)
  const shape = shapeOf(dimension, 0, bytesMax)
  const { groups, queryBytes, topBlockBytes } = shape
  const scratch = shape.scratchOf(0)
  const { queries: queriesAt, quads, entries, found, work } = scratch
  const [top, bottom] = [shape.headBytes, shape.headBytes + blocks * topBlockBytes]
  const bytes = new Uint8Array(memory.buffer)
  fill(memory, shape, top, bottom)
  const listed = (count: number, at: number, words: number) => tell(bytes.slice(at, at + count * words * 4))
  for (let query = 0; query < queries; query++) {
    const at = queriesAt + query * queryBytes
    listed(kernel.scanPacked(top, blocks, groups, at, entries, work), entries, 1)
    const left = kernel.scanFlat(top, bottom, blocks, groups, at, entries, work)
    listed(left, entries, 1)
    listed(kernel.refine(top, bottom, groups, at, queryBytes, entries, left, found, work), found, 3)
  }
  layQuads(new Int32Array(memory.buffer), shape, scratch, queries)
  const shared = kernel.scanBatch(top, blocks, groups, queriesAt, queryBytes, queries, quads, entries, work)
  listed(shared, entries, 1)
  listed(kernel.refine(top, bottom, groups, queriesAt, queryBytes, entries, shared, found, work), found, 3)
}

/** Rows and queries of all bytes; scores scatter around 0, so that every cut leaves some rows and takes others. */
function fill(memory: WebAssembly.Memory, shape: ReturnType<typeof shapeOf>, top: number, bottom: number): void {
  const { groups, padded, topBlockBytes, bottomBlockBytes, queryBytes } = shape
  const bytes = new Uint8Array(memory.buffer)
  const floats = new Float32Array(memory.buffer)
  const ints = new Int32Array(memory.buffer)
  const next = bytesFrom(groups)
  for (let at = top; at < bottom + blocks * bottomBlockBytes; at++) bytes[at] = next()
  for (let row = 0; row < rows; row++) {
    const [block, lane] = [Math.floor(row / blockRows), row % blockRows]
    const at = (top + block * topBlockBytes) / 4 + lane
    floats[at] = (next() - 128) / 1024
    floats[at + 16] = next() / 2048
    floats[at + 32] = 0.01 + next() / 65_536
    floats[(bottom + block * bottomBlockBytes) / 4 + lane] = next() / 16_384
  }
  for (let query = 0; query < queries; query++) {
    const at = shape.scratchOf(0).queries + query * queryBytes
    let [sum, sum2] = [0, 0]
    const numbers = new Int8Array(memory.buffer, at + queryHeaderBytes, 2 * padded)
    for (let place = 0; place < padded; place++) {
      // One query is as large as its sums may be.
      numbers[place] = query === 0 ? 8 : (next() % 17) - 8
      numbers[padded + place] = (next() % 255) - 127
      sum += numbers[place] as number
      sum2 += numbers[padded + place] as number
    }
    const scale = 1 / (256 * Math.sqrt(padded))
    floats.set([8 * scale, scale / 2, scale / 512, 0.9], at / 4)
    ints.set([-15 * sum, -255 * sum, -255 * sum2], at / 4 + 4)
    floats.fill((query - 4) / 64, at / 4 + 7, at / 4 + 10)
    bytes.fill(15, at + 48, at + 64)
  }
}
