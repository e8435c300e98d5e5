import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { limits } from '../../../src/contract/types.ts'
import { decodePicture, readHeader } from '../../../src/face/picture/decode.ts'

const [width, height] = [160, 120]

/** A picture whose upper left is red and whose other parts are green, so that orientation and colour show. */
function raw(): Uint8Array {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(x < width / 2 && y < height / 2 ? [200, 30, 30] : [30, 160, 30], (y * width + x) * 3)
  return data
}
const picture = (): Sharp => sharp(raw(), { raw: { width, height, channels: 3 } })
const noise = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 2654435761) >>> 24)
const text = (value: string) => new TextEncoder().encode(value)
const cut = async (bytes: Promise<Buffer>, share: number) => {
  const whole = await bytes
  return whole.subarray(0, Math.floor(whole.length * share))
}
const noisy = () => sharp(noise(width * height * 3), { raw: { width, height, channels: 3 } })
/** PNG with the chunk that makes it an animation of two frames; decoders that do not know it show the first. */
async function animatedPng(): Promise<Uint8Array> {
  const png = await picture().png().toBuffer()
  const chunk = Buffer.alloc(20)
  chunk.writeUInt32BE(8, 0)
  chunk.write('acTL', 4, 'ascii')
  chunk.writeUInt32BE(2, 8)
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
}

