import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { PictureOperation } from '../../../src/contract/rows/face.ts'
import { portraitBox } from '../../../src/face/picture/encode.ts'
import { processPicture } from '../../../src/face/picture/operations.ts'

const picture = (width = 200, height = 100) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 90, b: 30 } } })
    .composite([{ input: { create: { width: 20, height: 20, channels: 3, background: '#0000ff' } }, left: 10, top: 10 }])
    .removeAlpha()
    .png()
    .toBuffer()
const align = async (_: unknown, sizePx: number) => ({ width: sizePx, height: sizePx, data: new Uint8Array(sizePx * sizePx * 3).fill(120) })
const run = async (operations: PictureOperation[], bytes?: Uint8Array) => processPicture(bytes ?? (await picture()), operations, align)

describe('processing a picture', () => {
  test.each<[string, PictureOperation[], object]>([
    ['fits it inside', [{ type: 'resize', width: 50, height: 50, fit: 'inside' }], { width: 50, height: 25, format: 'png' }],
    ['covers', [{ type: 'resize', width: 50, height: 50, fit: 'cover' }], { width: 50, height: 50 }],
    [
      'crops, then resizes',
      [
        { type: 'crop', x: 10, y: 10, width: 40, height: 20 },
        { type: 'resize', width: 80, height: 80, fit: 'inside' },
      ],
      { width: 80, height: 40 },
    ],
    [
      'resizes, then crops',
      [
        { type: 'resize', width: 100, height: 50, fit: 'fill' },
        { type: 'crop', x: 90, y: 40, width: 10, height: 10 },
      ],
      { width: 10, height: 10 },
    ],
    [
      'resizes twice, in order',
      [
        { type: 'resize', width: 20, height: 20, fit: 'fill' },
        { type: 'resize', width: 60, height: 30, fit: 'fill' },
      ],
      { width: 60, height: 30 },
    ],
    ['aligns', [{ type: 'align', size: 112 }], { width: 112, height: 112 }],
    ['aligns, then turns grey', [{ type: 'align', size: 64 }, { type: 'grayscale' }, { type: 'normalize' }], { width: 64, height: 64 }],
    ['converts', [{ type: 'convert', format: 'webp', quality: 80 }], { width: 200, height: 100, format: 'webp' }],
    ['normalises before it crops', [{ type: 'normalize' }, { type: 'crop', x: 0, y: 0, width: 33, height: 32 }], { width: 33, height: 32 }],
  ])('%s', async (_, operations, expected) => {
    const { picture: bytes, metadata } = await run(operations)
    expect(metadata).toMatchObject(expected)
    const actual = await sharp(bytes!).metadata()
    expect([actual.width, actual.height, actual.format]).toEqual([metadata.width, metadata.height, metadata.format])
    expect(metadata.bytes).toBe(bytes!.length)
  })

  test('tells metadata without a picture where nothing else is asked', async () => {
    const bytes = await picture()
    expect(await run([{ type: 'metadata' }], bytes)).toEqual({
      picture: null,
      metadata: { width: 200, height: 100, format: 'png', channels: 3, bytes: bytes.length },
    })
  })

  test('counts coordinates on the upright picture', async () => {
    const turned = await sharp(await picture())
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer()
    const { picture: bytes } = await run([{ type: 'crop', x: 10, y: 10, width: 20, height: 20 }], turned)
    expect([...(await sharp(bytes!).raw().toBuffer()).subarray(0, 3)]).toEqual([0, 0, 255])
  })

  test('keeps no metadata of the original', async () => {
    const tagged = await sharp(await picture())
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer()
    const { picture: bytes } = await run([{ type: 'grayscale' }], tagged)
    expect((await sharp(bytes!).metadata()).exif).toBeUndefined()
  })

  test.each<[string, PictureOperation[], string]>([
    ['a crop over the edge', [{ type: 'crop', x: 190, y: 0, width: 11, height: 10 }], 'request.invalid'],
    [
      'a crop over the edge of what is left',
      [
        { type: 'resize', width: 50, height: 50, fit: 'inside' },
        { type: 'crop', x: 0, y: 0, width: 50, height: 50 },
      ],
      'request.invalid',
    ],
  ])('refuses %s', async (_, operations, code) => {
    await expect(run(operations)).rejects.toMatchObject({ code })
  })
})

describe('the portrait of a sample', () => {
  test.each([
    ['in the middle', { x: 400, y: 300, width: 100, height: 100 }],
    ['in a corner', { x: -20, y: -30, width: 200, height: 220 }],
    ['larger than the picture', { x: -100, y: -100, width: 1500, height: 1500 }],
    ['at the lower right', { x: 950, y: 750, width: 120, height: 120 }],
  ])('lies inside the picture for a face %s', (_, face) => {
    const box = portraitBox(face, { width: 1000, height: 800 })
    expect(Object.values(box).every(Number.isInteger)).toBe(true)
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.y).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(1000)
    expect(box.y + box.height).toBeLessThanOrEqual(800)
    expect(box.width).toBeGreaterThanOrEqual(Math.min(1000, 2 * face.width) - 1)
  })
})
