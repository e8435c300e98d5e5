/** Turns templates into rows. Float64 where lengths are measured, so that every build gives the same bits. */
import { bottomHeader, errorPackedAt, scaleAt, topHeader } from './layout'
import { rotate } from './rotate'

/**
 * Leaves the rotated residual of a template from the mean at `vector`.
 * @param template, mean addresses of `dimension` f32 and f64
 * @param padded dimensions with zeros added, a multiple of 8
 * @param weights passes x padded f32, followed by passes x u32: where each pass starts its transform of `size`
 * @returns the float64 dot product of mean and residual
 */
export function turn(template: usize, mean: usize, dimension: u32, padded: u32, vector: usize, weights: usize, passes: u32, size: u32): f64 {
  let meanScore: f64 = 0
  for (let index: usize = 0; index < <usize>dimension; index++) {
    const centre = load<f64>(mean + (index << 3))
    const residual = <f32>(<f64>load<f32>(template + (index << 2)) - centre)
    store<f32>(vector + (index << 2), residual)
    meanScore += centre * <f64>residual
  }
  for (let index = dimension; index < padded; index++) store<f32>(vector + ((<usize>index) << 2), 0)
  const starts = weights + (((<usize>passes) * (<usize>padded)) << 2)
  for (let pass: u32 = 0; pass < passes; pass++) {
    rotate(vector, padded, weights + (((<usize>pass) * (<usize>padded)) << 2), load<u32>(starts + ((<usize>pass) << 2)), size)
  }
  return meanScore
}

/** The smallest f32 that is not below a number of 0 or more. */
function up(value: f64): f32 {
  const near = <f32>value
  return <f64>near >= value ? near : reinterpret<f32>(reinterpret<u32>(near) + 1)
}

/** Lengths are measured in float64; this covers what that rounds away. */
// @ts-ignore: decorator
@inline
function lengthUp(squares: f64): f32 {
  return up(sqrt<f64>(squares) * 1.000000001)
}

/**
 * Writes the vector that `turn` left into a lane of a block, all but its bias.
 * @param top, bottom addresses of the lane's first 4 bytes in its blocks
 * @returns the longer of the row's two stored forms, rounded up
 */
export function write(vector: usize, padded: u32, top: usize, bottom: usize): f32 {
  const end = vector + ((<usize>padded) << 2)
  let largest: f32 = 0
  for (let at = vector; at < end; at += 4) largest = max<f32>(largest, abs<f32>(load<f32>(at)))
  const scale = <f32>(<f64>largest / 127.5)
  const inverse: f64 = scale > 0 ? 1.0 / <f64>scale : 0
  let squaresPacked: f64 = 0, squares: f64 = 0, errorPacked: f64 = 0, error: f64 = 0
  let high = top + topHeader
  let low = bottom + bottomHeader
  for (let at = vector; at < end; at += 32) {
    let highs: u32 = 0
    let lows: u32 = 0
    for (let place: u32 = 0; place < 8; place++) {
      const value = <f64>load<f32>(at + ((<usize>place) << 2))
      // Any whole number is right, since its error is measured; this one is the nearest or next to it.
      const number = max<f64>(0, min<f64>(255, floor<f64>(value * inverse + 128)))
      const code = <u32>number
      const stored = (number - 127.5) * <f64>scale
      const storedPacked = (<f64>(code & 0xf0) - 120) * <f64>scale
      squares += stored * stored
      squaresPacked += storedPacked * storedPacked
      error += (value - stored) * (value - stored)
      errorPacked += (value - storedPacked) * (value - storedPacked)
      const shift = ((place & 3) << 3) + (place & 4)
      highs |= (code >> 4) << shift
      lows |= (code & 15) << shift
    }
    store<u32>(high, highs)
    store<u32>(low, lows)
    high += 64
    low += 64
  }
  store<f32>(top + errorPackedAt, lengthUp(errorPacked))
  store<f32>(top + scaleAt, scale)
  store<f32>(bottom, lengthUp(error))
  return max<f32>(lengthUp(squaresPacked), lengthUp(squares))
}

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
