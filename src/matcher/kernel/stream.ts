/** Reads every 64 bytes and does next to nothing with them: the floor that a flat scan is measured against. @returns a check word */
export function stream(from: usize, bytes: usize): i32 {
  const end = from + bytes
  if (ASC_FEATURE_SIMD) {
    let a = i32x4.splat(0)
    let b = i32x4.splat(0)
    for (; from < end; from += 64) {
      a = v128.xor(a, v128.xor(v128.load(from), v128.load(from, 16)))
      b = v128.xor(b, v128.xor(v128.load(from, 32), v128.load(from, 48)))
    }
    return i32x4.extract_lane(v128.xor(a, b), 0)
  } else {
    let word: i32 = 0
    for (; from < end; from += 16) word ^= load<i32>(from)
    return word
  }
}
