/**
 * Flat scan with 128-bit SIMD. A row is summed in 16 lanes: lane j takes the dimensions j, j + 16, j + 32, ... in that order, each
 * product rounded before it is added. Then the four vectors fold as (0 + 1) + (2 + 3), and the four lanes left as (0 + 1) + (2 + 3).
 * scalar.ts keeps the same order, so both give the same bits; docs/matcher-bound.md proves what that order may be off by.
 */

/**
 * @param rows address of the first row; rows lie one after another, each padded with zeros to a multiple of 16 float32
 * @param count rows to look at
 * @param stride float32 in a padded row
 * @param query address of the query, padded like a row
 * @param cut rows that score at or above it are written
 * @param out address of pairs (u32 index of the row, f32 score); room for count of them
 * @returns pairs written
 */
export function scan(rows: usize, count: u32, stride: u32, query: usize, cut: f32, out: usize): u32 {
  const rowBytes: usize = (<usize>stride) << 2
  let found: u32 = 0
  for (let index: u32 = 0; index < count; index++) {
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    for (let at: usize = 0; at < rowBytes; at += 64) {
      a = f32x4.add(a, f32x4.mul(v128.load(rows + at), v128.load(query + at)))
      b = f32x4.add(b, f32x4.mul(v128.load(rows + at, 16), v128.load(query + at, 16)))
      c = f32x4.add(c, f32x4.mul(v128.load(rows + at, 32), v128.load(query + at, 32)))
      d = f32x4.add(d, f32x4.mul(v128.load(rows + at, 48), v128.load(query + at, 48)))
    }
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d))
    const score =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
    if (score >= cut) {
      store<u32>(out + ((<usize>found) << 3), index)
      store<f32>(out + ((<usize>found) << 3), score, 4)
      found++
    }
    rows += rowBytes
  }
  return found
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
