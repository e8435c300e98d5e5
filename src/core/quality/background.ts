/**
 * Uniformity of the background: mean gradient of luminance beside the head. OFIQ parses the picture for it; here everything outside an
 * ellipse around the head is background, so that long hair leaks in.
 */
import type { AffineMap } from '../geometry.ts'
import { alignedSidePx } from './alignment.ts'
import { luminanceAt } from './luminance.ts'

/** The part of the aligned picture that is looked at, and the size it is brought to. */
export const backgroundPart = { x: 62, y: 0, width: 492, height: 406 } as const
const [width, height] = [354, 292] as const
const part = backgroundPart
/** The ellipse around the head, aligned pixels. */
const head = { x: 308, y: 272, radiusX: 190, radiusY: 250 } as const

/** Places between which a scaled pixel lies: the first of two neighbours and the share of the second. */
function places(length: number, from: number): { readonly first: Int32Array; readonly share: Float32Array } {
  const at = Array.from({ length }, (_, index) => Math.min(from - 1.001, Math.max(0, ((index + 0.5) * from) / length - 0.5)))
  return { first: Int32Array.from(at, Math.floor), share: Float32Array.from(at, (place) => place - Math.floor(place)) }
}
const columns = places(width, part.width)
const rows = places(height, part.height)

/** The luminance of the part beside the head, scaled bilinearly as colours; where the head is it stays 0. */
function partLuminance(aligned: Uint8Array): Float32Array {
  const rowBytes = alignedSidePx * 3
  const pixel = new Uint8Array(3)
  const result = new Float32Array(width * height)
  let to = 0
  for (let y = 0; y < height; y++) {
    const top = (rows.first[y]! + part.y) * rowBytes + part.x * 3
    const down = rows.share[y]!
    for (let x = 0; x < width; x++, to++) {
      if (beside[to] === 0) continue
      const right = columns.share[x]!
      const from = top + columns.first[x]! * 3
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel
        const above = aligned[at]! + right * (aligned[at + 3]! - aligned[at]!)
        const below = aligned[at + rowBytes]! + right * (aligned[at + rowBytes + 3]! - aligned[at + rowBytes]!)
        pixel[channel] = above + down * (below - above) + 0.5
      }
      result[to] = luminanceAt(pixel, 0)
    }
  }
  return result
}

/** Pixels outside the ellipse, 1 each; they are the same for every face. */
const outsideHead = Uint8Array.from({ length: width * height }, (_, pixel) => {
  const x = part.x + (((pixel % width) + 0.5) * part.width) / width
  const y = part.y + ((Math.floor(pixel / width) + 0.5) * part.height) / height
  return ((x - head.x) / head.radiusX) ** 2 + ((y - head.y) / head.radiusY) ** 2 > 1 ? 1 : 0
})

/** Background where all of the part lies in the picture. */
const wholeBackground = eroded(outsideHead)

/** Pixels of which a gradient of the background is made: it and its neighbours. */
const beside = new Uint8Array(width * height)
for (const [at, marked] of wholeBackground.entries())
  if (marked === 1) for (const row of [-width, 0, width]) beside.fill(1, Math.max(0, at + row - 1), Math.max(0, at + row + 2))

/** Whether the whole part lies in the picture: a map without bends keeps what lies between its corners between them. */
function isInside([a, b, c, d, e, f]: AffineMap, picture: { width: number; height: number }): boolean {
  return [
    [part.x, part.y],
    [part.x + part.width, part.y],
    [part.x, part.y + part.height],
    [part.x + part.width, part.y + part.height],
  ].every(([x, y]) => {
    const [px, py] = [a * x! + b * y! + c, d * x! + e * y! + f]
    return px >= 0 && py >= 0 && px < picture.width && py < picture.height
  })
}

/** Pixels outside the ellipse and inside the picture, 1 each. @param toPicture maps aligned pixels onto the picture */
function backgroundMask([a, b, c, d, e, f]: AffineMap, picture: { width: number; height: number }): Uint8Array {
  const mask = new Uint8Array(width * height)
  for (let row = 0, at = 0; row < height; row++) {
    const y = part.y + ((row + 0.5) * part.height) / height
    for (let column = 0; column < width; column++, at++) {
      if (outsideHead[at] === 0) continue
      const x = part.x + ((column + 0.5) * part.width) / width
      const [px, py] = [a * x + b * y + c, d * x + e * y + f]
      if (px >= 0 && py >= 0 && px < picture.width && py < picture.height) mask[at] = 1
    }
  }
  return mask
}

/** Leaves only pixels whose 4 x 4 neighbourhood is all background; beyond the edge of the mask there is none to look at. */
function eroded(mask: Uint8Array): Uint8Array {
  return erodedAlong(erodedAlong(mask, 1, width), width, height)
}

/** One direction of the erosion: two pixels before, the pixel, one after. @param length pixels in the direction */
function erodedAlong(mask: Uint8Array, step: number, length: number): Uint8Array {
  const result = new Uint8Array(mask.length)
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue
    const place = step === 1 ? at % length : Math.floor(at / step)
    const before = place < 1 || mask[at - step] === 1
    const twoBefore = place < 2 || mask[at - 2 * step] === 1
    const after = place + 1 >= length || mask[at + step] === 1
    if (before && twoBefore && after) result[at] = 1
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
  const mask = isInside(toPicture, picture) ? wholeBackground : eroded(backgroundMask(toPicture, picture))
  const light = partLuminance(aligned)
  let [sum, count] = [0, 0]
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      if (mask[at] === 0) continue
      const [above, below] = [at - width, at + width]
      const across =
        3 * (light[above + 1]! - light[above - 1]!) + 10 * (light[at + 1]! - light[at - 1]!) + 3 * (light[below + 1]! - light[below - 1]!)
      const down =
        3 * (light[below - 1]! - light[above - 1]!) + 10 * (light[below]! - light[above]!) + 3 * (light[below + 1]! - light[above + 1]!)
      sum += Math.sqrt(across * across + down * down)
      count++
    }
  return count === 0 ? undefined : sum / count
}
