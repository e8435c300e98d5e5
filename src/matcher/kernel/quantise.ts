/** Turns a rotated vector into whole numbers of a scale. Float64 throughout, so that every build gives the same bits. */

/**
 * @param vector address of float32, a multiple of 4 of them
 * @param numberMax the largest component becomes this many scales
 * @param data where the i8 numbers go: 4 together, then `stride` bytes to the next 4
 * @param result where is written what became of it: f64 sum of squares of what is stored, f64 sum of squares of what was taken away,
 * f32 scale, i32 sum of the numbers
 */
export function quantise(vector: usize, length: u32, numberMax: f64, data: usize, stride: usize, result: usize): void {
  const end = vector + ((<usize>length) << 2)
  let largest: f32 = 0
  for (let at = vector; at < end; at += 4) largest = max<f32>(largest, abs<f32>(load<f32>(at)))
  const scale = <f32>(<f64>largest / numberMax)
  const inverse: f64 = scale > 0 ? 1.0 / <f64>scale : 0
  let squares: f64 = 0
  let errorSquares: f64 = 0
  let sum: i32 = 0
  for (let at = vector; at < end; at += 16) {
    for (let place: usize = 0; place < 4; place++) {
      const value = <f64>load<f32>(at + (place << 2))
      // Any whole number is right, since its error is measured; this one is the nearest or next to it.
      const number = max<f64>(-numberMax, min<f64>(numberMax, nearest<f64>(value * inverse)))
      const stored = number * <f64>scale
      const error = value - stored
      squares += stored * stored
      errorSquares += error * error
      sum += <i32>number
      store<i8>(data + place, <i8>number)
    }
    data += stride
  }
  store<f64>(result, squares)
  store<f64>(result, errorSquares, 8)
  store<f32>(result, scale, 16)
  store<i32>(result, sum, 20)
}
