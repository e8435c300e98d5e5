/**
 * Sharpness: a substitute of our own for OFIQ's random forest, measured at a fixed size of the face. Its values compare only with
 * themselves.
 */
import type { Box } from '../../contract/types.ts'
import { maskBounds } from '../geometry.ts'

/**
 * Sharpness substitute S: variance of the Laplacian of the slightly blurred grey picture over the variance of the grey picture, in the mask.
 * Untouched photographs measure 0.028 to 0.074; a blur of 2 % of the eye distance 0.013, of 4 % 0.004.
 * @param pixels RGB bytes, side x side
 */
export function sharpnessOf(pixels: Uint8Array, mask: Uint8Array, side: number): number {
  const part = maskBounds(mask, side, 0)
  const { width, height } = part
  const grey = greyOf(pixels, side, part)
  const smooth = smoothed(grey, width)
  const laplacian = new Spread()
  const plain = new Spread()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = [part.x + x, part.y + y]
      const inMask = row * side + column
      if (mask[inMask] === 0 || column < 2 || row < 2 || column >= side - 2 || row >= side - 2) continue
      const at = y * width + x
      plain.add(grey[at]!)
      // Only where the whole neighbourhood is face: the edge of the mask is no edge of the picture.
      if (mask[inMask - 2] === 0 || mask[inMask + 2] === 0 || mask[inMask - 2 * side] === 0 || mask[inMask + 2 * side] === 0) continue
      laplacian.add(smooth[at - 1]! + smooth[at + 1]! + smooth[at - width]! + smooth[at + width]! - 4 * smooth[at]!)
    }
  }
  grey.fill(0)
  return plain.variance > 1e-6 ? laplacian.variance / plain.variance : 0
}

/** A part of the pixels as grey. */
function greyOf(pixels: Uint8Array, side: number, part: Box): Float32Array {
  const grey = new Float32Array(part.width * part.height)
  for (let y = 0, at = 0; y < part.height; y++) {
    let from = ((part.y + y) * side + part.x) * 3
    for (let x = 0; x < part.width; x++, at++, from += 3)
      grey[at] = 0.299 * pixels[from]! + 0.587 * pixels[from + 1]! + 0.114 * pixels[from + 2]!
  }
  return grey
}

/** 3 x 3 Gaussian (1-2-1 in both directions); the outer pixels of the part are not looked at. */
function smoothed(grey: Float32Array, width: number): Float32Array {
  const rows = new Float32Array(grey.length)
  const result = new Float32Array(grey.length)
  for (let at = 1; at < grey.length - 1; at++) rows[at] = (grey[at - 1]! + 2 * grey[at]! + grey[at + 1]!) / 4
  for (let at = width; at < grey.length - width; at++) result[at] = (rows[at - width]! + 2 * rows[at]! + rows[at + width]!) / 4
  return result
}

class Spread {
  #count = 0
  #sum = 0
  #squares = 0

  add(value: number): void {
    this.#count++
    this.#sum += value
    this.#squares += value * value
  }

  get variance(): number {
    return this.#count === 0 ? 0 : Math.max(0, this.#squares / this.#count - (this.#sum / this.#count) ** 2)
  }
}

/**
 * Half the size, each pixel the mean of four.
 * @param pixels RGB bytes, side x side
 * @param part of the result that is wanted; the rest stays black
 */
export function halvedPixels(pixels: Uint8Array, side: number, part: Box): Uint8Array {
  const half = side >> 1
  const result = new Uint8Array(half * half * 3)
  const rowBytes = side * 3
  for (let y = part.y; y < part.y + part.height; y++) {
    let from = (2 * y * side + 2 * part.x) * 3
    let at = (y * half + part.x) * 3
    for (const end = at + part.width * 3; at < end; at += 3, from += 6) {
      const below = from + rowBytes
      result[at] = (pixels[from]! + pixels[from + 3]! + pixels[below]! + pixels[below + 3]! + 2) >> 2
      result[at + 1] = (pixels[from + 1]! + pixels[from + 4]! + pixels[below + 1]! + pixels[below + 4]! + 2) >> 2
      result[at + 2] = (pixels[from + 2]! + pixels[from + 5]! + pixels[below + 2]! + pixels[below + 5]! + 2) >> 2
    }
  }
  return result
}
