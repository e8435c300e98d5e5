/** One pass of the rotation. Every component passes the same roundings in the same order with and without SIMD. */

/** Every component times its weight, then a Hadamard transform of `size` (a power of two, 8 or more) from `from`. */
export function rotate(vector: usize, length: u32, weights: usize, from: u32, size: u32): void {
  const start = vector + ((<usize>from) << 2)
  const bytes = (<usize>size) << 2
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0, end = (<usize>length) << 2; at < end; at += 16) {
      v128.store(vector + at, f32x4.mul(v128.load(vector + at), v128.load(weights + at)))
    }
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
  } else {
    for (let at: usize = 0, end = (<usize>length) << 2; at < end; at += 4) {
      store<f32>(vector + at, load<f32>(vector + at) * load<f32>(weights + at))
    }
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
}
