/** From the sums of 16 rows to their upper scores. What is stored side by side may be joined into wider instructions. */
import { errorPackedAt, scaleAt } from './layout'
import { upper, wide, wideBoth } from './products'

/** 16 upper scores of one query go to `out`. @param sums 64 bytes of 16-bit sums for each section, `step` bytes from one to the next, `sections` bytes in all */
// @ts-ignore: decorator
@inline
export function packedUppers(sums: usize, sections: usize, step: usize, top: usize, query: usize, out: usize): void {
  let a = i32x4.splat(0), b = a, c = a, d = a
  for (const end = sums + sections; sums < end; sums += step) {
    a = wide(a, v128.load(sums))
    b = wide(b, v128.load(sums, 16))
    c = wide(c, v128.load(sums, 32))
    d = wide(d, v128.load(sums, 48))
  }
  const sum = v128.load32_splat(query, 16)
  const factor = v128.load32_splat(query)
  const length = v128.load32_splat(query, 12)
  v128.store(out, upper(i32x4.add(i32x4.shl(a, 1), sum), v128.load(top, scaleAt), factor, v128.load(top), v128.load(top, errorPackedAt), length))
  v128.store(out, upper(i32x4.add(i32x4.shl(b, 1), sum), v128.load(top, scaleAt + 16), factor, v128.load(top, 16), v128.load(top, errorPackedAt + 16), length), 16)
  v128.store(out, upper(i32x4.add(i32x4.shl(c, 1), sum), v128.load(top, scaleAt + 32), factor, v128.load(top, 32), v128.load(top, errorPackedAt + 32), length), 32)
  v128.store(out, upper(i32x4.add(i32x4.shl(d, 1), sum), v128.load(top, scaleAt + 48), factor, v128.load(top, 48), v128.load(top, errorPackedAt + 48), length), 48)
}

/** Bits of the 16 scores that reach a cut. */
// @ts-ignore: decorator
@inline
export function hitsOf(from: usize, cut: v128): i32 {
  return (
    i32x4.bitmask(f32x4.ge(v128.load(from), cut)) |
    (i32x4.bitmask(f32x4.ge(v128.load(from, 16), cut)) << 4) |
    (i32x4.bitmask(f32x4.ge(v128.load(from, 32), cut)) << 8) |
    (i32x4.bitmask(f32x4.ge(v128.load(from, 48), cut)) << 12)
  )
}

/** As packedUppers, of sums of the high numbers and, 64 bytes further, of the low ones. */
// @ts-ignore: decorator
@inline
export function flatUppers(sums: usize, sections: usize, top: usize, bottom: usize, query: usize, out: usize): void {
  let a = i32x4.splat(0), b = a, c = a, d = a
  for (const end = sums + sections; sums < end; sums += 128) {
    a = wideBoth(a, v128.load(sums), v128.load(sums, 64))
    b = wideBoth(b, v128.load(sums, 16), v128.load(sums, 80))
    c = wideBoth(c, v128.load(sums, 32), v128.load(sums, 96))
    d = wideBoth(d, v128.load(sums, 48), v128.load(sums, 112))
  }
  const sum = v128.load32_splat(query, 20)
  const factor = v128.load32_splat(query, 4)
  const length = v128.load32_splat(query, 12)
  v128.store(out, upper(i32x4.add(i32x4.shl(a, 1), sum), v128.load(top, scaleAt), factor, v128.load(top), v128.load(bottom), length))
  v128.store(out, upper(i32x4.add(i32x4.shl(b, 1), sum), v128.load(top, scaleAt + 16), factor, v128.load(top, 16), v128.load(bottom, 16), length), 16)
  v128.store(out, upper(i32x4.add(i32x4.shl(c, 1), sum), v128.load(top, scaleAt + 32), factor, v128.load(top, 32), v128.load(bottom, 32), length), 32)
  v128.store(out, upper(i32x4.add(i32x4.shl(d, 1), sum), v128.load(top, scaleAt + 48), factor, v128.load(top, 48), v128.load(bottom, 48), length), 48)
}

/** The largest of 16 numbers, in all lanes. */
// @ts-ignore: decorator
@inline
export function largest(from: usize): v128 {
  const most = f32x4.max(f32x4.max(v128.load(from), v128.load(from, 16)), f32x4.max(v128.load(from, 32), v128.load(from, 48)))
  const half = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1))
  return f32x4.max(half, v128.shuffle<i32>(half, half, 1, 0, 3, 2))
}

/** The largest sum of 4 rows in each lane. */
// @ts-ignore: decorator
@inline
function largestSums(sums: usize): v128 {
  const a = i32x4.extadd_pairwise_i16x8_s(v128.load(sums)), b = i32x4.extadd_pairwise_i16x8_s(v128.load(sums, 16))
  const c = i32x4.extadd_pairwise_i16x8_s(v128.load(sums, 32)), d = i32x4.extadd_pairwise_i16x8_s(v128.load(sums, 48))
  return i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d))
}

/** One number of the header of each of 4 queries. */
// @ts-ignore: decorator
@inline
function ofEach(query: usize, stride: usize): v128 {
  const two = v128.load32_lane(query + stride, v128.load32_zero(query), 1)
  return v128.load32_lane(query + stride * 3, v128.load32_lane(query + (stride << 1), two, 2), 3)
}

/**
 * Which of 4 queries any of 16 rows may reach the packed cut of: their largest sum, or 0, with the largest scale, bias and error of the
 * block. Each rounding keeps the order of what it rounds, so no upper score of the block is above what is compared here.
 * @param sums as for packedUppers, of one section, 64 bytes from one query to the next
 * @returns a bit for each query
 */
// @ts-ignore: decorator
@inline
export function mayHit(sums: usize, scale: v128, bias: v128, error: v128, query: usize, stride: usize): i32 {
  const a = largestSums(sums), b = largestSums(sums + 64), c = largestSums(sums + 128), d = largestSums(sums + 192)
  const ab = i32x4.max_s(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7))
  const cd = i32x4.max_s(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7))
  const most = i32x4.max_s(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7))
  const sum = i32x4.max_s(i32x4.add(i32x4.shl(most, 1), ofEach(query + 16, stride)), i32x4.splat(0))
  const score = upper(sum, scale, ofEach(query, stride), bias, error, ofEach(query + 12, stride))
  return i32x4.bitmask(f32x4.ge(score, ofEach(query + 28, stride)))
}
