/** Measures that look at parts of a picture only, held against the plain way over the whole of it. */
import { describe, expect, test } from 'vitest'
import type { AffineMap } from '../../../../src/core/geometry.ts'
import { alignedSidePx } from '../../../../src/core/quality/alignment.ts'
import { backgroundUniformity } from '../../../../src/core/quality/background.ts'
import { linearOf } from '../../../../src/core/quality/luminance.ts'
import { sharpnessOf } from '../../../../src/core/quality/sharpness.ts'
import { randomOf } from '../../../support/drawnCrowd.ts'

/** Smooth waves with noise, so that every pixel and its neighbours count. */
function pixelsOf(side: number, seed: number): Uint8Array {
  const random = randomOf(seed)
  return Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)]
    return 128 + 60 * Math.sin(x / 9 + (at % 3)) + 40 * Math.cos(y / 13) + 25 * (random() - 0.5)
  })
}

/** Sharpness over whole arrays, as the fact sheet has it. */
function plainSharpness(pixels: Uint8Array, mask: Uint8Array, side: number): number {
  const grey = Float32Array.from(mask, (_, at) => 0.299 * pixels[at * 3]! + 0.587 * pixels[at * 3 + 1]! + 0.114 * pixels[at * 3 + 2]!)
  const at = (values: Float32Array, x: number, y: number) => values[y * side + x]!
  const each = (of: (x: number, y: number) => number) =>
    Float32Array.from(mask, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)]
      return x < 2 || y < 2 || x >= side - 2 || y >= side - 2 ? 0 : of(x, y)
    })
  const rows = Float32Array.from(grey, (_, i) => ((grey[i - 1] ?? 0) + 2 * grey[i]! + (grey[i + 1] ?? 0)) / 4)
  const smooth = Float32Array.from(grey, (_, i) => ((rows[i - side] ?? 0) + 2 * rows[i]! + (rows[i + side] ?? 0)) / 4)
  const laplacian = each(
    (x, y) => at(smooth, x - 1, y) + at(smooth, x + 1, y) + at(smooth, x, y - 1) + at(smooth, x, y + 1) - 4 * at(smooth, x, y),
  )
  const inside = (x: number, y: number) => x >= 2 && y >= 2 && x < side - 2 && y < side - 2 && mask[y * side + x] === 1
  const variance = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  }
  const places = Array.from(mask, (_, i) => [i % side, Math.floor(i / side)] as const).filter(([x, y]) => inside(x, y))
  const whole = places.filter(([x, y]) =>
    [
      [x - 2, y],
      [x + 2, y],
      [x, y - 2],
      [x, y + 2],
    ].every(([u, v]) => mask[v! * side + u!] === 1),
  )
  return variance(whole.map(([x, y]) => at(laplacian, x, y))) / variance(places.map(([x, y]) => at(grey, x, y)))
}

/** Background over the whole part, pixel by pixel. */
function plainBackground(pixels: Uint8Array, [a, b, c, d, e, f]: AffineMap, picture: { width: number; height: number }): number {
  const [width, height] = [354, 292]
  const part = { x: 62, y: 0, width: 492, height: 406 }
  const place = (index: number, length: number, from: number) => Math.min(from - 1.001, Math.max(0, ((index + 0.5) * from) / length - 0.5))
  const marked = (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return true
    const [u, v] = [part.x + ((x + 0.5) * part.width) / width, part.y + ((y + 0.5) * part.height) / height]
    const [px, py] = [a * u + b * v + c, d * u + e * v + f]
    return ((u - 308) / 190) ** 2 + ((v - 272) / 250) ** 2 > 1 && px >= 0 && py >= 0 && px < picture.width && py < picture.height
  }
  const light = (x: number, y: number) => {
    const [u, v] = [Math.fround(place(x, width, part.width)), Math.fround(place(y, height, part.height))]
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const channel = (which: number) => {
      const of = (dx: number, dy: number) => pixels[((part.y + top + dy) * alignedSidePx + part.x + left + dx) * 3 + which]!
      const across = (dy: number) => of(0, dy) + (u - left) * (of(1, dy) - of(0, dy))
      return linearOf(Math.floor(across(0) + (v - top) * (across(1) - across(0)) + 0.5) / 255)
    }
    return Math.floor(255 * (0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)) + 0.5)
  }
  const lights = Float64Array.from({ length: width * height }, (_, i) => light(i % width, Math.floor(i / width)))
  const at = (x: number, y: number) => lights[y * width + x]!
  let [sum, count] = [0, 0]
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      if (![-2, -1, 0, 1].every((dy) => [-2, -1, 0, 1].every((dx) => marked(x + dx, y + dy)))) continue
      const across =
        3 * (at(x + 1, y - 1) - at(x - 1, y - 1)) + 10 * (at(x + 1, y) - at(x - 1, y)) + 3 * (at(x + 1, y + 1) - at(x - 1, y + 1))
      const down =
        3 * (at(x - 1, y + 1) - at(x - 1, y - 1)) + 10 * (at(x, y + 1) - at(x, y - 1)) + 3 * (at(x + 1, y + 1) - at(x + 1, y - 1))
      sum += Math.hypot(across, down)
      count++
    }
  return sum / count
}

describe('measures of a part', () => {
  test.each([
    ['in the middle', 20, 70, 15, 60],
    ['at the edge of the picture', 0, 40, 50, 96],
    ['of all of it', 0, 96, 0, 96],
  ] as const)('sharpness is that of the whole, for a face %s', (_, left, right, top, bottom) => {
    const side = 96
    const [centreX, centreY] = [(left + right) / 2, (top + bottom) / 2]
    const mask = Uint8Array.from({ length: side * side }, (_unused, at) => {
      const [x, y] = [at % side, Math.floor(at / side)]
      return (((x - centreX) * 2) / (right - left)) ** 2 + (((y - centreY) * 2) / (bottom - top)) ** 2 <= 1 ? 1 : 0
    })
    const pixels = pixelsOf(side, 3)
    expect(sharpnessOf(pixels, mask, side)).toBeCloseTo(plainSharpness(pixels, mask, side), 6)
  })

  test.each([
    ['wholly in its picture', [1, 0, 40, 0, 1, 30], { width: 800, height: 700 }],
    ['that reaches over its edge', [0.9, 0.1, -60, -0.1, 0.9, 20], { width: 480, height: 300 }],
  ] as const)('background is that of the whole, for a face %s', (_, map, picture) => {
    const pixels = pixelsOf(alignedSidePx, 5)
    expect(backgroundUniformity(pixels, map, picture)).toBeCloseTo(plainBackground(pixels, map, picture), 2)
  })
})
