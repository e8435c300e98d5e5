/** The finish of the rows that a stage left, with 128-bit SIMD: all 8 bits, and the query in two parts. */
import { bottomHeader, maskAt, numbersAt, queryShift, rowMask, scaleAt, topHeader } from './layout'
import { above, below, dot, stretch, wideBoth } from './products'

/** 4 rows of a block. Writes their upper scores at `out`, and what is in them for the row's error 64 bytes further. */
// @ts-ignore: decorator
@inline
function four(top: usize, bottom: usize, groups: u32, query: usize, lane: usize, out: usize): void {
  const mask = v128.load(query, maskAt)
  const bytes = (<usize>groups) << 3
  let a = i32x4.splat(0), b = a
  let high = top + topHeader + lane
  let low = bottom + bottomHeader + lane
  for (let word = query + numbersAt, end = word + bytes; word < end; ) {
    let e = i16x8.splat(0), f = e, g = e, h = e
    for (const stop = min<usize>(word + stretch, end); word < stop; word += 8) {
      const y = v128.load32_splat(word), z = v128.load32_splat(word, 4)
      const y2 = v128.load32_splat(word + bytes), z2 = v128.load32_splat(word + bytes, 4)
      let rows = v128.load(high)
      let lower = below(rows, mask)
      let upper = above(rows, mask)
      e = dot(z, upper, dot(y, lower, e))
      g = dot(z2, upper, dot(y2, lower, g))
      rows = v128.load(low)
      lower = below(rows, mask)
      upper = above(rows, mask)
      f = dot(z, upper, dot(y, lower, f))
      h = dot(z2, upper, dot(y2, lower, h))
      high += 64
      low += 64
    }
    a = wideBoth(a, e, f)
    b = wideBoth(b, g, h)
  }
  const first = f32x4.convert_i32x4_s(i32x4.add(i32x4.shl(a, 1), v128.load32_splat(query, 20)))
  const second = f32x4.convert_i32x4_s(i32x4.add(i32x4.shl(b, 1), v128.load32_splat(query, 24)))
  const scale = v128.load(top + lane, scaleAt)
  const product = f32x4.add(
    f32x4.mul(first, f32x4.mul(scale, v128.load32_splat(query, 4))),
    f32x4.mul(second, f32x4.mul(scale, v128.load32_splat(query, 8))),
  )
  const error = f32x4.mul(v128.load(bottom + lane), v128.load32_splat(query, 12))
  v128.store(out + lane, f32x4.add(product, f32x4.add(v128.load(top + lane), error)))
  v128.store(out + lane, error, 64)
}

/**
 * @param queries address of the first query; entry e belongs to the one at e >> 20 times stride
 * @param entries addresses of `count` entries, rows counted from the first block
 * @param out where (u32 entry, f32 upper score, f32 the row's error in it) go of those whose upper score reaches the refined cut
 * @param scratch 128 bytes
 * @returns how many
 */
export function refine(
  top: usize, bottom: usize, groups: u32, queries: usize, stride: u32, entries: usize, count: u32, out: usize, scratch: usize,
): u32 {
  const planes = (<usize>groups) << 6
  let found = out
  let before: u32 = 0xffffffff
  for (let index: u32 = 0; index < count; index++) {
    const entry = load<u32>(entries + ((<usize>index) << 2))
    const query = queries + (<usize>(entry >> queryShift)) * (<usize>stride)
    const block = (entry & rowMask) >> 4
    // Rows of one block and query stand together: they are computed once.
    if (entry >> 4 !== before) {
      before = entry >> 4
      const blockTop = top + (<usize>block) * (topHeader + planes)
      const blockBottom = bottom + (<usize>block) * (bottomHeader + planes)
      for (let lane: usize = 0; lane < 64; lane += 16) four(blockTop, blockBottom, groups, query, lane, scratch)
    }
    const lane = (<usize>(entry & 15)) << 2
    const score = load<f32>(scratch + lane)
    if (score >= load<f32>(query, 36)) {
      store<u32>(found, entry)
      store<f32>(found, score, 4)
      store<f32>(found, load<f32>(scratch + lane, 64), 8)
      found += 12
    }
  }
  return <u32>((found - out) / 12)
}
