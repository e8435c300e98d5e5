import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { identityMap } from '../../../src/core/geometry.ts'
import { halved, oriented, PixelPyramid, warp, warpBytes, writeTensor } from '../../../src/face/pixels.ts'

/** A picture in which every pixel tells where it is. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([x, y, 100], (y * width + x) * 3)
  return { width, height, data }
}

describe('warp', () => {
  test('leaves a picture as it is under the identity', () => {
    const pixels = ramp(40, 30)
    expect(Uint8Array.from(warp(new PixelPyramid(pixels), identityMap, 40, 30))).toEqual(pixels.data)
  })

  test.each([1.7, 2.5, 4, 7])('finds the same places when it shrinks by %d', (shrink) => {
    const picture = new PixelPyramid(ramp(240, 240))
    const side = Math.floor(200 / shrink)
    const result = warp(picture, [shrink, 0, 0, 0, shrink, 0], side, side)
    for (let at = 1; at < side - 1; at++) {
      // The centre of a small pixel lies at shrink * (at + 0.5), half a pixel before the index of the large one; halving rounds up.
      const expected = shrink * (at + 0.5) - 0.5
      expect(Math.abs(result[(at * side + at) * 3]! - expected)).toBeLessThan(0.8)
      expect(Math.abs(result[(at * side + at) * 3 + 1]! - expected)).toBeLessThan(0.8)
    }
  })

  test('turns by a quarter', () => {
    const picture = new PixelPyramid(ramp(40, 40))
    const turned = warp(picture, [0, -1, 40, 1, 0, 0], 40, 40)
    expect([turned[3 * 5], turned[3 * 5 + 1]]).toEqual([39, 5])
  })

  test('is black outside the picture and nowhere out of bounds', () => {
    const picture = new PixelPyramid({ width: 33, height: 33, data: new Uint8Array(33 * 33 * 3).fill(200) })
    const result = warp(picture, [3, 0, -30, 0, 3, -30], 40, 40)
    expect(result[0]).toBe(0)
    expect(result[3 * (15 * 40 + 15)]).toBe(200)
    expect(result.every((value) => value >= 0 && value <= 200)).toBe(true)
  })
})

test('a part of a look is the same as in the whole look, and the rest is black', () => {
  const picture = new PixelPyramid(ramp(60, 60))
  const map = [1.2, 0.3, 4, -0.3, 1.2, 9] as const
  const [whole, part] = [warpBytes(picture, map, 30, 30), warpBytes(picture, map, 30, 30, { x: 5, y: 7, width: 10, height: 12 })]
  for (let at = 0; at < 900; at++) {
    const [x, y] = [at % 30, Math.floor(at / 30)]
    const inside = x >= 5 && x < 15 && y >= 7 && y < 19
    for (const channel of [0, 1, 2])
      expect(Math.abs(part[at * 3 + channel]! - (inside ? whole[at * 3 + channel]! : 0))).toBeLessThanOrEqual(1)
  }
})

test('a half is the mean of four pixels and drops an odd edge', () => {
  const half = halved({ width: 3, height: 2, data: Uint8Array.from([0, 0, 0, 10, 20, 30, 9, 9, 9, 20, 40, 60, 30, 60, 90, 9, 9, 9]) })
  expect(half).toEqual({ width: 1, height: 1, data: Uint8Array.from([15, 30, 45]) })
})

test('planes are written in order, normalised and mirrored', () => {
  const rgb = Float32Array.from([1, 2, 3, 4, 5, 6])
  const input = { width: 2, height: 1, channels: 'BGR', mean: [1, 0, 0], scale: [2, 1, 1] } as const
  const plain = new Float32Array(6)
  writeTensor(rgb, input, plain, 0, false)
  expect([...plain]).toEqual([4, 10, 2, 5, 1, 4])
  const mirrored = new Float32Array(7)
  writeTensor(rgb, input, mirrored, 1, true)
  expect([...mirrored]).toEqual([0, 10, 4, 5, 2, 4, 1])
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i turns as another decoder turns it', async (orientation) => {
  const pixels = ramp(5, 3)
  const file = await sharp(pixels.data, { raw: { width: 5, height: 3, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer()
  const expected = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true })
  const upright = oriented(pixels, orientation)
  expect([upright.width, upright.height]).toEqual([expected.info.width, expected.info.height])
  expect(Buffer.from(upright.data).equals(expected.data)).toBe(true)
})
