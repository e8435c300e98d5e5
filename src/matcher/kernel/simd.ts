/**
 * The inner loops with 128-bit SIMD; with the feature relaxed-simd switched on, the scan uses the relaxed dot product.
 *
 * A block is 16 rows, one row to a lane:
 *   0    i32 x 16  minus 64 times the sum of the row's numbers (the query is stored 64 too large)
 *   64   f32 x 16  scale: a number times the scale is the row's component
 *   128  f32 x 16  what is added to the scaled product
 *   192  f32 x 16  length of the row as it is stored
 *   256  f32 x 16  length of what quantisation took from the row
 *   320  for each 4 dimensions: 16 rows x 4 i8 in -127..127
 * The query is u8 in 1..127: a relaxed dot of i8 with numbers below 128 gives the same bits on every machine.
 */

export { quantise } from './quantise'

const header: usize = 320

/** 4 lanes of the highest score that the rows may have: ((sum * (scale * queryScale)) + bias) + (norm * queryError + error * queryNorm). */
// @ts-ignore: decorator
@inline
function upper(sum: v128, at: usize, queryScale: v128, queryError: v128, queryNorm: v128): v128 {
  const product = f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(v128.load(at, 64), queryScale))
  const error = f32x4.add(f32x4.mul(v128.load(at, 192), queryError), f32x4.mul(v128.load(at, 256), queryNorm))
  return f32x4.add(f32x4.add(product, v128.load(at, 128)), error)
}

// @ts-ignore: decorator
@inline
function dotLow(rows: v128, query: v128, sum: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(rows), i16x8.extend_low_i8x16_s(query)))
}

// @ts-ignore: decorator
@inline
function dotHigh(rows: v128, query: v128, sum: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(rows), i16x8.extend_high_i8x16_s(query)))
}

/** Sums of neighbouring lanes: a0 + a1, a2 + a3, b0 + b1, b2 + b3. */
// @ts-ignore: decorator
@inline
function pairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7))
}

/**
 * @param block address of the first block
 * @param blocks how many
 * @param words dimensions / 4
 * @param query address of the query's u8
 * @param queryScale, queryError, queryNorm the query's scale, the length of what quantisation took from it, and its length
 * @param cut rows whose upper score is at or above it are written
 * @param out address of pairs (u32 row, counted from the first block; f32 upper score); room for all rows
 * @param scratch 64 bytes
 * @returns pairs written
 */
export function scan(
  block: usize, blocks: u32, words: u32, query: usize,
  queryScale: f32, queryError: f32, queryNorm: f32, cut: f32, out: usize, scratch: usize,
): u32 {
  const scales = f32x4.splat(queryScale)
  const errors = f32x4.splat(queryError)
  const norms = f32x4.splat(queryNorm)
  const cuts = f32x4.splat(cut)
  const queryEnd = query + ((<usize>words) << 2)
  let found: usize = out
  for (let index: u32 = 0; index < blocks; index++) {
    let a = v128.load(block)
    let b = v128.load(block, 16)
    let c = v128.load(block, 32)
    let d = v128.load(block, 48)
    let at = block + header
    if (ASC_FEATURE_RELAXED_SIMD) {
      for (let word = query; word < queryEnd; word += 4) {
        const y = v128.load32_splat(word)
        a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at), y, a)
        b = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 16), y, b)
        c = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 32), y, c)
        d = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 48), y, d)
        at += 64
      }
    } else {
      let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0
      for (let word = query; word < queryEnd; word += 4) {
        const y = v128.load32_splat(word)
        const ra = v128.load(at), rb = v128.load(at, 16), rc = v128.load(at, 32), rd = v128.load(at, 48)
        a0 = dotLow(ra, y, a0)
        a1 = dotHigh(ra, y, a1)
        b0 = dotLow(rb, y, b0)
        b1 = dotHigh(rb, y, b1)
        c0 = dotLow(rc, y, c0)
        c1 = dotHigh(rc, y, c1)
        d0 = dotLow(rd, y, d0)
        d1 = dotHigh(rd, y, d1)
        at += 64
      }
      a = i32x4.add(a, pairs(a0, a1))
      b = i32x4.add(b, pairs(b0, b1))
      c = i32x4.add(c, pairs(c0, c1))
      d = i32x4.add(d, pairs(d0, d1))
    }
    a = upper(a, block, scales, errors, norms)
    b = upper(b, block + 16, scales, errors, norms)
    c = upper(c, block + 32, scales, errors, norms)
    d = upper(d, block + 48, scales, errors, norms)
    let hits =
      i32x4.bitmask(f32x4.ge(a, cuts)) | (i32x4.bitmask(f32x4.ge(b, cuts)) << 4) |
      (i32x4.bitmask(f32x4.ge(c, cuts)) << 8) | (i32x4.bitmask(f32x4.ge(d, cuts)) << 12)
    if (hits) {
      v128.store(scratch, a)
      v128.store(scratch, b, 16)
      v128.store(scratch, c, 32)
      v128.store(scratch, d, 48)
      while (hits) {
        const lane = <u32>ctz(hits)
        hits &= hits - 1
        store<u32>(found, (index << 4) + lane)
        store<f32>(found, load<f32>(scratch + ((<usize>lane) << 2)), 4)
        found += 8
      }
    }
    block = at
  }
  return <u32>((found - out) >> 3)
}

/** One pass of the rotation: every component times its weight, then a Hadamard transform of `size` (a power of two, 4 or more) from `from`. */
export function rotate(vector: usize, length: u32, weights: usize, from: u32, size: u32): void {
  for (let at: usize = 0, end = (<usize>length) << 2; at < end; at += 16) {
    v128.store(vector + at, f32x4.mul(v128.load(vector + at), v128.load(weights + at)))
  }
  const start = vector + ((<usize>from) << 2)
  const bytes = (<usize>size) << 2
  for (let at = start; at < start + bytes; at += 16) {
    const v = v128.load(at)
    // The second halves are subtracted as x + (-y), which is the same number.
    const swapped = v128.shuffle<i32>(v, v, 1, 0, 3, 2)
    const near = f32x4.add(swapped, v128.xor(v, i32x4(0, i32.MIN_VALUE, 0, i32.MIN_VALUE)))
    const crossed = v128.shuffle<i32>(near, near, 2, 3, 0, 1)
    v128.store(at, f32x4.add(crossed, v128.xor(near, i32x4(0, 0, i32.MIN_VALUE, i32.MIN_VALUE))))
  }
  for (let half: usize = 16; half < bytes; half <<= 1) {
    for (let group = start; group < start + bytes; group += half << 1) {
      for (let at = group; at < group + half; at += 16) {
        const x = v128.load(at)
        const y = v128.load(at + half)
        v128.store(at, f32x4.add(x, y))
        v128.store(at + half, f32x4.sub(x, y))
      }
    }
  }
}

/** Reads every byte and does next to nothing with it: the floor that a flat scan is measured against. @returns a check word */
export function stream(from: usize, bytes: usize): i32 {
  let a = i32x4.splat(0)
  let b = i32x4.splat(0)
  const end = from + bytes
  for (; from < end; from += 64) {
    a = v128.xor(a, v128.xor(v128.load(from), v128.load(from, 16)))
    b = v128.xor(b, v128.xor(v128.load(from, 32), v128.load(from, 48)))
  }
  return i32x4.extract_lane(v128.xor(a, b), 0)
}
