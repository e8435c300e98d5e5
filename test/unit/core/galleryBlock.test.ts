import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockRowsMax, cutGalleryBlocks, makeGalleryBlocks, openGalleryBlock } from '../../../src/core/gallery/block.ts'
import { formatNumberOf, galleryFormatOf } from '../../../src/core/gallery/galleryFormat.ts'
import { RowEncoder } from '../../../src/core/gallery/rowEncoder.ts'
import { blockShapeOf } from '../../../src/core/gallery/rowLayout.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Templates of unit length, one number of each larger than the others. */
function templatesOf(rows: number, dimension: number): Float32Array {
  const all = new Float32Array(rows * dimension)
  for (let row = 0; row < rows; row++) {
    const one = Float64Array.from({ length: dimension }, (_, at) => Math.sin(row * 31 + at * 7) + (at === row % dimension ? 2 : 0))
    const length = Math.hypot(...one)
    all.set(
      one.map((value) => value / length),
      row * dimension,
    )
  }
  return all
}

interface Made {
  readonly referenceNos: Uint32Array
  readonly templates: Float32Array
  readonly encoder: RowEncoder
  readonly format: string
  readonly bytes: Uint8Array
}

const made = fc
  .record({
    nos: fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 70 }),
    dimension: fc.integer({ min: 1, max: 70 }),
    centre: fc.double({ min: 0, max: 0.9, noNaN: true }),
  })
  .map(({ nos, dimension, centre }): Made => {
    const referenceNos = Uint32Array.from(nos).sort()
    const meanTemplate = new Float32Array(dimension).fill(centre / Math.sqrt(dimension))
    const encoder = new RowEncoder(meanTemplate)
    const templates = templatesOf(nos.length, dimension)
    const format = galleryFormatOf({ id: 'm@1', meanTemplate }, sha256)
    return { referenceNos, templates, encoder, format, bytes: makeGalleryBlocks(encoder, format, { referenceNos, templates }) }
  })

