import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { PackManifest } from '../../../src/contract/manifest.ts'
import { buildStarterPack } from '../../../src/face/starter/build.ts'
import { conversions } from '../../../src/face/starter/convert.ts'
import { starterManifest } from '../../../src/face/starter/manifest.ts'
import { decodeWeights, depthwiseKernelOf, kernelOf } from '../../../src/face/starter/weights.ts'
import { dlibPoints } from '../../support/dlibPoints.ts'

let packsFolder: string
const quiet = () => {}

beforeEach(async () => {
  packsFolder = await mkdtemp(join(tmpdir(), 'vultus-packs-'))
})
afterEach(() => rm(packsFolder, { recursive: true, force: true }))

/** The committed manifest with another hash for the detector. */
function manifestWithWrongHash(): PackManifest {
  const manifest = starterManifest()
  return { ...manifest, roles: { ...manifest.roles, landmarks: { ...manifest.roles.landmarks, sha256: '0'.repeat(64) } } }
}

describe('the starter pack', { timeout: 60_000 }, () => {
  test('is built as its committed manifest says, and is kept when it is there', async () => {
    const manifest = starterManifest()
    const lines: string[] = []
    const first = await buildStarterPack({ packsFolder, manifest, onProgress: (line) => lines.push(line) })
    expect(first.built).toEqual(['blazeface.onnx', 'facemesh.onnx', 'recognition.onnx'])
    expect(lines).toHaveLength(4)
    expect((await readdir(first.folder)).sort()).toEqual(['blazeface.onnx', 'facemesh.onnx', 'manifest.json', 'recognition.onnx'])
    expect(PackManifest.parse(JSON.parse(await readFile(join(first.folder, 'manifest.json'), 'utf8')))).toEqual(manifest)

    const before = await stat(join(first.folder, 'recognition.onnx'))
    const second = await buildStarterPack({ packsFolder, manifest, onProgress: quiet })
    expect(second).toMatchObject({ built: [], kept: first.built })
    expect((await stat(join(first.folder, 'recognition.onnx'))).ino).toBe(before.ino)
  })

  test('makes a damaged file again and leaves the others alone', async () => {
    const manifest = starterManifest()
    const { folder } = await buildStarterPack({ packsFolder, manifest, onProgress: quiet })
    const path = join(folder, 'facemesh.onnx')
    const bytes = await readFile(path)
    bytes[1000]! ^= 1
    await writeFile(path, bytes)
    const again = await buildStarterPack({ packsFolder, manifest, onProgress: quiet })
    expect(again).toMatchObject({ built: ['facemesh.onnx'], kept: ['blazeface.onnx', 'recognition.onnx'] })
  })

  test('refuses a conversion with another hash and leaves nothing', async () => {
    const building = buildStarterPack({ packsFolder, manifest: manifestWithWrongHash(), onProgress: quiet })
    await expect(building).rejects.toMatchObject({ code: 'model.invalid', detail: expect.stringContaining('facemesh.onnx') })
    expect(await readdir(packsFolder)).toEqual([])
  })

  test('says that a folder cannot be written', async () => {
    const file = join(packsFolder, 'file')
    await writeFile(file, '')
    const building = buildStarterPack({ packsFolder: file, manifest: starterManifest(), onProgress: quiet })
    await expect(building).rejects.toMatchObject({ code: 'model.missing' })
  })

  test('comes out the same twice', async () => {
    for (const convert of Object.values(conversions)) {
      expect(Buffer.compare(await convert(), await convert())).toBe(0)
    }
  })
})

describe('weights', () => {
  const half = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer)
  const spec = (shape: number[], quantization?: object) => [
    {
      paths: ['w.bin'],
      weights: [{ name: 'w', shape, dtype: 'float32' as const, ...(quantization ? { quantization: quantization as never } : {}) }],
    },
  ]

  test('half precision: one, minus two, a subnormal, the largest, infinity', () => {
    const bytes = half(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00)
    const values = decodeWeights(spec([5], { dtype: 'float16' }), bytes).get('w')?.values
    expect(values).toEqual(Float32Array.of(1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY))
  })

  test('affine bytes', () => {
    const values = decodeWeights(spec([3], { dtype: 'uint8', scale: 0.5, min: -1 }), Uint8Array.of(0, 2, 255)).get('w')?.values
    expect(values).toEqual(Float32Array.of(-1, 0, 126.5))
  })

  test('too few and too many bytes are refused', () => {
    expect(() => decodeWeights(spec([2]), new Uint8Array(7))).toThrow(VultusError)
    expect(() => decodeWeights(spec([2]), new Uint8Array(9))).toThrow(VultusError)
  })

  test('kernels change from channels last to channels first', () => {
    // Two by one window, two inputs, three outputs; the value tells its place: yio.
    const shape = [2, 1, 2, 3]
    const values = Float32Array.of(0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112)
    expect(kernelOf({ shape, values })).toEqual({
      dimensions: [3, 2, 2, 1],
      values: Float32Array.of(0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112),
    })
    expect(depthwiseKernelOf({ shape, values })).toEqual({
      dimensions: [6, 1, 2, 1],
      values: Float32Array.of(0, 100, 1, 101, 2, 102, 10, 110, 11, 111, 12, 112),
    })
  })
})

describe('the committed manifest', () => {
  const { alignment, calibration, input, meanTemplate } = starterManifest().roles.embedding

  test('puts the points of dlib 4 % outwards of the middle', () => {
    const middle = [(input.width - 1) / 2, (input.height - 1) / 2]
    alignment.forEach((point, i) => {
      point.forEach((value, axis) => {
        expect(value - middle[axis]!).toBeCloseTo((dlibPoints[i]![axis]! - middle[axis]!) / 0.96, 2)
      })
    })
  })

  test('has falling rates at rising thresholds, none below what its pairs support', () => {
    const { points, impostorPairs } = calibration
    points.slice(1).forEach((point, i) => {
      expect(point.fmr).toBeLessThan(points[i]!.fmr)
      expect(point.threshold).toBeGreaterThan(points[i]!.threshold)
    })
    expect(points.at(-1)!.fmr).toBeGreaterThanOrEqual(1 / impostorPairs)
  })

  test('has a mean of unit templates: shorter than one, longer than nothing', () => {
    expect(Math.hypot(...meanTemplate)).toBeGreaterThan(0.5)
    expect(Math.hypot(...meanTemplate)).toBeLessThan(1)
  })
})
