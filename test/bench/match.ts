/**
 * Speed of the flat scan: node test/bench/match.ts [ROWSxDIMENSION ...] (100000x128 1000000x128 100000x512 1000000x512 by default).
 * One interleaved run; judge by the ratios to reading the same memory and to a JavaScript loop, since machines are noisy.
 */

import { kernelFolder, kernelNames, loadKernel } from '../../src/matcher/kernelFile.ts'
import { LaneRows, tileRows } from '../../src/matcher/laneRows.ts'
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

type Engine = 'stream' | 'javascript' | (typeof kernelNames)[number]

function measure(count: number, dimension: number) {
  const source = templateSource(dimension)
  const galleries = kernelNames.map((name) => ({ name, rows: new LaneRows(loadKernel(kernelFolder(), name), memoryBytesLimit) }))
  const best = galleries[0]!.rows
  // All but the best look at a tenth where everything would not fit beside it.
  const share = count * dimension > 2e8 ? 0.1 : 1
  const few = Math.round(count * share)
  const flat = new Float32Array(few * dimension)
  const row = new Float32Array(dimension)
  for (const { rows } of galleries) rows.shape(new Float32Array(dimension), rows === best ? count : few)
  let loadMs = 0
  for (let index = 0; index < count; index++) {
    source(index, row)
    const start = performance.now()
    best.write(index, row)
    loadMs += performance.now() - start
    if (index >= few) continue
    for (const { rows } of galleries) if (rows !== best) rows.write(index, row)
    flat.set(row, index * dimension)
  }
  const probe = new Float32Array(dimension)
  source(12_345, probe)

  let found = 0
  const scan = (rows: LaneRows, until: number) => {
    rows.lay(probe, threshold)
    for (let first = 0; first < until; first += tileRows) rows.scan(first, Math.min(tileRows, until - first), () => found++)
  }
  const times: Record<Engine, number[]> = { stream: [], relaxed: [], simd: [], scalar: [], javascript: [] }
  for (let round = -2; round < rounds; round++) {
    const taken: [Engine, number][] = [
      ['stream', timeMs(() => best.stream(count))],
      ['javascript', timeMs(() => plainLoop(flat, few, dimension, probe)) / share],
      ...galleries.map(({ name, rows }): [Engine, number] =>
        rows === best ? [name, timeMs(() => scan(rows, count))] : [name, timeMs(() => scan(rows, few)) / share],
      ),
    ]
    if (round >= 0) for (const [engine, ms] of taken) times[engine].push(ms)
  }
  const ms = (engine: Engine) => median(times[engine])
  return { ms, loadMicroseconds: (loadMs * 1000) / count, toStream: ms('relaxed') / ms('stream'), gain: ms('javascript') / ms('relaxed') }
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['100000x128', '1000000x128', '100000x512', '1000000x512']
for (const shape of wanted) {
  const [count, dimension] = shape.split('x').map(Number)
  if (!count || !dimension) throw new Error(`${shape} should look like 100000x512`)
  const { ms, loadMicroseconds, toStream, gain } = measure(count, dimension)
  const times = (['stream', ...kernelNames, 'javascript'] as const).map((engine) => `${engine} ${ms(engine).toFixed(2)} ms`).join(', ')
  process.stdout.write(
    `${shape}: ${times}; best ${toStream.toFixed(2)} x stream, ${gain.toFixed(1)} x faster than JavaScript; ` +
      `loading ${loadMicroseconds.toFixed(1)} microseconds a row\n`,
  )
}
