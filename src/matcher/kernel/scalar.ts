/** The inner loops for machines without SIMD: the plain reference that simd.ts must equal bit for bit. Its comments hold here too. */

export { quantise } from './quantise'

const header: usize = 320

/** Same meaning, parameters and answer as in simd.ts. */
export function scan(
  block: usize, blocks: u32, words: u32, query: usize,
  queryScale: f32, queryError: f32, queryNorm: f32, cut: f32, out: usize, scratch: usize,
): u32 {
  const dataBytes = (<usize>words) << 6
  let found: usize = out
  for (let index: u32 = 0; index < blocks; index++) {
    for (let lane: usize = 0; lane < 64; lane += 4) {
      let sum = load<i32>(block + lane)
      let word = query
      for (let at = block + header + lane, end = at + dataBytes; at < end; at += 64) {
        sum +=
          (<i32>load<i8>(at)) * (<i32>load<u8>(word)) + (<i32>load<i8>(at, 1)) * (<i32>load<u8>(word, 1)) +
          (<i32>load<i8>(at, 2)) * (<i32>load<u8>(word, 2)) + (<i32>load<i8>(at, 3)) * (<i32>load<u8>(word, 3))
        word += 4
      }
      const at = block + lane
      const product: f32 = (<f32>sum) * (load<f32>(at, 64) * queryScale)
      const error: f32 = load<f32>(at, 192) * queryError + load<f32>(at, 256) * queryNorm
      const upper: f32 = product + load<f32>(at, 128) + error
      if (upper >= cut) {
        store<u32>(found, (index << 4) + <u32>(lane >> 2))
        store<f32>(found, upper, 4)
        found += 8
      }
    }
    block += header + dataBytes
  }
  return <u32>((found - out) >> 3)
}

/** Same meaning and parameters as in simd.ts. */
export function rotate(vector: usize, length: u32, weights: usize, from: u32, size: u32): void {
  for (let at: usize = 0, end = (<usize>length) << 2; at < end; at += 4) {
    store<f32>(vector + at, load<f32>(vector + at) * load<f32>(weights + at))
  }
  const start = vector + ((<usize>from) << 2)
  const bytes = (<usize>size) << 2
  for (let half: usize = 4; half < bytes; half <<= 1) {
    for (let group = start; group < start + bytes; group += half << 1) {
      for (let at = group; at < group + half; at += 4) {
        const x = load<f32>(at)
        const y = load<f32>(at + half)
        store<f32>(at, x + y)
        store<f32>(at + half, x - y)
      }
    }
  }
}

/** Same meaning, parameters and answer as in simd.ts. */
export function stream(from: usize, bytes: usize): i32 {
  let word: i32 = 0
  const end = from + bytes
  for (; from < end; from += 16) word ^= load<i32>(from)
  return word
}
