/** Several queries in one pass with 128-bit SIMD: a block is unpacked once into scratch that stays in the cache, then meets every query. */
import { errorPackedAt, maskAt, numbersAt, queryShift, scaleAt, topHeader } from './layout'
import { above, below, dot, list, stretch, upper, wide } from './products'

/** 16 rows x groups x 8 bytes: for each 4 dimensions 4 lanes of 16 bytes. */
// @ts-ignore: decorator
@inline
function unpack(from: usize, groups: u32, mask: v128, to: usize): usize {
  for (const end = from + ((<usize>groups) << 6); from < end; from += 64) {
    for (let lane: usize = 0; lane < 64; lane += 16) {
      const rows = v128.load(from + lane)
      v128.store(to + lane, below(rows, mask))
      v128.store(to + lane, above(rows, mask), 64)
    }
    to += 128
  }
  return from
}

// @ts-ignore: decorator
@inline
function hitsOf(sum: v128, top: usize, query: usize): i32 {
  const score = upper(
    i32x4.add(i32x4.shl(sum, 1), v128.load32_splat(query, 16)), v128.load(top, scaleAt), v128.load32_splat(query),
    v128.load(top), v128.load(top, errorPackedAt), v128.load32_splat(query, 12),
  )
  return i32x4.bitmask(f32x4.ge(score, v128.load32_splat(query, 28)))
}

/**
 * scanPacked for several queries.
 * @param queries address of the first, `stride` bytes to the next
 * @param count of queries, even; one that finds nothing fills up
 * @param out addresses of entries, room for all rows of all queries
 * @param scratch groups x 128 bytes
 */
export function scanBatch(
  top: usize, blocks: u32, groups: u32, queries: usize, stride: u32, count: u32, out: usize, scratch: usize,
): u32 {
  const mask = v128.load(queries, maskAt)
  const bytes = (<usize>groups) << 3
  const queriesEnd = queries + (<usize>count) * (<usize>stride)
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    const next = unpack(top + topHeader, groups, mask, scratch)
    let number: u32 = 0
    for (let query = queries; query < queriesEnd; query += (<usize>stride) << 1) {
      const other = query + <usize>stride
      let a = i32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a
      let at = scratch
      for (let word = query + numbersAt, end = word + bytes, word2 = other + numbersAt; word < end; ) {
        let i = i16x8.splat(0), j = i, k = i, l = i, m = i, n = i, o = i, p = i
        for (const stop = min<usize>(word + stretch, end); word < stop; word += 4, word2 += 4) {
          const y = v128.load32_splat(word), z = v128.load32_splat(word2)
          let rows = v128.load(at)
          i = dot(y, rows, i)
          m = dot(z, rows, m)
          rows = v128.load(at, 16)
          j = dot(y, rows, j)
          n = dot(z, rows, n)
          rows = v128.load(at, 32)
          k = dot(y, rows, k)
          o = dot(z, rows, o)
          rows = v128.load(at, 48)
          l = dot(y, rows, l)
          p = dot(z, rows, p)
          at += 64
        }
        a = wide(a, i)
        b = wide(b, j)
        c = wide(c, k)
        d = wide(d, l)
        e = wide(e, m)
        f = wide(f, n)
        g = wide(g, o)
        h = wide(h, p)
      }
      let hits = hitsOf(a, top, query) | (hitsOf(b, top + 16, query) << 4) | (hitsOf(c, top + 32, query) << 8) | (hitsOf(d, top + 48, query) << 12)
      if (hits) found = list(hits, (number << queryShift) + (index << 4), found)
      hits = hitsOf(e, top, other) | (hitsOf(f, top + 16, other) << 4) | (hitsOf(g, top + 32, other) << 8) | (hitsOf(h, top + 48, other) << 12)
      if (hits) found = list(hits, ((number + 1) << queryShift) + (index << 4), found)
      number += 2
    }
    top = next
  }
  return <u32>((found - out) >> 2)
}
