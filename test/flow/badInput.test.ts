/**
 * Pictures of every kind through the command line, attached to one station that has to go on: one expected outcome for each.
 * The memory of the face process stays within its limit through all of them.
 */
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPortrait } from '../../src/face/drawing.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { childrenOf, ended, firstLine, type Running, start } from '../support/program.ts'

const faceMemoryKbMax = 600 * 1024

const folder = folderOfTests()
let serving: Running | undefined

/** Drawn once as pixels: scaling the drawing itself would draw it again, large. */
const drawings: Uint8Array[] = []
const drawn = (subject = 0): Sharp => sharp(drawings[subject])

const begin = (...argv: string[]) => start([...argv, '--data', join(folder, 'data'), '--json'])

/** What came out, in a word: `3 picture.empty`, or `0 1 face`. */
async function outcomeOf(command: 'detect' | 'embed', path: string): Promise<string> {
  const { code, stdout, stderr } = await ended(begin(command, path))
  expect(stderr).toBe('')
  const answer = JSON.parse(stdout)
  if (answer.error !== undefined) return `${code} ${answer.error.code}`
  return command === 'detect' ? `${code} ${answer.faces.length} faces` : `${code} ${answer.embedding.embedding.length > 0}`
}

/** Processes started by a process, by the entry they run (Linux). */
const childOf = (pid: number, entry: string) =>
  childrenOf(pid).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(`${entry}.js`))

const memoryKbMaxOf = (pid: number) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** A small PNG that declares another size, with a checksum that fits. */
async function pngDeclaring(width: number, height: number): Promise<Buffer> {
  const png = await flat(32, 32).png().toBuffer()
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

async function twoPeople(): Promise<Buffer> {
  const { width = 640, height = 480 } = await drawn().metadata()
  const right = await drawn(1).png().toBuffer()
  return drawn()
    .extend({ right: width })
    .composite([{ input: right, left: width, top: 0 }])
    .resize(width * 2, height)
    .jpeg()
    .toBuffer()
}

const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#7a8a99' } })
const frames = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => drawn(index).resize(320, 240).png().toBuffer()))

const cases: readonly [name: string, detect: string, make: () => Promise<Buffer> | Buffer][] = [
  ['ordinary.jpg', '0 1 faces', () => drawn().jpeg().toBuffer()],
  ['truncated.jpg', '3 picture.truncated', async () => (await drawn().jpeg().toBuffer()).subarray(0, 9000)],
  ['truncated.png', '3 picture.truncated', async () => (await drawn().png().toBuffer()).subarray(0, 9000)],
  ['empty.jpg', '3 picture.empty', () => Buffer.alloc(0)],
  [
    'animated.gif',
    '3 picture.animated',
    async () =>
      sharp(await frames(3), { join: { animated: true } })
        .gif()
        .toBuffer(),
  ],
  [
    'animated.webp',
    '3 picture.animated',
    async () =>
      sharp(await frames(3), { join: { animated: true } })
        .webp()
        .toBuffer(),
  ],
  [
    'pages.tiff',
    '3 picture.animated',
    async () =>
      sharp(await frames(2), { join: { animated: true } })
        .tiff()
        .toBuffer(),
  ],
  ['still.gif', '0 1 faces', () => drawn().gif().toBuffer()],
  ['cmyk.jpg', '0 1 faces', () => drawn().toColourspace('cmyk').jpeg().toBuffer()],
  ['sixteen-bit.png', '0 1 faces', () => drawn().toColourspace('rgb16').png().toBuffer()],
  ['grey.jpg', '0 1 faces', () => drawn().greyscale().jpeg().toBuffer()],
  ['transparent.png', '0 1 faces', () => drawn().ensureAlpha(0.9).png().toBuffer()],
  ['rotated.jpg', '0 1 faces', () => drawn().rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer()],
  ['picture.webp', '0 1 faces', () => drawn().webp().toBuffer()],
  ['picture.tiff', '0 1 faces', () => drawn().tiff().toBuffer()],
  ['megapixels-64.jpg', '0 1 faces', () => drawn().resize(8000, 8000, { fit: 'cover' }).jpeg().toBuffer()],
  ['beyond-64.png', '3 picture.tooLarge', () => flat(8001, 8000).png().toBuffer()],
  ['bomb.png', '3 picture.tooLarge', () => pngDeclaring(60_000, 60_000)],
  ['small.png', '3 picture.tooSmall', () => flat(31, 31).png().toBuffer()],
  ['drawing.svg', '3 picture.unsupported', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>')],
  ['drawing.jpg', '3 picture.unsupported', () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['paper.pdf', '3 picture.unsupported', () => Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF')],
  ['text.jpg', '3 picture.undecodable', () => Buffer.from('This is a letter, not a picture.\n'.repeat(50))],
  [
    'noise.jpg',
    '3 picture.undecodable',
    () => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(4000, 'nothing'), Buffer.from('ffd9', 'hex')]),
  ],
  ['nobody.png', '0 0 faces', () => flat(640, 480).png().toBuffer()],
  ['two-people.jpg', '0 2 faces', twoPeople],
]

beforeAll(async () => {
  mkdirSync(join(folder, 'folder.jpg'))
  for (const subject of [0, 1, 2]) drawings.push(await drawPortrait(subject, 0))
  for (const [name, , make] of cases) writeFileSync(join(folder, name), await make())
  serving = begin('serve')
  serving.stderr.resume()
  await firstLine(serving)
})
afterAll(async () => {
  if (serving === undefined) return
  const closed = once(serving, 'close')
  serving.kill('SIGTERM')
  await closed
})

describe('pictures', () => {
  it.each(cases.map(([name, expected]) => [name, expected]))('detect %s: %s', async (name, expected) => {
    expect(await outcomeOf('detect', join(folder, name))).toBe(expected)
  })

  it.each([
    ['nobody.png', '3 face.none'],
    ['two-people.jpg', '3 face.ambiguous'],
    ['folder.jpg', '3 picture.notAFile'],
    ['missing.jpg', '3 picture.missing'],
    ['ordinary.jpg', '0 true'],
  ])('embed %s: %s', async (name, expected) => {
    expect(await outcomeOf('embed', join(folder, name))).toBe(expected)
  })

  it.runIf(process.platform === 'linux')('one face process looked at all of them, within its memory', () => {
    const face = childOf(serving?.pid ?? 0, 'face')
    expect(face).toBeTypeOf('number')
    expect(memoryKbMaxOf(face!)).toBeLessThan(faceMemoryKbMax)
  })
})
