/**
 * The shortest way from a picture to a starter template, for tests and for the making of the pack: best face only, no gates.
 * The product's own pipeline is in src/face; this one stays independent of it, so that each can show a fault of the other.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { completeManifest, type StarterManifest } from '../../src/face/starter/manifest.ts'

/** 8-bit RGB, rows from the top. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** Output pixel (x, y) is source pixel (a x + b y + c, d x + e y + f). */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]
type Point = readonly [number, number]

export interface Seen {
  readonly detectionScore: number
  readonly presence: number
  /** 468 points in pixels of the picture. */
  readonly points: readonly Point[]
  /** Unit length. */
  readonly template: Float32Array
}

/** Decodes a file or an SVG text, upright, with its longer side at most 1280 pixels. */
export async function pictureOf(source: string | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(source)
    .rotate()
    .resize(1280, 1280, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

/** Draws an SVG text. */
export function drawn(svg: string): Promise<Picture> {
  return pictureOf(Buffer.from(svg))
}

function halved({ width, height, rgb }: Picture): Picture {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Uint8Array(w * h * 3)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 3; c++) {
        const from = (2 * y * width + 2 * x) * 3 + c
        out[(y * w + x) * 3 + c] = (rgb[from]! + rgb[from + 3]! + rgb[from + width * 3]! + rgb[from + width * 3 + 3]! + 2) >> 2
      }
  return { width: w, height: h, rgb: out }
}

/** Warps to RGB floats, 0 outside; halves the source until the bilinear step shrinks it less than twice. */
export function warped(picture: Picture, map: Affine, width: number, height: number): Float32Array {
  let source = picture
  let [a, b, c, d, e, f] = map
  while (Math.hypot(a, d) > 2 && source.width > 32 && source.height > 32) {
    source = halved(source)
    ;[a, b, c, d, e, f] = [a / 2, b / 2, c / 2 - 0.25, d / 2, e / 2, f / 2 - 0.25]
  }
  const out = new Float32Array(width * height * 3)
  const at = (x: number, y: number, channel: number) =>
    x < 0 || y < 0 || x >= source.width || y >= source.height ? 0 : source.rgb[(y * source.width + x) * 3 + channel]!
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [sx, sy] = [a * x + b * y + c, d * x + e * y + f]
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)]
      const [fx, fy] = [sx - x0, sy - y0]
      for (let k = 0; k < 3; k++, to++) {
        const top = (1 - fx) * at(x0, y0, k) + fx * at(x0 + 1, y0, k)
        const bottom = (1 - fx) * at(x0, y0 + 1, k) + fx * at(x0 + 1, y0 + 1, k)
        out[to] = (1 - fy) * top + fy * bottom
      }
    }
  return out
}

interface Input {
  readonly width: number
  readonly height: number
  readonly mean: readonly number[]
  readonly scale: readonly number[]
}

/** Channels first, normalised as the manifest says. */
export function planes(rgb: Float32Array, input: Input, mirror = false): Float32Array {
  const { width, height, mean, scale } = input
  const out = new Float32Array(rgb.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const value = rgb[(y * width + (mirror ? width - 1 - x : x)) * 3 + c]!
        out[(c * height + y) * width + x] = (value - mean[c]!) * scale[c]!
      }
  return out
}

