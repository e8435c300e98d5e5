/** Components of luminance: linear light over a mask, in 256 steps, as OFIQ takes it. */

/** sRGB byte to linear light, 0 to 1. */
const linearLight = Float32Array.from({ length: 256 }, (_, byte) => linearOf(byte / 255))

/** Encoded sRGB, 0 to 1, to linear light. */
export function linearOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

const weighted = (weight: number) => Float64Array.from(linearLight, (light) => weight * light)
const [redLight, greenLight, blueLight] = [weighted(0.2126), weighted(0.7152), weighted(0.0722)]

/** Luminance 0 to 255 of one pixel of RGB bytes. */
export function luminanceAt(pixels: Uint8Array, pixel: number): number {
  const at = pixel * 3
  const light = redLight[pixels[at]!]! + greenLight[pixels[at + 1]!]! + blueLight[pixels[at + 2]!]!
  return Math.floor(255 * light + 0.5)
}

/** Shares of the 256 luminances over the mask; all 0 where it is empty. @param pixels RGB bytes, three for each byte of the mask */
export function luminanceHistogram(pixels: Uint8Array, mask: Uint8Array): Float64Array {
  const shares = new Float64Array(256)
  let inside = 0
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] === 0) continue
    const luminance = luminanceAt(pixels, pixel)
    shares[luminance] = shares[luminance]! + 1
    inside++
  }
  return inside === 0 ? shares : shares.map((count) => count / inside)
}

export interface LuminanceMeasures {
  readonly luminanceMean: number
  readonly luminanceVariance: number
  /** Entropy, bits. */
  readonly dynamicRange: number
  /** Share of luminance 0 to 25. */
  readonly underExposure: number
  /** Share of luminance 247 to 255. */
  readonly overExposure: number
}

export function luminanceMeasures(shares: Float64Array): LuminanceMeasures {
  let [mean, entropy, under, over] = [0, 0, 0, 0]
  for (const [value, share] of shares.entries()) {
    mean += (share * value) / 255
    if (share > 0) entropy -= share * Math.log2(share)
    if (value <= 25) under += share
    if (value >= 247) over += share
  }
  let variance = 0
  for (const [value, share] of shares.entries()) variance += share * (value / 255 - mean) ** 2
  const share = (value: number) => Math.min(1, value)
  return {
    luminanceMean: mean,
    luminanceVariance: variance,
    dynamicRange: Math.abs(entropy),
    underExposure: share(under),
    overExposure: share(over),
  }
}
