/** Pictures as plain bytes, and fast ways to look at a turned, scaled part of them. */
import type { Box } from '../contract/types.ts'
import { type AffineMap, composeMaps } from '../core/geometry.ts'

/** Interleaved sRGB, 8 bits, rows from top to bottom. */
export interface RgbPixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** How a network wants its pixels: (value - mean[channel]) * scale[channel], planes in this order. */
export interface TensorInput {
  readonly width: number
  readonly height: number
  readonly channels: 'RGB' | 'BGR'
  readonly mean: readonly [number, number, number]
  readonly scale: readonly [number, number, number]
}

/** A bilinear look takes 2 x 2 pixels, so that shrinking by more than this skips pixels: a halved picture is looked at instead. */
const shrinkMax = 2
const sideMin = 32
/** Rows that are looked at before they become bytes. */
const stripRows = 16

/** A picture and its halves, made when they are first looked at. */
export class PixelPyramid {
  readonly width: number
  readonly height: number
  readonly #levels: RgbPixels[]

  constructor(pixels: RgbPixels) {
    this.width = pixels.width
    this.height = pixels.height
    this.#levels = [pixels]
  }

  get pixels(): RgbPixels {
    return this.#levels[0]!
  }

  /** The level to look at through a map, and the map onto that level. */
  levelFor(map: AffineMap): { pixels: RgbPixels; map: AffineMap } {
    let level = 0
    let pixels = this.pixels
    let factorX = 1
    let factorY = 1
    const shrink = Math.hypot(map[0], map[3])
    while (shrink * Math.min(factorX, factorY) > shrinkMax && pixels.width > sideMin && pixels.height > sideMin) {
      level++
      this.#levels[level] ??= halved(pixels)
      pixels = this.#levels[level]!
      // Halving drops an odd last row or column; coordinates scale by 2 exactly.
      factorX /= 2
      factorY /= 2
    }
    const [a, b, c, d, e, f] = map
    return { pixels, map: [a * factorX, b * factorX, c * factorX, d * factorY, e * factorY, f * factorY] }
  }

