import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGalleryBlock, encodeGalleryBlock, type GalleryBlock, rowsOfBlock } from '../../../src/core/galleryBlock.ts'

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 40 })
const blocks = fc.tuple(numbers, fc.integer({ min: 1, max: 9 })).map(([nos, dimension]): GalleryBlock => {
  const referenceNos = Uint32Array.from(nos).sort()
  return { referenceNos, templates: Float32Array.from({ length: nos.length * dimension }, (_, at) => Math.sin(at)) }
})

describe('a gallery block', () => {
  it('is the same after its bytes, wherever they lie in memory', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 0, max: 7 }), (block, offset) => {
        const bytes = encodeGalleryBlock(block)
        const moved = new Uint8Array(bytes.length + offset)
        moved.set(bytes, offset)
        expect(decodeGalleryBlock(moved.subarray(offset))).toEqual(block)
      }),
    )
  })

  it('is not read from bytes of another format or length, nor with numbers that do not ascend', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 64 }), (block, less) => {
        const bytes = encodeGalleryBlock(block)
        expect(decodeGalleryBlock(bytes.subarray(0, Math.max(0, bytes.length - less)))).toBeUndefined()
        expect(decodeGalleryBlock(Uint8Array.of(...bytes, 0, 0, 0, 0))).toBeUndefined()
        const other = bytes.slice()
        other[0] = 2
        expect(decodeGalleryBlock(other)).toBeUndefined()
        if (block.referenceNos.length === 1) return
        const swapped = bytes.slice()
        swapped.copyWithin(20, 16, 20)
        expect(decodeGalleryBlock(swapped)).toBeUndefined()
      }),
    )
  })

  it('cannot be made of templates of no or of several dimensions', () => {
    const make = (rows: number[], values: number) => () =>
      encodeGalleryBlock({ referenceNos: Uint32Array.from(rows), templates: new Float32Array(values) })
    for (const broken of [make([], 0), make([1, 2], 3), make([1], 0), make([2, 1], 4), make([1, 1], 4)]) expect(broken).toThrow(RangeError)
  })

  it('gives the rows that are wanted and there', () => {
    fc.assert(
      fc.property(blocks, numbers, (block, more) => {
        const dimension = block.templates.length / block.referenceNos.length
        const half = [...block.referenceNos].filter((_, at) => at % 2 === 0)
        const wanted = Uint32Array.from(new Set([...half, ...more])).sort()
        const there = [...wanted].filter((no) => block.referenceNos.includes(no))
        const { referenceNos, templates } = rowsOfBlock(block, wanted)
        expect([...referenceNos]).toEqual(there)
        for (const [at, no] of there.entries()) {
          const from = block.referenceNos.indexOf(no) * dimension
          expect(templates.slice(at * dimension, (at + 1) * dimension)).toEqual(block.templates.slice(from, from + dimension))
        }
      }),
    )
  })
})
