/**
 * Sharpness: a substitute of our own for OFIQ's random forest, measured at a fixed size of the face. Its values compare only with
 * themselves.
 */

/**
 * Sharpness substitute S: variance of the Laplacian of the slightly blurred grey picture over the variance of the grey picture, in the mask.
 * Untouched photographs measure 0.028 to 0.074; a blur of 2 % of the eye distance 0.013, of 4 % 0.004.
 * @param pixels RGB bytes, side x side
 */
export function sharpnessOf(pixels: Uint8Array, mask: Uint8Array, side: number): number {
  const grey = new Float32Array(side * side)
  for (let index = 0; index < grey.length; index++)
    grey[index] = 0.299 * pixels[index * 3]! + 0.587 * pixels[index * 3 + 1]! + 0.114 * pixels[index * 3 + 2]!
  const smooth = smoothed(grey, side)
  const laplacian = new Spread()
  const plain = new Spread()
  for (let y = 2; y < side - 2; y++) {
    for (let x = 2; x < side - 2; x++) {
      const at = y * side + x
      if (mask[at] === 0) continue
      plain.add(grey[at]!)
      // Only where the whole neighbourhood is face: the edge of the mask is no edge of the picture.
      if (mask[at - 2] === 0 || mask[at + 2] === 0 || mask[at - 2 * side] === 0 || mask[at + 2 * side] === 0) continue
      laplacian.add(smooth[at - 1]! + smooth[at + 1]! + smooth[at - side]! + smooth[at + side]! - 4 * smooth[at]!)
    }
  }
  return plain.variance > 1e-6 ? laplacian.variance / plain.variance : 0
}

/** 3 x 3 Gaussian (1-2-1 in both directions); the border stays 0. */
function smoothed(grey: Float32Array, side: number): Float32Array {
  const rows = new Float32Array(grey.length)
  const result = new Float32Array(grey.length)
  for (let at = 1; at < grey.length - 1; at++) rows[at] = (grey[at - 1]! + 2 * grey[at]! + grey[at + 1]!) / 4
  for (let at = side; at < grey.length - side; at++) result[at] = (rows[at - side]! + 2 * rows[at]! + rows[at + side]!) / 4
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

/** Half the size, each pixel the mean of four. @param pixels RGB bytes, side x side */
export function halvedPixels(pixels: Uint8Array, side: number): Uint8Array {
  const half = side >> 1
  const result = new Uint8Array(half * half * 3)
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++)
      for (let channel = 0; channel < 3; channel++) {
        const from = (2 * y * side + 2 * x) * 3 + channel
        result[(y * half + x) * 3 + channel] =
          (pixels[from]! + pixels[from + 3]! + pixels[from + side * 3]! + pixels[from + side * 3 + 3]! + 2) >> 2
      }
  return result
}
