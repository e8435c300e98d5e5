/**
 * Flat scan for machines without SIMD: the reference that simd.ts must equal bit for bit. The 16 running sums are the 16 lanes there;
 * they are written out because a local array would be memory, which the kernel does not own.
 */

/** Same meaning, parameters and answer as in simd.ts. */
export function scan(rows: usize, count: u32, stride: u32, query: usize, cut: f32, out: usize): u32 {
  const rowBytes: usize = (<usize>stride) << 2
  let found: u32 = 0
  for (let index: u32 = 0; index < count; index++) {
    let s0: f32 = 0
    let s1: f32 = 0
    let s2: f32 = 0
    let s3: f32 = 0
    let s4: f32 = 0
    let s5: f32 = 0
    let s6: f32 = 0
    let s7: f32 = 0
    let s8: f32 = 0
    let s9: f32 = 0
    let s10: f32 = 0
    let s11: f32 = 0
    let s12: f32 = 0
    let s13: f32 = 0
    let s14: f32 = 0
    let s15: f32 = 0
    for (let at: usize = 0; at < rowBytes; at += 64) {
      s0 += load<f32>(rows + at) * load<f32>(query + at)
      s1 += load<f32>(rows + at, 4) * load<f32>(query + at, 4)
      s2 += load<f32>(rows + at, 8) * load<f32>(query + at, 8)
      s3 += load<f32>(rows + at, 12) * load<f32>(query + at, 12)
      s4 += load<f32>(rows + at, 16) * load<f32>(query + at, 16)
      s5 += load<f32>(rows + at, 20) * load<f32>(query + at, 20)
      s6 += load<f32>(rows + at, 24) * load<f32>(query + at, 24)
      s7 += load<f32>(rows + at, 28) * load<f32>(query + at, 28)
      s8 += load<f32>(rows + at, 32) * load<f32>(query + at, 32)
      s9 += load<f32>(rows + at, 36) * load<f32>(query + at, 36)
      s10 += load<f32>(rows + at, 40) * load<f32>(query + at, 40)
      s11 += load<f32>(rows + at, 44) * load<f32>(query + at, 44)
      s12 += load<f32>(rows + at, 48) * load<f32>(query + at, 48)
      s13 += load<f32>(rows + at, 52) * load<f32>(query + at, 52)
      s14 += load<f32>(rows + at, 56) * load<f32>(query + at, 56)
      s15 += load<f32>(rows + at, 60) * load<f32>(query + at, 60)
    }
    const lane0: f32 = s0 + s4 + (s8 + s12)
    const lane1: f32 = s1 + s5 + (s9 + s13)
    const lane2: f32 = s2 + s6 + (s10 + s14)
    const lane3: f32 = s3 + s7 + (s11 + s15)
    const score: f32 = lane0 + lane1 + (lane2 + lane3)
    if (score >= cut) {
      store<u32>(out + ((<usize>found) << 3), index)
      store<f32>(out + ((<usize>found) << 3), score, 4)
      found++
    }
    rows += rowBytes
  }
  return found
}

/** Same meaning, parameters and answer as in simd.ts. */
export function stream(from: usize, bytes: usize): i32 {
  let word: i32 = 0
  const end = from + bytes
  for (; from < end; from += 16) word ^= load<i32>(from)
  return word
}
