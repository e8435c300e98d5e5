/**
 * Speed of the flat scan: node test/bench/match.ts [ROWSxDIMENSION ...] (100000x128 1000000x128 100000x512 1000000x512 by default).
 * One interleaved run; judge by the ratios to reading the same memory and to a JavaScript loop, since machines are noisy.
 */

import { FlatRows, tileRows } from '../../src/matcher/flatRows.ts'
import { kernelFolder, loadKernel } from '../../src/matcher/kernelFile.ts'
import { memoryBytesLimit } from '../../src/matcher/rowMemory.ts'

const rounds = 11
const threshold = 0.35

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

function timeMs(run: () => void): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

/** Templates that are quick to make: each a rotation of a few thousand random ones, so that none is zero and all differ. */
function templateSource(dimension: number): (row: number, into: Float32Array) => void {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const pool = Float32Array.from({ length: 65_536 + dimension }, () => random() + random() + random() - 1.5)
  return (row, into) => {
    const from = Math.imul(row, 7_919) & 65_535
    let sum = 0
    for (let index = 0; index < dimension; index++) sum += pool[from + index]! ** 2
    const scale = 1 / Math.sqrt(sum)
    for (let index = 0; index < dimension; index++) into[index] = pool[from + index]! * scale
  }
}

function plainLoop(rows: Float32Array, count: number, dimension: number, probe: Float32Array): number {
  let found = 0
  for (let row = 0; row < count; row++) {
    let sum = 0
    for (let index = 0, at = row * dimension; index < dimension; index++) sum += rows[at + index]! * probe[index]!
    if (sum >= threshold) found++
  }
  return found
}

function measure(count: number, dimension: number) {
  const source = templateSource(dimension)
  const folder = kernelFolder()
  const built = (['simd', 'scalar'] as const).map((name) => ({ name, rows: new FlatRows(loadKernel(folder, name), memoryBytesLimit) }))
  // The plain loop and the scalar kernel look at a tenth where all of it would not fit beside the rest.
  const share = count * dimension > 2e8 ? 0.1 : 1
  const few = Math.round(count * share)
  const flat = new Float32Array(few * dimension)
  const row = new Float32Array(dimension)
  for (const { name, rows } of built) rows.shape(dimension, name === 'simd' ? count : few)
  for (let index = 0; index < count; index++) {
    source(index, row)
    built[0]!.rows.write(index, row)
    if (index < few) built[1]!.rows.write(index, row)
    if (index < few) flat.set(row, index * dimension)
  }
  const probe = new Float32Array(dimension)
  source(12_345, probe)

  let found = 0
  const scan = (rows: FlatRows, until: number) => {
    rows.lay(probe, threshold)
    for (let first = 0; first < until; first += tileRows) rows.scan(first, Math.min(tileRows, until - first), () => found++)
  }
  const times: Record<'stream' | 'simd' | 'scalar' | 'javascript', number[]> = { stream: [], simd: [], scalar: [], javascript: [] }
  for (let round = -2; round < rounds; round++) {
    const taken = {
      stream: timeMs(() => built[0]!.rows.stream(count)),
      simd: timeMs(() => scan(built[0]!.rows, count)),
      scalar: timeMs(() => scan(built[1]!.rows, few)) / share,
      javascript: timeMs(() => plainLoop(flat, few, dimension, probe)) / share,
    }
    if (round >= 0) for (const name of ['stream', 'simd', 'scalar', 'javascript'] as const) times[name].push(taken[name])
  }
  const ms = { stream: median(times.stream), simd: median(times.simd), scalar: median(times.scalar), javascript: median(times.javascript) }
  return {
    rows: count,
    dimension,
    megabytes: (count * dimension * 4) / 1e6,
    ms,
    toStream: ms.simd / ms.stream,
    fasterThanJavascript: ms.javascript / ms.simd,
  }
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['100000x128', '1000000x128', '100000x512', '1000000x512']
for (const shape of wanted) {
  const [count, dimension] = shape.split('x').map(Number)
  if (!count || !dimension) throw new Error(`${shape} should look like 100000x512`)
  const { ms, toStream, fasterThanJavascript, megabytes } = measure(count, dimension)
  const part = (name: string, value: number) => `${name} ${value.toFixed(2)} ms`
  process.stdout.write(
    `${shape} (${megabytes.toFixed(0)} MB): ${part('stream', ms.stream)}, ${part('simd', ms.simd)} (${toStream.toFixed(2)} x stream, ` +
      `${fasterThanJavascript.toFixed(1)} x faster than JavaScript), ${part('scalar', ms.scalar)}, ${part('javascript', ms.javascript)}\n`,
  )
}