/** A PNG header of any size over no data: only the header is ever looked at. */
async function pngOfSize(claimedWidth: number, claimedHeight: number): Promise<Uint8Array> {
  const png = Buffer.from(await picture().png().toBuffer())
  png.writeUInt32BE(claimedWidth, 16)
  png.writeUInt32BE(claimedHeight, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

const animated = (format: 'gif' | 'webp') => {
  const pages = Buffer.concat([raw(), raw().reverse()])
  return sharp(pages, { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
    [format]()
    .toBuffer()
}

describe('refused, each with its own code', () => {
  test.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
    ['nothing at all', () => new Uint8Array(), 'picture.empty'],
    ['a text file that is named as a picture', () => text('This is not a picture, whatever its name says.'), 'picture.undecodable'],
    ['noise', () => noise(5000), 'picture.undecodable'],
    ['one byte', () => Uint8Array.of(0xff), 'picture.undecodable'],
    ['an SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'), 'picture.unsupported'],
    ['an SVG with a declaration', () => text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'), 'picture.unsupported'],
    ['a PDF', () => text('%PDF-1.7\n1 0 obj'), 'picture.unsupported'],
    ['an AVIF', async () => await picture().avif({ effort: 0 }).toBuffer(), 'picture.unsupported'],
    ['a BMP', () => Uint8Array.from([0x42, 0x4d, ...Array(12).fill(0), 40, ...Array(60).fill(0)]), 'picture.unsupported'],
    ['a zip archive', () => Uint8Array.from([0x50, 0x4b, 3, 4, ...Array(40).fill(0)]), 'picture.unsupported'],
    ['an animated GIF', () => animated('gif'), 'picture.animated'],
    ['an animated WebP', () => animated('webp'), 'picture.animated'],
    ['an animated PNG', animatedPng, 'picture.animated'],
    ['a picture of 16 pixels', async () => await picture().resize(16, 16).png().toBuffer(), 'picture.tooSmall'],
    ['a picture 20 pixels high', async () => await picture().resize(300, 20, { fit: 'fill' }).jpeg().toBuffer(), 'picture.tooSmall'],
    ['more than 64 megapixels, by its header', () => pngOfSize(8001, 8000), 'picture.tooLarge'],
    ['a header that claims a giant', () => pngOfSize(60_000, 60_000), 'picture.tooLarge'],
    ['more bytes than the limit', () => new Uint8Array(limits.pictureBytesMax + 1), 'picture.tooLarge'],
    ['a JPEG cut in the middle', () => cut(noisy().jpeg().toBuffer(), 0.5), 'picture.truncated'],
    ['a progressive JPEG cut in the middle', () => cut(noisy().jpeg({ progressive: true }).toBuffer(), 0.5), 'picture.truncated'],
    ['a JPEG cut in its header', () => cut(noisy().jpeg().toBuffer(), 0.001), 'picture.truncated'],
    ['a PNG cut in the middle', () => cut(noisy().png().toBuffer(), 0.5), 'picture.truncated'],
    ['a WebP cut in the middle', () => cut(noisy().webp().toBuffer(), 0.5), 'picture.truncated'],
    ['a TIFF cut in the middle', () => cut(noisy().tiff({ compression: 'lzw' }).toBuffer(), 0.5), 'picture.truncated'],
    ['a GIF cut in the middle', () => cut(noisy().gif().toBuffer(), 0.5), 'picture.truncated'],
    ['a PNG with a damaged middle', async () => damaged(await noisy().png().toBuffer()), 'picture.undecodable'],
    ['a JPEG signature and nothing behind it', () => Uint8Array.from([0xff, 0xd8, 0xff, 0xff, 0xd9]), 'picture.undecodable'],
  ])('%s', async (_, make, code) => {
    await expect(decodePicture(await make())).rejects.toMatchObject({ name: 'VultusError', code })
  })
})

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.fill(0x55, copy.length >> 1, (copy.length >> 1) + 400)
  return copy
}

describe('accepted, upright, as 8-bit sRGB', () => {
  test.each<[string, () => Sharp]>([
    ['JPEG', () => picture().jpeg({ quality: 95 })],
    ['progressive JPEG', () => picture().jpeg({ quality: 95, progressive: true })],
    ['CMYK JPEG', () => picture().toColourspace('cmyk').jpeg({ quality: 95 })],
    ['PNG', () => picture().png()],
    ['PNG with a palette', () => picture().png({ palette: true })],
    ['interlaced PNG', () => picture().png({ progressive: true })],
    ['16-bit PNG', () => picture().toColourspace('rgb16').png()],
    ['16-bit PNG with alpha', () => picture().ensureAlpha().toColourspace('rgb16').png()],
    ['WebP', () => picture().webp({ quality: 95 })],
    ['WebP without loss', () => picture().webp({ lossless: true })],
    ['WebP with alpha', () => picture().ensureAlpha().webp({ quality: 95 })],
    ['TIFF', () => picture().tiff({ compression: 'lzw' })],
    ['TIFF in tiles', () => picture().tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 })],
    ['16-bit TIFF', () => picture().toColourspace('rgb16').tiff({ compression: 'none' })],
    ['CMYK TIFF', () => picture().toColourspace('cmyk').tiff({ compression: 'lzw' })],
    ['still GIF', () => picture().gif()],
    ['JPEG turned by EXIF', () => picture().rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 })],
    ['WebP mirrored by EXIF', () => picture().flop().withMetadata({ orientation: 2 }).webp({ quality: 95 })],
    ['TIFF turned by EXIF', () => picture().rotate(90).withMetadata({ orientation: 8 }).tiff({ compression: 'lzw' })],
  ])('%s', async (_, make) => {
    const { header, pixels } = await decodePicture(await make().toBuffer())
    expect([header.width, header.height, pixels.width, pixels.height]).toEqual([width, height, width, height])
    expect(pixels.data).toHaveLength(width * height * 3)
    const at = (x: number, y: number) => [...pixels.data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
    const [red, green] = [at(30, 30), at(120, 90)]
    expect(red[0]! - red[1]!).toBeGreaterThan(90)
    expect(green[1]! - green[0]!).toBeGreaterThan(60)
  })

  test.each<[string, () => Sharp]>([
    ['grey PNG', () => picture().grayscale().png()],
    ['grey PNG with alpha', () => picture().grayscale().ensureAlpha().png()],
    ['16-bit grey PNG', () => picture().toColourspace('grey16').png()],
    ['grey JPEG', () => picture().grayscale().jpeg()],
    ['grey TIFF of one bit', () => picture().threshold(100).grayscale().tiff({ bitdepth: 1, compression: 'none' })],
  ])('%s', async (_, make) => {
    const { pixels } = await decodePicture(await make().toBuffer())
    expect(pixels.data).toHaveLength(width * height * 3)
    const [r, g, b] = pixels.data
    expect([g, b]).toEqual([r, r])
  })

  test('transparent parts as white', async () => {
    const clear = sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    const { pixels } = await decodePicture(await clear.png().toBuffer())
    expect(pixels.data.every((value) => value === 255)).toBe(true)
  })

  test('large ones made smaller, with their own size in the header', async () => {
    const { header, pixels } = await decodePicture(
      await picture().resize(3000, 1500, { fit: 'fill' }).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    )
    expect([header.width, header.height]).toEqual([1500, 3000])
    expect([pixels.width, pixels.height]).toEqual([640, 1280])
  })

  test('a camera that appends something behind the picture', async () => {
    const bytes = Buffer.concat([await picture().jpeg().toBuffer(), noise(2000)])
    await expect(decodePicture(bytes)).resolves.toBeDefined()
  })
})

test('a header is read without decoding: data of a picture at the limit may be missing', async () => {
  await expect(readHeader(await pngOfSize(8000, 8000))).resolves.toMatchObject({ width: 8000, height: 8000, format: 'png' })
})
