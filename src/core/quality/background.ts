/**
 * Uniformity of the background: mean gradient of luminance beside the head. OFIQ parses the picture for it; here everything outside an
 * ellipse around the head is background, so that long hair leaks in.
 */
import { type AffineMap, applyMap } from '../geometry.ts'
import { alignedSidePx } from './alignment.ts'
import { luminanceAt } from './luminance.ts'

/** The part of the aligned picture that is looked at, and the size it is brought to. */
const part = { x: 62, y: 0, width: 492, height: 406 } as const
const [width, height] = [354, 292] as const
/** The ellipse around the head, aligned pixels. */
const head = { x: 308, y: 272, radiusX: 190, radiusY: 250 } as const
const erosion = 4

/** The luminance of the part, scaled bilinearly as colours. */
function partLuminance(aligned: Uint8Array): Float32Array {
  const pixels = new Uint8Array(width * height * 3)
  const [stepX, stepY] = [part.width / width, part.height / height]
  const row = alignedSidePx * 3
  let to = 0
  for (let y = 0; y < height; y++) {
    const placeY = Math.min(part.height - 1.001, Math.max(0, (y + 0.5) * stepY - 0.5))
    const [top, down] = [Math.floor(placeY), placeY - Math.floor(placeY)]
    for (let x = 0; x < width; x++) {
      const placeX = Math.min(part.width - 1.001, Math.max(0, (x + 0.5) * stepX - 0.5))
      const [left, right] = [Math.floor(placeX), placeX - Math.floor(placeX)]
      let from = (top + part.y) * row + (left + part.x) * 3
      for (let channel = 0; channel < 3; channel++, from++)
        pixels[to++] =
          (1 - down) * ((1 - right) * aligned[from]! + right * aligned[from + 3]!) +
          down * ((1 - right) * aligned[from + row]! + right * aligned[from + row + 3]!) +
          0.5
    }
  }
  return Float32Array.from({ length: width * height }, (_, pixel) => luminanceAt(pixels, pixel))
}

/** Pixels outside the ellipse and inside the picture, 1 each. @param toPicture maps aligned pixels onto the picture */
function backgroundMask(toPicture: AffineMap, picture: { width: number; height: number }): Uint8Array {
  const mask = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const y = part.y + ((row + 0.5) * part.height) / height
    for (let column = 0; column < width; column++) {
      const x = part.x + ((column + 0.5) * part.width) / width
      if (((x - head.x) / head.radiusX) ** 2 + ((y - head.y) / head.radiusY) ** 2 <= 1) continue
      const [px, py] = applyMap(toPicture, [x, y])
      if (px >= 0 && py >= 0 && px < picture.width && py < picture.height) mask[row * width + column] = 1
    }
  }
  return mask
}

/** Leaves only pixels whose 4 x 4 neighbourhood is all background; at the edge of the mask there is none to look at, and it stays. */
function eroded(mask: Uint8Array): Uint8Array {
  const result = new Uint8Array(mask.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let all = 1
      for (let dy = -2; dy < erosion - 2 && all === 1; dy++)
        for (let dx = -2; dx < erosion - 2; dx++) {
          const [row, column] = [y + dy, x + dx]
          if (row < 0 || column < 0 || row >= height || column >= width) continue
          if (mask[row * width + column] === 0) {
            all = 0
            break
          }
        }
      result[y * width + x] = all
    }
  return result
}

/**
 * Mean Scharr gradient of luminance over the background; smaller is plainer.
 * @param aligned RGB bytes of the aligned picture, alignedSidePx squared
 * @returns undefined where no background is seen
 */
export function backgroundUniformity(
  aligned: Uint8Array,
  toPicture: AffineMap,
  picture: { width: number; height: number },
): number | undefined {
  const mask = eroded(backgroundMask(toPicture, picture))
  const light = partLuminance(aligned)
  let [sum, count] = [0, 0]
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      if (mask[at] === 0) continue
      const value = (dy: number, dx: number) => light[at + dy * width + dx]!
      const across = 3 * (value(-1, 1) - value(-1, -1)) + 10 * (value(0, 1) - value(0, -1)) + 3 * (value(1, 1) - value(1, -1))
      const down = 3 * (value(1, -1) - value(-1, -1)) + 10 * (value(1, 0) - value(-1, 0)) + 3 * (value(1, 1) - value(-1, 1))
      sum += Math.hypot(across, down)
      count++
    }
  return count === 0 ? undefined : sum / count
}