describe('blocks of the gallery', () => {
  it('hold each row as the encoder writes it, wherever they lie in memory', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 0, max: 7 }), ({ referenceNos, templates, encoder, format, bytes }, offset) => {
        const moved = new Uint8Array(bytes.length + offset)
        moved.set(bytes, offset)
        const block = openGalleryBlock(moved.subarray(offset))!
        expect(block).toMatchObject({ format, dimension: encoder.dimension, referenceNos })
        const { topBlockBytes, bottomBlockBytes, groups } = blockShapeOf(encoder.dimension)
        const buffer = new ArrayBuffer(topBlockBytes + bottomBlockBytes)
        const memory = { ints: new Int32Array(buffer), floats: new Float32Array(buffer) }
        let longest = 0
        for (let row = 0; row < referenceNos.length; row++) {
          longest = Math.max(longest, encoder.write(templates, row * encoder.dimension, memory, 0, topBlockBytes))
          const lane = (row % 16) * 4
          const top = Math.floor(row / 16) * topBlockBytes + lane
          const bottom = Math.floor(row / 16) * bottomBlockBytes + lane
          const word = (all: Uint8Array, at: number) => new DataView(all.buffer, all.byteOffset).getInt32(at, true)
          for (const at of [0, 64, 128]) expect(word(block.top, top + at)).toBe(memory.ints[at / 4])
          expect(word(block.bottom, bottom)).toBe(memory.ints[topBlockBytes / 4])
          for (let group = 0; group < groups; group++) {
            expect(word(block.top, top + 192 + group * 64)).toBe(memory.ints[48 + group * 16])
            expect(word(block.bottom, bottom + 64 + group * 64)).toBe(memory.ints[topBlockBytes / 4 + 16 + group * 16])
          }
        }
        expect(block.rowLengthMax).toBe(longest)
      }),
      { seed: 21, numRuns: 60 },
    )
  })

  it('are the same bytes from the same rows', () => {
    fc.assert(
      fc.property(made, ({ referenceNos, templates, encoder, format, bytes }) => {
        expect(makeGalleryBlocks(new RowEncoder(Float32Array.from(encoder.mean)), format, { referenceNos, templates })).toEqual(bytes)
      }),
      { seed: 22, numRuns: 30 },
    )
  })

  it('come one after the other where there are many rows, and are cut apart again', () => {
    const rows = 2 * blockRowsMax + 5
    const referenceNos = Uint32Array.from({ length: rows }, (_, row) => row * 3 + 1)
    const encoder = new RowEncoder(new Float32Array(8))
    const bytes = makeGalleryBlocks(encoder, 'f', { referenceNos, templates: templatesOf(rows, 8) })
    const blocks = cutGalleryBlocks(bytes)!
    expect(blocks.flatMap((block) => [...openGalleryBlock(block)!.referenceNos])).toEqual([...referenceNos])
    expect(blocks).toHaveLength(3)
    expect(cutGalleryBlocks(bytes.subarray(0, bytes.length - 64))).toBeUndefined()
    expect(cutGalleryBlocks(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })

  it('are not opened with another length, with numbers that do not ascend, or with what no row has', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 1, max: 200 }), fc.nat(), ({ bytes, referenceNos, encoder }, less, pick) => {
        expect(openGalleryBlock(bytes.subarray(0, Math.max(0, bytes.length - less)))).toBeUndefined()
        expect(openGalleryBlock(Uint8Array.of(...bytes, 0, 0, 0, 0))).toBeUndefined()
        const block = openGalleryBlock(bytes)!
        const row = pick % referenceNos.length
        const { topBlockBytes, bottomBlockBytes } = encoder.shape
        const top = block.top.byteOffset + Math.floor(row / 16) * topBlockBytes + (row % 16) * 4
        const bottom = block.bottom.byteOffset + Math.floor(row / 16) * bottomBlockBytes + (row % 16) * 4
        const harmed = (at: number, value: number) => {
          const other = bytes.slice()
          new DataView(other.buffer).setFloat32(at, value, true)
          return openGalleryBlock(other)
        }
        const scale = new DataView(bytes.buffer).getFloat32(top + 128, true)
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          for (const at of [16, top, top + 64, top + 128, bottom]) expect(harmed(at, value)).toBeUndefined()
        }
        for (const at of [16, top + 64, top + 128, bottom]) expect(harmed(at, -1e-6)).toBeUndefined()
        expect(harmed(top, 2.2)).toBeUndefined()
        expect(harmed(top + 128, 0.02)).toBeUndefined()
        expect(harmed(top + 64, 8.1 * scale * Math.sqrt(encoder.shape.padded) + 1e-6)).toBeUndefined()
        expect(harmed(bottom, 0.51 * scale * Math.sqrt(encoder.shape.padded) + 1e-6)).toBeUndefined()
        // Shorter than one of its rows.
        if (scale > 0) expect(harmed(16, 100 * scale)).toBeUndefined()
        if (referenceNos.length === 1) return
        const numbers = new DataView(bytes.slice().buffer)
        numbers.setUint32(block.referenceNos.byteOffset + 4, referenceNos[0]!, true)
        expect(openGalleryBlock(new Uint8Array(numbers.buffer))).toBeUndefined()
      }),
      { seed: 23, numRuns: 60 },
    )
  })

  it('cannot be made of templates of no or several dimensions or another length, nor with numbers that do not ascend', () => {
    const encoder = new RowEncoder(new Float32Array(2))
    const make = (rows: number[], values: number[]) => () =>
      makeGalleryBlocks(encoder, 'f', { referenceNos: Uint32Array.from(rows), templates: Float32Array.from(values) })
    expect(make([1, 2], [1, 0, 0, 1])).not.toThrow()
    for (const broken of [
      make([], []),
      make([1, 2], [1, 0, 0]),
      make([1], []),
      make([2, 1], [1, 0, 0, 1]),
      make([1, 1], [1, 0, 0, 1]),
      make([0], [1, 0]),
      make([1], [1, 1]),
      make([1], [Number.NaN, 1]),
    ])
      expect(broken).toThrow(RangeError)
  })
})

describe('the format of blocks', () => {
  it('is another for another model, dimension or mean template, by name and by number', () => {
    const formatOf = (id: string, mean: number[]) => galleryFormatOf({ id, meanTemplate: Float32Array.from(mean) }, sha256)
    const formats = [formatOf('a@1', [0, 0]), formatOf('a@2', [0, 0]), formatOf('a@1', [0, 0, 0]), formatOf('a@1', [0, 1e-9])]
    expect(new Set(formats).size).toBe(4)
    const numbers = formats.map((format) => formatNumberOf(format, sha256))
    expect(new Set(numbers).size).toBe(4)
    for (const number of numbers) expect(Number.isSafeInteger(number) && number >= 0).toBe(true)
    expect(formatOf('a@1', [0, 0])).toBe(formats[0])
  })
})