/** The least-squares similarity that takes `from` onto `to`, as the map from output to source pixels. */
export function similarity(from: readonly Point[], to: readonly Point[]): Affine {
  const n = from.length
  const centre = (points: readonly Point[], axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / n
  const [fx, fy, tx, ty] = [centre(from, 0), centre(from, 1), centre(to, 0), centre(to, 1)]
  let [cos, sin, norm] = [0, 0, 0]
  from.forEach(([x, y], i) => {
    const [u, v] = [to[i]![0] - tx, to[i]![1] - ty]
    cos += (x - fx) * u + (y - fy) * v
    sin += (x - fx) * v - (y - fy) * u
    norm += (x - fx) ** 2 + (y - fy) ** 2
  })
  const [a, b] = [cos / norm, sin / norm]
  const [ox, oy] = [tx - (a * fx - b * fy), ty - (b * fx + a * fy)]
  const size = a * a + b * b
  return [a / size, b / size, -(a * ox + b * oy) / size, -b / size, a / size, (b * ox - a * oy) / size]
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]

/** Floats of an output. */
function floatsOf(outputs: InferenceSession.ReturnType, name: string): Float32Array {
  const data = outputs[name]?.data
  if (!(data instanceof Float32Array)) throw new Error(`the model has no output ${name}`)
  return data
}

/** Cosine of two templates of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

export function unitLength(values: Float32Array): Float32Array {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

/** Height over width of the eyes: the mean of both. */
export function eyeAspect(points: readonly Point[]): number {
  const distance = (a: number, b: number) => Math.hypot(points[a]![0] - points[b]![0], points[a]![1] - points[b]![1])
  const one = (out: number, inn: number, t1: number, b1: number, t2: number, b2: number) =>
    (distance(t1, b1) + distance(t2, b2)) / 2 / distance(out, inn)
  return (one(33, 133, 160, 144, 158, 153) + one(362, 263, 385, 380, 387, 373)) / 2
}

/** Nose tip from the middle of the face, over its width: negative is towards the left edge of the picture. */
export function yawProxy(points: readonly Point[]): number {
  const [left, right] = [points[234]!, points[454]!]
  return (points[1]![0] - (left[0] + right[0]) / 2) / Math.hypot(right[0] - left[0], right[1] - left[1])
}

/** The three networks of a starter pack in a folder. */
export class StarterPipeline {
  private constructor(
    readonly manifest: StarterManifest,
    private readonly detector: InferenceSession,
    private readonly landmarks: InferenceSession,
    private readonly embedding: InferenceSession,
  ) {}

  static async load(folder: string, manifestFile = join(folder, 'manifest.json')): Promise<StarterPipeline> {
    const manifest = completeManifest(JSON.parse(await readFile(manifestFile, 'utf8')))
    const open = (file: string) => InferenceSession.create(join(folder, file), { intraOpNumThreads: 1, interOpNumThreads: 1 })
    const { detector, landmarks, embedding } = manifest.roles
    return new StarterPipeline(manifest, await open(detector.file), await open(landmarks.file), await open(embedding.file))
  }

  /** Box centre, longer side and eyes of the face with the highest score. */
  async #detect(picture: Picture) {
    const { input } = this.manifest.roles.detector
    const side = Math.max(picture.width, picture.height)
    const scale = side / input.width
    const [ox, oy] = [(picture.width - side) / 2 + scale / 2 - 0.5, (picture.height - side) / 2 + scale / 2 - 0.5]
    const pixels = warped(picture, [scale, 0, ox, 0, scale, oy], input.width, input.height)
    const outputs = await this.detector.run({ input: new Tensor('float32', planes(pixels, input), [1, 3, 256, 256]) })
    const scores = [...floatsOf(outputs, 'scores_512'), ...floatsOf(outputs, 'scores_384')].map(sigmoid)
    const best = scores.reduce((top, score, i) => (score > scores[top]! ? i : top), 0)
    const low = best < 512
    const local = low ? best : best - 512
    const [stride, cells, each] = low ? [16, 16, 2] : [32, 8, 6]
    const cell = Math.floor(local / each)
    const anchor: Point = [stride * ((cell % cells) + 0.5), stride * (Math.floor(cell / cells) + 0.5)]
    const box = floatsOf(outputs, low ? 'boxes_512' : 'boxes_384').subarray(local * 16, local * 16 + 16)
    const place = (i: number): Point => [(box[i]! + anchor[0]) * scale + ox, (box[i + 1]! + anchor[1]) * scale + oy]
    return { score: scores[best]!, centre: place(0), side: Math.max(box[2]!, box[3]!) * scale, eyes: [place(4), place(6)] as const }
  }

  /** Looks at the best face of a picture. */
  async look(picture: Picture): Promise<Seen> {
    const { landmarks } = this.manifest.roles
    const face = await this.#detect(picture)
    const angle = Math.atan2(face.eyes[1][1] - face.eyes[0][1], face.eyes[1][0] - face.eyes[0][0])
    const scale = (face.side * landmarks.regionScale) / landmarks.input.width
    const [c, s, half] = [Math.cos(angle) * scale, Math.sin(angle) * scale, (landmarks.input.width - 1) / 2]
    const map: Affine = [c, -s, face.centre[0] - c * half + s * half, s, c, face.centre[1] - s * half - c * half]
    const region = planes(warped(picture, map, landmarks.input.width, landmarks.input.height), landmarks.input)
    const outputs = await this.landmarks.run({ input: new Tensor('float32', region, [1, 3, 192, 192]) })
    const mesh = floatsOf(outputs, 'mesh')
    const points = Array.from({ length: 468 }, (_, i): Point => {
      const [x, y] = [mesh[3 * i]! - 0.5, mesh[3 * i + 1]! - 0.5]
      return [map[0] * x + map[1] * y + map[2], map[3] * x + map[4] * y + map[5]]
    })
    const template = await this.templateOf(this.#aligned(picture, points))
    return { detectionScore: face.score, presence: floatsOf(outputs, 'flag')[0]!, points, template }
  }

  #aligned(picture: Picture, points: readonly Point[]): Float32Array {
    const { embedding } = this.manifest.roles
    const five = [middle(points[33]!, points[133]!), middle(points[362]!, points[263]!), points[4]!, points[61]!, points[291]!]
    return warped(picture, similarity(five, embedding.alignment), embedding.input.width, embedding.input.height)
  }

  /** The template of aligned RGB pixels: mean of the picture's and its mirror image's, unit length. */
  async templateOf(rgb: Float32Array): Promise<Float32Array> {
    const { input, dimension } = this.manifest.roles.embedding
    const both = new Float32Array(rgb.length * 2)
    both.set(planes(rgb, input))
    both.set(planes(rgb, input, true), rgb.length)
    const outputs = await this.embedding.run({ input: new Tensor('float32', both, [2, 3, input.height, input.width]) })
    const pair = floatsOf(outputs, 'embedding')
    return unitLength(Float32Array.from({ length: dimension }, (_, i) => pair[i]! + pair[i + dimension]!))
  }

  async close(): Promise<void> {
    await Promise.all([this.detector.release(), this.landmarks.release(), this.embedding.release()])
  }
}