  /** Overwrites every level: a face is not left in freed memory. */
  wipe(): void {
    for (const level of this.#levels) level.data.fill(0)
  }
}

/** Half the size, each pixel the mean of four. */
export function halved(pixels: RgbPixels): RgbPixels {
  const width = pixels.width >> 1
  const height = pixels.height >> 1
  const source = pixels.data
  const rowBytes = pixels.width * 3
  const data = new Uint8Array(width * height * 3)
  let at = 0
  for (let y = 0; y < height; y++) {
    let from = 2 * y * rowBytes
    for (let x = 0; x < width; x++) {
      const below = from + rowBytes
      data[at] = (source[from]! + source[from + 3]! + source[below]! + source[below + 3]! + 2) >> 2
      data[at + 1] = (source[from + 1]! + source[from + 4]! + source[below + 1]! + source[below + 4]! + 2) >> 2
      data[at + 2] = (source[from + 2]! + source[from + 5]! + source[below + 2]! + source[below + 5]! + 2) >> 2
      at += 3
      from += 6
    }
  }
  return { width, height, data }
}

/** Where the numbers of a look go: the step from pixel to pixel and from row to row, the place of each channel, and what becomes of a value. */
interface Layout {
  readonly pixelStep: number
  readonly rowStep: number
  readonly channelAt: readonly [number, number, number]
  readonly mean: readonly [number, number, number]
  readonly scale: readonly [number, number, number]
}

const interleaved = (width: number): Layout => ({
  pixelStep: 3,
  rowStep: 3 * width,
  channelAt: [0, 1, 2],
  mean: [0, 0, 0],
  scale: [1, 1, 1],
})

/**
 * Looks at a picture through an affine map, bilinear, and writes (value - mean) * scale; pixels outside are left as they are.
 * The pixels that have all four neighbours, nearly all, go the short way, written out channel by channel: this loop is most of what JavaScript does
 * with a picture.
 * @param rows of the result; the first of them goes to the beginning of the target
 */
function look(
  pyramid: PixelPyramid,
  map: AffineMap,
  width: number,
  rows: { readonly from: number; readonly to: number },
  target: Float32Array,
  layout: Layout,
): void {
  const level = pyramid.levelFor(map)
  const { data: source, width: sourceWidth, height: sourceHeight } = level.pixels
  const [a, b, c, d, e, f] = level.map
  const rowBytes = sourceWidth * 3
  const lastX = sourceWidth - 1
  const lastY = sourceHeight - 1
  const { pixelStep, rowStep, channelAt, mean, scale } = layout
  const [red, green, blue] = channelAt
  const [redMean, greenMean, blueMean] = mean
  const [redScale, greenScale, blueScale] = scale
  for (let y = rows.from; y < rows.to; y++) {
    let pixel = (y - rows.from) * rowStep
    // Pixel centres lie at halves on both sides.
    let sourceX = a * 0.5 + b * (y + 0.5) + c - 0.5
    let sourceY = d * 0.5 + e * (y + 0.5) + f - 0.5
    for (let x = 0; x < width; x++, pixel += pixelStep, sourceX += a, sourceY += d) {
      if (sourceX >= 0 && sourceY >= 0 && sourceX < lastX && sourceY < lastY) {
        // Whole numbers from here on: the engine computes with them as such.
        const left = sourceX | 0
        const top = sourceY | 0
        const right = sourceX - left
        const down = sourceY - top
        const p = (1 - right) * (1 - down)
        const q = right * (1 - down)
        const r = (1 - right) * down
        const s = right * down
        const from = (Math.imul(top, rowBytes) + Math.imul(left, 3)) | 0
        const below = (from + rowBytes) | 0
        const redValue = p * source[from]! + q * source[from + 3]! + r * source[below]! + s * source[below + 3]!
        const greenValue = p * source[from + 1]! + q * source[from + 4]! + r * source[below + 1]! + s * source[below + 4]!
        const blueValue = p * source[from + 2]! + q * source[from + 5]! + r * source[below + 2]! + s * source[below + 5]!
        target[pixel + red] = (redValue - redMean) * redScale
        target[pixel + green] = (greenValue - greenMean) * greenScale
        target[pixel + blue] = (blueValue - blueMean) * blueScale
        continue
      }
      if (!(sourceX > -1 && sourceY > -1 && sourceX < sourceWidth && sourceY < sourceHeight)) continue
      const left = Math.floor(sourceX)
      const top = Math.floor(sourceY)
      const right = sourceX - left
      const down = sourceY - top
      const p = (1 - right) * (1 - down)
      const q = right * (1 - down)
      const r = (1 - right) * down
      const s = right * down
      let from = top * rowBytes + left * 3
      const leftIn = left >= 0
      const rightIn = left < lastX
      const topIn = top >= 0
      const bottomIn = top < lastY
      for (let channel = 0; channel < 3; channel++, from++) {
        let value = 0
        if (leftIn && topIn) value += p * source[from]!
        if (rightIn && topIn) value += q * source[from + 3]!
        if (leftIn && bottomIn) value += r * source[from + rowBytes]!
        if (rightIn && bottomIn) value += s * source[from + rowBytes + 3]!
        target[pixel + channelAt[channel]!] = (value - mean[channel]!) * scale[channel]!
      }
    }
  }
}

/**
 * Looks at a picture through an affine map, bilinear; outside the picture is black.
 * @param map from points of the result to points of the picture (core/geometry coordinates)
 * @returns interleaved RGB, 0 to 255
 */
export function warp(pyramid: PixelPyramid, map: AffineMap, width: number, height: number): Float32Array {
  const result = new Float32Array(width * height * 3)
  look(pyramid, map, width, { from: 0, to: height }, result, interleaved(width))
  return result
}

/** The same as the input of a network: what warp and writeTensor give, without the numbers between. */
export function warpTensor(pyramid: PixelPyramid, map: AffineMap, input: TensorInput): Float32Array<ArrayBuffer> {
  const area = input.width * input.height
  const values = new Float32Array(3 * area)
  const planeOf = input.channels === 'RGB' ? [0, 1, 2] : [2, 1, 0]
  const of = (values: readonly number[]) => planeOf.map((plane) => values[plane]!) as [number, number, number]
  // Black outside of the picture.
  for (let plane = 0; plane < 3; plane++) values.fill((0 - input.mean[plane]!) * input.scale[plane]!, plane * area, (plane + 1) * area)
  look(pyramid, map, input.width, { from: 0, to: input.height }, values, {
    pixelStep: 1,
    rowStep: input.width,
    channelAt: of([0, area, 2 * area]),
    mean: of(input.mean),
    scale: of(input.scale),
  })
  return values
}

/**
 * The same as bytes, for pictures that are measured or shown.
 * @param part the whole pixels of the result that are wanted; the others stay black
 */
export function warpBytes(
  pyramid: PixelPyramid,
  map: AffineMap,
  width: number,
  height: number,
  part: Box = { x: 0, y: 0, width, height },
): Uint8Array {
  const partMap = composeMaps([1, 0, part.x, 0, 1, part.y], map)
  const layout = interleaved(part.width)
  const bytes = new Uint8Array(width * height * 3)
  // Some rows at a time: their numbers stay near the processor, and no picture of numbers stands beside the one of bytes.
  const strip = new Float32Array(stripRows * layout.rowStep)
  for (let from = 0; from < part.height; from += stripRows) {
    const to = Math.min(part.height, from + stripRows)
    strip.fill(0)
    look(pyramid, partMap, part.width, { from, to }, strip, layout)
    for (let y = from; y < to; y++) {
      let at = ((part.y + y) * width + part.x) * 3
      const end = (y - from + 1) * layout.rowStep
      for (let value = end - layout.rowStep; value < end; value++) bytes[at++] = strip[value]! + 0.5
    }
  }
  strip.fill(0)
  return bytes
}

/**
 * Writes interleaved RGB as the planes of a network input.
 * @param target receives 3 * width * height numbers from `offset`
 * @param mirrored swaps left and right
 */
export function writeTensor(rgb: Float32Array, input: TensorInput, target: Float32Array, offset: number, mirrored: boolean): void {
  const { width, height } = input
  const area = width * height
  for (let plane = 0; plane < 3; plane++) {
    const channel = input.channels === 'RGB' ? plane : 2 - plane
    const mean = input.mean[plane]!
    const scale = input.scale[plane]!
    let at = offset + plane * area
    for (let y = 0; y < height; y++) {
      let from = (y * width + (mirrored ? width - 1 : 0)) * 3 + channel
      const step = mirrored ? -3 : 3
      for (let x = 0; x < width; x++, from += step) target[at++] = (rgb[from]! - mean) * scale
    }
  }
}

/** Turns and mirrors pixels as an EXIF orientation of 1 to 8 says, so that the picture stands upright. */
export function oriented(pixels: RgbPixels, orientation: number): RgbPixels {
  if (orientation < 2 || orientation > 8) return pixels
  const { width, height, data } = pixels
  const turned = orientation >= 5
  const [newWidth, newHeight] = turned ? [height, width] : [width, height]
  // Which way the old column and row run along the new ones (EXIF 2.3, tag 274).
  const flipX = [2, 3, 7, 8].includes(orientation)
  const flipY = [3, 4, 6, 7].includes(orientation)
  const result = new Uint8Array(data.length)
  let at = 0
  for (let y = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++, at += 3) {
      const [u, v] = turned ? [y, x] : [x, y]
      const from = ((flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u)) * 3
      result[at] = data[from]!
      result[at + 1] = data[from + 1]!
      result[at + 2] = data[from + 2]!
    }
  }
  return { width: newWidth, height: newHeight, data: result }
}
