/** The scans with 128-bit SIMD; with the feature relaxed-simd switched on they use the relaxed dot product. layout.ts draws the blocks. */
import { bottomHeader, errorPackedAt, maskAt, numbersAt, scaleAt, topHeader } from './layout'
import { above, below, dot, list, stretch, upper, wide, wideBoth } from './products'

export { stream } from './stream'
export { refine } from './refine'
export { scanBatch } from './batch'

/** Bits of the 16 rows whose packed upper score reaches the cut. */
// @ts-ignore: decorator
@inline
function packedHits(a: v128, b: v128, c: v128, d: v128, top: usize, query: usize): i32 {
  const factor = v128.load32_splat(query)
  const length = v128.load32_splat(query, 12)
  const cut = v128.load32_splat(query, 28)
  const sum = v128.load32_splat(query, 16)
  a = upper(i32x4.add(i32x4.shl(a, 1), sum), v128.load(top, scaleAt), factor, v128.load(top), v128.load(top, errorPackedAt), length)
  b = upper(i32x4.add(i32x4.shl(b, 1), sum), v128.load(top, scaleAt + 16), factor, v128.load(top, 16), v128.load(top, errorPackedAt + 16), length)
  c = upper(i32x4.add(i32x4.shl(c, 1), sum), v128.load(top, scaleAt + 32), factor, v128.load(top, 32), v128.load(top, errorPackedAt + 32), length)
  d = upper(i32x4.add(i32x4.shl(d, 1), sum), v128.load(top, scaleAt + 48), factor, v128.load(top, 48), v128.load(top, errorPackedAt + 48), length)
  return (
    i32x4.bitmask(f32x4.ge(a, cut)) | (i32x4.bitmask(f32x4.ge(b, cut)) << 4) |
    (i32x4.bitmask(f32x4.ge(c, cut)) << 8) | (i32x4.bitmask(f32x4.ge(d, cut)) << 12)
  )
}

/**
 * Compares a query with 4 bits of every number.
 * @param top address of the first block
 * @param out addresses of entries: rows counted from the first block whose upper score reaches the packed cut; room for all rows
 * @returns entries written
 */
export function scanPacked(top: usize, blocks: u32, groups: u32, query: usize, out: usize): u32 {
  const mask = v128.load(query, maskAt)
  const numbers = query + numbersAt
  const numbersEnd = numbers + ((<usize>groups) << 3)
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    let a = i32x4.splat(0), b = a, c = a, d = a
    let at = top + topHeader
    for (let word = numbers; word < numbersEnd; ) {
      let e = i16x8.splat(0), f = e, g = e, h = e
      for (const stop = min<usize>(word + stretch, numbersEnd); word < stop; word += 8) {
        const y = v128.load32_splat(word)
        const z = v128.load32_splat(word, 4)
        let rows = v128.load(at)
        e = dot(z, above(rows, mask), dot(y, below(rows, mask), e))
        rows = v128.load(at, 16)
        f = dot(z, above(rows, mask), dot(y, below(rows, mask), f))
        rows = v128.load(at, 32)
        g = dot(z, above(rows, mask), dot(y, below(rows, mask), g))
        rows = v128.load(at, 48)
        h = dot(z, above(rows, mask), dot(y, below(rows, mask), h))
        at += 64
      }
      a = wide(a, e)
      b = wide(b, f)
      c = wide(c, g)
      d = wide(d, h)
    }
    const hits = packedHits(a, b, c, d, top, query)
    if (hits) found = list(hits, index << 4, found)
    top = at
  }
  return <u32>((found - out) >> 2)
}

/** Upper scores of 4 rows from the sums of their numbers. */
// @ts-ignore: decorator
@inline
function flatUpper(product: v128, top: usize, bottom: usize, query: usize): v128 {
  const sum = i32x4.add(i32x4.shl(product, 1), v128.load32_splat(query, 20))
  return upper(sum, v128.load(top, scaleAt), v128.load32_splat(query, 4), v128.load(top), v128.load(bottom), v128.load32_splat(query, 12))
}

/** Compares a query with all 8 bits of every number, against the flat cut. Parameters and answer as in scanPacked. */
export function scanFlat(top: usize, bottom: usize, blocks: u32, groups: u32, query: usize, out: usize): u32 {
  const mask = v128.load(query, maskAt)
  const numbers = query + numbersAt
  const numbersEnd = numbers + ((<usize>groups) << 3)
  const cut = v128.load32_splat(query, 32)
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    let a = i32x4.splat(0), b = a, c = a, d = a
    let high = top + topHeader
    let low = bottom + bottomHeader
    for (let word = numbers; word < numbersEnd; ) {
      let e = i16x8.splat(0), f = e, g = e, h = e, i = e, j = e, k = e, l = e
      for (const stop = min<usize>(word + stretch, numbersEnd); word < stop; word += 8) {
        const y = v128.load32_splat(word)
        const z = v128.load32_splat(word, 4)
        let rows = v128.load(high)
        e = dot(z, above(rows, mask), dot(y, below(rows, mask), e))
        rows = v128.load(high, 16)
        f = dot(z, above(rows, mask), dot(y, below(rows, mask), f))
        rows = v128.load(high, 32)
        g = dot(z, above(rows, mask), dot(y, below(rows, mask), g))
        rows = v128.load(high, 48)
        h = dot(z, above(rows, mask), dot(y, below(rows, mask), h))
        rows = v128.load(low)
        i = dot(z, above(rows, mask), dot(y, below(rows, mask), i))
        rows = v128.load(low, 16)
        j = dot(z, above(rows, mask), dot(y, below(rows, mask), j))
        rows = v128.load(low, 32)
        k = dot(z, above(rows, mask), dot(y, below(rows, mask), k))
        rows = v128.load(low, 48)
        l = dot(z, above(rows, mask), dot(y, below(rows, mask), l))
        high += 64
        low += 64
      }
      a = wideBoth(a, e, i)
      b = wideBoth(b, f, j)
      c = wideBoth(c, g, k)
      d = wideBoth(d, h, l)
    }
    const hits =
      i32x4.bitmask(f32x4.ge(flatUpper(a, top, bottom, query), cut)) |
      (i32x4.bitmask(f32x4.ge(flatUpper(b, top + 16, bottom + 16, query), cut)) << 4) |
      (i32x4.bitmask(f32x4.ge(flatUpper(c, top + 32, bottom + 32, query), cut)) << 8) |
      (i32x4.bitmask(f32x4.ge(flatUpper(d, top + 48, bottom + 48, query), cut)) << 12)
    if (hits) found = list(hits, index << 4, found)
    top = high
    bottom = low
  }
  return <u32>((found - out) >> 2)
}
