/**
 * usearch beside the matcher, on the same rows and threads: exact search over int8 and float32, and HNSW. It is a development
 * dependency with its binaries inside; where it is missing, or has none for this machine, its columns are left out by name.
 */
import { join } from 'node:path'
import type { Templates } from './templates.ts'

type Library = typeof import('usearch')['default']

/** Answers asked of usearch: the best so many. */
const bestCount = 10
/** float32 is kept of so many bytes of the first rows. */
export const floatBytesMax = 3 * 2 ** 30
/** One global scale: so many deviations of a component become 127. */
const deviationsMax = 5

/** @returns the library, or why it is not there */
export async function loadUsearch(): Promise<{ library: Library } | { missing: string }> {
  try {
    const { default: library } = await import('usearch')
    return { library }
  } catch (error) {
    return { missing: `usearch is not here: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}` }
  }
}

/** Rows as usearch searches them exactly. */
export class ExactRows {
  readonly #library: Library
  readonly #dimension: number
  readonly #scale: number
  readonly #bytes: Int8Array
  readonly #floats: Float32Array

  constructor(library: Library, rows: number, dimension: number) {
    this.#library = library
    this.#dimension = dimension
    this.#scale = (127 / deviationsMax) * Math.sqrt(dimension)
    this.#bytes = new Int8Array(rows * dimension)
    this.#floats = new Float32Array(Math.min(rows, floatRowsOf(dimension)) * dimension)
  }

  hasFloats(rows: number): boolean {
    return rows * this.#dimension <= this.#floats.length
  }

  write(firstRow: number, templates: Float32Array): void {
    const from = firstRow * this.#dimension
    if (from < this.#floats.length) this.#floats.set(templates.subarray(0, this.#floats.length - from), from)
    for (let at = 0; at < templates.length; at++) this.#bytes[from + at] = this.#quantised(templates[at] as number)
  }

  /** The best rows of each probe among the first so many, best first. Probes are copied: exactSearch ignores where a view begins. */
  searchBytes(rows: number, probes: readonly Float32Array[], threads: number): BigUint64Array {
    return this.#search(
      this.#bytes.subarray(0, rows * this.#dimension),
      Int8Array.from(joined(probes), (value) => this.#quantised(value)),
      threads,
    )
  }

  /** As searchBytes, over float32. */
  searchFloats(rows: number, probes: readonly Float32Array[], threads: number): BigUint64Array {
    if (!this.hasFloats(rows)) throw new RangeError('The float32 rows are not kept')
    return this.#search(this.#floats.subarray(0, rows * this.#dimension), joined(probes), threads)
  }

  #search(rows: Int8Array | Float32Array, probes: Int8Array | Float32Array, threads: number): BigUint64Array {
    return this.#library.exactSearch(rows, probes, this.#dimension, bestCount, this.#library.MetricKind.IP, threads).keys
  }

  #quantised(value: number): number {
    return Math.max(-127, Math.min(127, Math.round(value * this.#scale)))
  }
}

/** Rows of which float32 is kept. */
export const floatRowsOf = (dimension: number): number => Math.floor(floatBytesMax / (4 * dimension))

function joined(probes: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(probes.reduce((sum, probe) => sum + probe.length, 0))
  let at = 0
  for (const probe of probes) {
    all.set(probe, at)
    at += probe.length
  }
  return all
}

/** How often HNSW is worth its speed: what it finds at each effort. */
export interface HnswIndex {
  readonly buildMs: number
  /** A search at an effort: so many nodes are looked at; 64 is the default. @returns ids of the best rows, best first */
  atEffort(effort: number): (probe: Float32Array) => BigUint64Array
}

/** Built once at usearch's defaults (connectivity 16, 128 looked at when adding) over bfloat16; saved, since an index has one effort. */
export function buildHnsw(library: Library, templates: Templates, rows: number, folder: string): HnswIndex {
  const { dimension } = templates
  const newIndex = (effort: number) =>
    new library.Index({
      dimensions: dimension,
      metric: library.MetricKind.IP,
      quantization: library.ScalarKind.BF16,
      connectivity: 16,
      expansion_add: 128,
      expansion_search: effort,
      multi: false,
    })
  const index = newIndex(64)
  const batch = 10_000
  let buildMs = 0
  for (let first = 0; first < rows; first += batch) {
    const count = Math.min(batch, rows - first)
    const block = new Float32Array(count * dimension)
    for (let row = 0; row < count; row++) templates.row(first + row, block.subarray(row * dimension, (row + 1) * dimension))
    const keys = BigUint64Array.from({ length: count }, (_, at) => BigInt(first + at))
    const startedMs = performance.now()
    index.add(keys, block, 0)
    buildMs += performance.now() - startedMs
  }
  const file = join(folder, 'index.usearch')
  index.save(file)
  return {
    buildMs,
    atEffort: (effort) => {
      const loaded = newIndex(effort)
      loaded.load(file)
      return (probe) => loaded.search(probe, bestCount, 1).keys
    },
  }
}
