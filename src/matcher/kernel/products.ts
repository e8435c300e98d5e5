/** 128-bit pieces that the scans share. Whole numbers are exact, so the builds with and without relaxed SIMD agree in every bit. */

/**
 * Adds to each of 8 lanes the product of 2 signed bytes of a query with 2 bytes below 16 of rows: at most 2 * 127 * 15 = 3,810 away
 * from 0, so that 8 such sums fit 16 bits. The relaxed instruction is free to differ only where its second operand passes 7 bits.
 */
// @ts-ignore: decorator
@inline
export function dot(query: v128, rows: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.add(sum, i16x8.relaxed_dot_i8x16_i7x16_s(query, rows))
  const low = i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(query, rows))
  const high = i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(query, rows))
  return i16x8.add(sum, i16x8.narrow_i32x4_s(low, high))
}

/** Query bytes between two calls of `wide`: 4 groups of 8 dimensions, 8 sums to a lane. */
// @ts-ignore: decorator
@inline
export const stretch: usize = 32

/** Adds neighbouring 16-bit sums into 32 bits, one lane to a row. */
// @ts-ignore: decorator
@inline
export function wide(sum: v128, sums: v128): v128 {
  return i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(sums))
}

/** The same for high and low numbers: 16 * high + low. */
// @ts-ignore: decorator
@inline
export function wideBoth(sum: v128, high: v128, low: v128): v128 {
  return i32x4.add(i32x4.add(sum, i32x4.shl(i32x4.extadd_pairwise_i16x8_s(high), 4)), i32x4.extadd_pairwise_i16x8_s(low))
}

/** The 4 bits below of every byte; `mask` is 15 in every byte. It is loaded from the query: a constant would be made anew at every use. */
// @ts-ignore: decorator
@inline
export function below(bytes: v128, mask: v128): v128 {
  return v128.and(bytes, mask)
}

/** The 4 bits above of every byte. */
// @ts-ignore: decorator
@inline
export function above(bytes: v128, mask: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), mask)
}

/** 4 lanes of (sum * (scale * queryScale)) + (bias + (error * queryLength)); the order of the roundings is part of the proof. */
// @ts-ignore: decorator
@inline
export function upper(sum: v128, scale: v128, queryScale: v128, bias: v128, error: v128, queryLength: v128): v128 {
  const product = f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(scale, queryScale))
  return f32x4.add(product, f32x4.add(bias, f32x4.mul(error, queryLength)))
}

/** Writes an entry for each set bit. @returns where the next one goes */
// @ts-ignore: decorator
@inline
export function list(hits: i32, first: u32, out: usize): usize {
  while (hits) {
    store<u32>(out, first + <u32>ctz(hits))
    hits &= hits - 1
    out += 4
  }
  return out
}
