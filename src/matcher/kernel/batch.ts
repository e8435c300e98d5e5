/**
 * Several queries in one pass: a block is unpacked once into scratch that stays in the cache, then meets every query, four at a time.
 *
 * Sums stay in 16 bits for 512 dimensions: the queries are scaled so that no sum of them can leave 16 bits (query.ts), and what is
 * carried beyond on the way comes back, since additions of 16 bits are exact modulo 2^16. Neighbouring sums are stored side by side;
 * an engine that joins neighbouring 128-bit stores and what leads to them into 256 bits halves the instructions. What is left is bound by how
 * many of them a processor takes up at a time: hence the numbers of four queries side by side with a pointer for each, and 8 dimensions
 * in a turn, so that nothing has to be added up to find the next number.
 */
import { errorPackedAt, maskAt, queryShift, scaleAt, sectionBytes, topHeader } from './layout'
import { above, below, dot, list } from './products'
import { hitsOf, largest, mayHit, packedUppers } from './uppers'

/** 16 rows x groups x 8 bytes: for each 4 dimensions 4 lanes of 16 bytes. */
// @ts-ignore: decorator
@inline
function unpack(from: usize, groups: u32, mask: v128, to: usize): usize {
  for (const end = from + ((<usize>groups) << 6); from < end; from += 64) {
    const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48)
    v128.store(to, below(a, mask))
    v128.store(to, below(b, mask), 16)
    v128.store(to, below(c, mask), 32)
    v128.store(to, below(d, mask), 48)
    v128.store(to, above(a, mask), 64)
    v128.store(to, above(b, mask), 80)
    v128.store(to, above(c, mask), 96)
    v128.store(to, above(d, mask), 112)
    to += 128
  }
  return from
}

/**
 * Leaves at `out` for each of 4 queries the 16-bit sums of 16 rows, 2 to a row, over at most 512 dimensions. A function of its own keeps
 * its registers.
 * @param word1 of the first query, in a place of quads
 */
function section(rows: usize, word1: usize, bytes: usize, out: usize): void {
  let word2 = word1 + 4, word3 = word1 + 8, word4 = word1 + 12
  let a = i16x8.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a
  let i = a, j = a, k = a, l = a, m = a, n = a, o = a, p = a
  for (const end = rows + (bytes << 4); rows < end; rows += 128) {
    let q = v128.load(rows), r = v128.load(rows, 16), s = v128.load(rows, 32), t = v128.load(rows, 48)
    let y = v128.load32_splat(word1)
    a = dot(y, q, a)
    b = dot(y, r, b)
    c = dot(y, s, c)
    d = dot(y, t, d)
    y = v128.load32_splat(word2)
    e = dot(y, q, e)
    f = dot(y, r, f)
    g = dot(y, s, g)
    h = dot(y, t, h)
    y = v128.load32_splat(word3)
    i = dot(y, q, i)
    j = dot(y, r, j)
    k = dot(y, s, k)
    l = dot(y, t, l)
    y = v128.load32_splat(word4)
    m = dot(y, q, m)
    n = dot(y, r, n)
    o = dot(y, s, o)
    p = dot(y, t, p)
    q = v128.load(rows, 64)
    r = v128.load(rows, 80)
    s = v128.load(rows, 96)
    t = v128.load(rows, 112)
    y = v128.load32_splat(word1, 16)
    a = dot(y, q, a)
    b = dot(y, r, b)
    c = dot(y, s, c)
    d = dot(y, t, d)
    y = v128.load32_splat(word2, 16)
    e = dot(y, q, e)
    f = dot(y, r, f)
    g = dot(y, s, g)
    h = dot(y, t, h)
    y = v128.load32_splat(word3, 16)
    i = dot(y, q, i)
    j = dot(y, r, j)
    k = dot(y, s, k)
    l = dot(y, t, l)
    y = v128.load32_splat(word4, 16)
    m = dot(y, q, m)
    n = dot(y, r, n)
    o = dot(y, s, o)
    p = dot(y, t, p)
    word1 += 32
    word2 += 32
    word3 += 32
    word4 += 32
  }
  v128.store(out, a)
  v128.store(out, b, 16)
  v128.store(out, c, 32)
  v128.store(out, d, 48)
  v128.store(out, e, 64)
  v128.store(out, f, 80)
  v128.store(out, g, 96)
  v128.store(out, h, 112)
  v128.store(out, i, 128)
  v128.store(out, j, 144)
  v128.store(out, k, 160)
  v128.store(out, l, 176)
  v128.store(out, m, 192)
  v128.store(out, n, 208)
  v128.store(out, o, 224)
  v128.store(out, p, 240)
}

/**
 * scanPacked for several queries.
 * @param queries address of the first, `stride` bytes to the next
 * @param count of queries, a multiple of 4; those that find nothing fill up
 * @param quads their first numbers: of each 4 queries one after the other, 4 dimensions of each in turn
 * @param out addresses of entries, room for all rows of all queries
 * @param scratch groups x 128 bytes, then 256 for each section of 512 dimensions, then 64
 */
export function scanBatch(
  top: usize, blocks: u32, groups: u32, queries: usize, stride: u32, count: u32, quads: usize, out: usize, scratch: usize,
): u32 {
  const mask = v128.load(queries, maskAt)
  const bytes = (<usize>groups) << 3
  const sums = scratch + (bytes << 4)
  const sections = ((bytes + sectionBytes - 1) / sectionBytes) << 8
  const uppers = sums + sections
  const aheadBytes = ((topHeader + (bytes << 3)) / ((<usize>count) >> 2) + 63) & ~63
  let found = out
  for (let index: u32 = 0; index < blocks; index++) {
    const next = unpack(top + topHeader, groups, mask, scratch)
    const bias = largest(top), error = largest(top + errorPackedAt), scale = largest(top + scaleAt)
    // The next block (behind the last one lies the bottom area) is called into the cache while this one is computed.
    let ahead = next
    let quad = quads
    for (let number: u32 = 0; number < count; number += 4) {
      let seen = v128.load(ahead)
      for (const end = ahead + aheadBytes; ahead < end; ahead += 64) seen = v128.or(seen, v128.load(ahead))
      v128.store(uppers, seen)
      for (let from: usize = 0, to = sums; from < bytes; from += sectionBytes, to += 256) {
        section(scratch + (from << 4), quad + (from << 2), min<usize>(sectionBytes, bytes - from), to)
      }
      quad += bytes << 2
      const query = queries + (<usize>number) * (<usize>stride)
      let possible = sections > 256 ? 15 : mayHit(sums, scale, bias, error, query, <usize>stride)
      for (; possible; possible &= possible - 1) {
        const each = <u32>ctz(possible)
        const one = query + (<usize>each) * (<usize>stride)
        packedUppers(sums + ((<usize>each) << 6), sections, 256, top, one, uppers)
        const hits = hitsOf(uppers, v128.load32_splat(one, 28))
        if (hits) found = list(hits, ((number + each) << queryShift) + (index << 4), found)
      }
    }
    top = next
  }
  return <u32>((found - out) >> 2)
}
