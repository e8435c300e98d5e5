/** A ladder of lighting: the same picture darker, brighter and lit from one side, computed in linear light (IEC 61966-2-1). */

export interface LightStep {
  readonly name: string
  /** Factor of the light at the left and at the right edge, evenly in stops between them. */
  readonly left: number
  readonly right: number
}

export const lightLadder: readonly LightStep[] = [
  { name: '3 stops darker', left: 1 / 8, right: 1 / 8 },
  { name: '2 stops darker', left: 1 / 4, right: 1 / 4 },
  { name: '1 stop darker', left: 1 / 2, right: 1 / 2 },
  { name: '1 stop brighter', left: 2, right: 2 },
  { name: '2 stops brighter', left: 4, right: 4 },
  { name: 'from the left (3 stops)', left: 1, right: 1 / 8 },
  { name: 'from the right (3 stops)', left: 1 / 8, right: 1 },
]

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const fromLinear = (value: number) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)

const linear = Float64Array.from({ length: 256 }, (_, value) => toLinear(value / 255))
/** sRGB values of linear ones in 4,096 steps: finer than 8 bits everywhere but in the deepest shadow, where it errs by half a step. */
const steps = 4096
const encoded = Uint8Array.from({ length: steps + 1 }, (_, value) => Math.round(255 * fromLinear(value / steps)))

/** What each 8-bit value becomes in so much light; what is too bright is cut off, as a camera does. */
function litValues(factor: number): Uint8Array {
  return Uint8Array.from(linear, (value) => encoded[Math.round(Math.min(1, value * factor) * steps)]!)
}

/**
 * The pixels in another light.
 * @param data interleaved sRGB, 8 bits
 * @returns new pixels
 */
export function lit(data: Uint8Array, width: number, { left, right }: LightStep): Uint8Array {
  const result = new Uint8Array(data.length)
  if (left === right) {
    const values = litValues(left)
    for (let at = 0; at < data.length; at++) result[at] = values[data[at]!]!
    return result
  }
  for (let x = 0; x < width; x++) {
    const values = litValues(left * (right / left) ** (x / Math.max(1, width - 1)))
    for (let at = 3 * x; at < data.length; at += 3 * width) {
      result[at] = values[data[at]!]!
      result[at + 1] = values[data[at + 1]!]!
      result[at + 2] = values[data[at + 2]!]!
    }
  }
  return result
}
