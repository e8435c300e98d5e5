/** Seeded templates of several kinds, a float64 brute force, and kernels built once for a test file. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { type ErrorCode, type Outcome, unwrap } from '../../../src/contract/errors.ts'
import type { GalleryRows, MatcherFunctions } from '../../../src/contract/processes.ts'
import type { EngineOptions } from '../../../src/matcher/api.ts'
import { createEngine } from '../../../src/matcher/engine.ts'
import { createMatcher } from '../../../src/matcher/service.ts'

/** Builds the kernels into a folder that `remove` deletes. */
export function builtKernels(): { url: URL; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-kernel-'))
  execFileSync(process.execPath, ['src/matcher/kernel/build.mjs', folder])
  return { url: pathToFileURL(`${folder}/`), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export const mebibyte = 1024 * 1024

/** A matcher in this process, without threads of its own where none are asked for; a bug fails the test. */
export function matcherOf(folder: URL, options: EngineOptions = {}): MatcherFunctions {
  return createMatcher({
    engine: engineOf(folder, options),
    onBug: (error) => {
      throw error
    },
  })
}

export function engineOf(folder: URL, options: EngineOptions = {}) {
  return createEngine({ kernelFolder: folder, threads: 0, memoryBytesMax: 512 * mebibyte, bankBytesMax: 256 * mebibyte, ...options })
}

/** A small generator of even 32-bit numbers (mulberry32), so that a failure replays from its seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

export const normalOf = (random: () => number) => () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export function unit(values: ArrayLike<number>): Float32Array {
  const length = Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0)) || 1
  return Float32Array.from(values, (value) => value / length)
}

/** The exact score: the float64 dot product of the stored float32 values. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}

export const shapes = ['random', 'clustered', 'offCentre', 'constant', 'hotDimension', 'steepSpectrum', 'nearProbe', 'ring'] as const
export type Shape = (typeof shapes)[number]

export interface Population {
  readonly probe: Float32Array
  readonly rows: readonly Float32Array[]
  readonly mean: Float32Array
}

/**
 * A probe and rows of unit length. nearProbe rows lie within about 1e-7 to 1e-2 of one score from the probe, all in one direction; rows of
 * the ring in all directions around it, within 1e-3 of one score.
 */
export function populationOf(shape: Shape, dimension: number, count: number, seed: number): Population {
  const normal = normalOf(randomOf(seed))
  const noise = () => Float64Array.from({ length: dimension }, normal)
  const centre = unit(noise())
  const scale = (index: number) => (shape === 'hotDimension' ? (index === 3 ? 30 : 1) : shape === 'steepSpectrum' ? 2 ** -(index / 4) : 1)
  const around = (weight: number, extra: Float64Array) =>
    unit(extra.map((value, index) => centre[index]! * weight + value / Math.sqrt(dimension)))
  const probe = shape === 'offCentre' ? around(2.3, noise()) : unit(noise().map((value, index) => value * scale(index)))
  const offset = unit(noise())
  const row = (index: number): Float32Array => {
    if (shape === 'constant') return unit(new Float64Array(dimension).fill(index % 2 === 0 ? 1 : -1))
    if (shape === 'clustered') return around((index % 5) * 2, noise())
    if (shape === 'offCentre') return around(2.3, noise())
    if (shape === 'nearProbe') {
      const step = 10 ** -(2 + (index % 6)) * (index % 12 < 6 ? 1 : -1)
      return unit(probe.map((value, at) => value * (0.6 + step) + offset[at]! * 0.8))
    }
    if (shape === 'ring') {
      const aside = noise()
      const along = aside.reduce((sum, value, at) => sum + value * probe[at]!, 0)
      const across = unit(aside.map((value, at) => value - along * probe[at]!))
      const step = normal() * 5e-4
      return unit(across.map((value, at) => value * 0.8 + probe[at]! * (0.6 + step)))
    }
    return unit(noise().map((value, at) => value * scale(at)))
  }
  const mean = shape === 'offCentre' ? centre.map((value) => value * 0.9) : new Float32Array(dimension)
  return { probe, rows: Array.from({ length: count }, (_, index) => row(index)), mean }
}

/** Rows as they cross to the matcher; reference numbers count up from `firstNo` by `step`. */
export function galleryRows(rows: readonly Float32Array[], dimension: number, firstNo = 1, step = 1): GalleryRows {
  const templates = new Float32Array(rows.length * dimension)
  rows.forEach((row, index) => {
    templates.set(row, index * dimension)
  })
  return { referenceNos: Uint32Array.from(rows, (_, index) => firstNo + index * step), templates }
}

export const noRows: GalleryRows = { referenceNos: new Uint32Array(), templates: new Float32Array() }

/** Begin, load and ready. */
export async function load(
  matcher: MatcherFunctions,
  rows: GalleryRows,
  dimension: number,
  mean: Float32Array = new Float32Array(dimension),
  sequence = 0,
) {
  unwrap(await matcher.begin({ model: 'm@1', dimension, meanTemplate: mean, rowsExpected: rows.referenceNos.length }))
  unwrap(await matcher.loadRows(rows))
  unwrap(await matcher.ready({ sequence, rows: rows.referenceNos.length }))
}

export function expectRefusal(outcome: Outcome<unknown>, code: ErrorCode): void {
  expect(outcome.ok ? 'an answer' : outcome.refusal.code).toBe(code)
}
