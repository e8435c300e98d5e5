/** Families of imported packs: numbers in, faces out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DetectorManifest, filesOf, modelIdOf, PackManifest, type PadManifest } from '../../../src/contract/manifest.ts'
import type { AffineMap } from '../../../src/core/geometry.ts'
import { bestDetections, type Detection, type NetworkOutput, ownFivePoints, topLeftMap } from '../../../src/face/families/detection.ts'
import { padMap, padRegion, personScore } from '../../../src/face/families/minifasnet.ts'
import { scrfd } from '../../../src/face/families/scrfd.ts'
import { yunet } from '../../../src/face/families/yunet.ts'
import { starterManifest } from '../../../src/face/starter/manifest.ts'
import { codeOf } from '../../support/codeOf.ts'

const strides = [8, 16, 32]
const sidePx = 64
const manifestOf = (family: DetectorManifest['family']): DetectorManifest => ({
  file: 'd.onnx',
  sha256: '0'.repeat(64),
  bytes: 1,
  source: 'x',
  upstream: 'x',
  licence: 'MIT',
  family,
  input: { width: sidePx, height: sidePx, channels: 'BGR', mean: [0, 0, 0], scale: [1, 1, 1] },
  scoreThreshold: 0.5,
  overlapMax: 0.3,
})
/** Twice the input's size, moved by (10, 20). */
const twice: AffineMap = [2, 0, 10, 0, 2, 20]

function outputsOf(each: readonly number[], perCell: number): Map<string, NetworkOutput> {
  const outputs = new Map<string, NetworkOutput>()
  for (const stride of strides) {
    const cells = (sidePx / stride) ** 2 * perCell
    for (const [at, numbers] of each.entries()) {
      outputs.set(`${stride}/${at}`, { data: new Float32Array(cells * numbers), dims: [1, cells, numbers] })
    }
  }
  return outputs
}

describe('YuNet', () => {
  /** A face in column 2, row 1 of the middle grid: centre at (2.5, 1.25) strides, two strides wide and e high. */
  function outputs() {
    const made = outputsOf([1, 1, 4, 10], 1)
    const cell = 1 * 4 + 2
    made.get('16/0')!.data[cell] = 0.9
    made.get('16/1')!.data[cell] = 0.4
    made.get('16/2')!.data.set([0.5, 0.25, Math.log(2), 1], cell * 4)
    made.get('16/3')!.data.set([0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1], cell * 10)
    return [...made.values()]
  }

  test('gives box, score and points in the picture, whatever the order of the outputs', () => {
    for (const order of [outputs(), outputs().reverse()]) {
      const [face, ...more] = yunet.decode(order, manifestOf('yunet'), twice)
      expect(more).toEqual([])
      expect(face!.detectionScore).toBeCloseTo(0.6)
      expect(face!.box.x).toBeCloseTo((40 - 16) * 2 + 10)
      expect(face!.box.y).toBeCloseTo((20 - Math.E * 8) * 2 + 20, 4)
      expect(face!.box.width).toBeCloseTo(64)
      expect(ownFivePoints(face!)).toEqual({
        left_eye: [74, 52],
        right_eye: [106, 52],
        nose: [90, 68],
        left_mouth: [74, 84],
        right_mouth: [106, 84],
      })
    }
  })

  test('refuses outputs of another shape', async () => {
    expect(await codeOf(async () => yunet.decode(outputs().slice(1), manifestOf('yunet'), twice))).toBe('inference.failed')
  })
})

describe('SCRFD', () => {
  function outputs() {
    const made = outputsOf([1, 4, 10], 2)
    const anchor = (1 * 2 + 1) * 2 + 1
    made.get('32/0')!.data[anchor] = 0.8
    made.get('32/1')!.data.set([0.5, 0.25, 0.5, 0.75], anchor * 4)
    made.get('32/2')!.data.set([-0.25, 0, 0.25, 0, 0, 0.25, -0.25, 0.5, 0.25, 0.5], anchor * 10)
    return [...made.values()]
  }

  test('takes distances from the corner of the cell', () => {
    const [face] = scrfd.decode(outputs(), manifestOf('scrfd'), [1, 0, 0, 0, 1, 0])
    expect(face).toMatchObject({ box: { x: 16, y: 24, width: 32, height: 32 } })
    expect(face!.detectionScore).toBeCloseTo(0.8)
    expect(face!.keypoints).toEqual([
      [24, 32],
      [40, 32],
      [32, 40],
      [24, 48],
      [40, 48],
    ])
  })

  test('refuses outputs of another shape', async () => {
    expect(await codeOf(async () => scrfd.decode(outputs().slice(1), manifestOf('scrfd'), twice))).toBe('inference.failed')
  })
})

test('of faces that overlap the best stays', () => {
  const at = (x: number, detectionScore: number): Detection => ({ box: { x, y: 0, width: 10, height: 10 }, detectionScore, keypoints: [] })
  expect(bestDetections([at(0, 0.6), at(1, 0.9), at(30, 0.7)], 0.3).map(({ box }) => box.x)).toEqual([1, 30])
})

test('a picture is looked at from its top left, its longer side filling the input', () => {
  expect(topLeftMap({ x: 5, y: 6, width: 128, height: 32 }, { width: 64, height: 64 })).toEqual([2, 0, 5, 0, 2, 6])
})

describe('MiniFASNet', () => {
  const network: PadManifest['networks'][number] = {
    ...manifestOf('yunet'),
    input: { width: 80, height: 80, channels: 'BGR', mean: [0, 0, 0], scale: [1, 1, 1] },
    cropScale: 2.7,
    outputs: 'probabilities',
    personClass: 1,
  }

  test('looks at the widened box, shifted into the picture and no larger than it', () => {
    const picture = { width: 400, height: 300 }
    expect(padRegion({ x: 150, y: 100, width: 50, height: 60 }, picture, 2)).toEqual({ x: 125, y: 70, width: 100, height: 120 })
    expect(padRegion({ x: 0, y: 0, width: 50, height: 60 }, picture, 2)).toEqual({ x: 0, y: 0, width: 100, height: 120 })
    const large = padRegion({ x: 100, y: 100, width: 150, height: 150 }, picture, 4)
    expect(large.height).toBeCloseTo(299)
    expect(large.y + large.height).toBeLessThanOrEqual(300)
    expect(padMap({ x: 10, y: 20, width: 160, height: 80 }, network)).toEqual([2, 0, 10, 0, 1, 20])
  })

  test('gives the share of its class', async () => {
    expect(personScore(Float32Array.of(0.1, 0.7, 0.2), network)).toBeCloseTo(0.7)
    expect(personScore(Float32Array.of(1, 1 + Math.log(2), 1), { ...network, outputs: 'logits' })).toBeCloseTo(0.5)
    expect(await codeOf(async () => personScore(Float32Array.of(3, 4, 5), network))).toBe('inference.failed')
    expect(await codeOf(async () => personScore(Float32Array.of(1), network))).toBe('inference.failed')
  })
})

describe('manifests', () => {
  const folder = join(import.meta.dirname, '../../../models/manifests')
  const manifests = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown] as const)

  test.each(manifests)('%s is one, and names source and licence of each file', (name, content) => {
    const manifest = PackManifest.parse(content)
    expect(`${manifest.id}.json`).toBe(name)
    expect(filesOf(manifest).length).toBeGreaterThan(1)
  })

  test('the model id names the pack that lends the points', () => {
    const standard = PackManifest.parse(Object.fromEntries(manifests)['standard.json'])
    const starter = starterManifest()
    expect(modelIdOf(standard, starter)).toBe('standard@1.0.0')
    const { points: _, ...byMesh } = standard.roles.embedding
    expect(modelIdOf({ ...standard, roles: { ...standard.roles, embedding: byMesh } }, starter)).toBe(
      `standard@1.0.0+starter@${starter.version}`,
    )
    expect(modelIdOf(starter, undefined)).toBe(`starter@${starter.version}`)
    expect(modelIdOf(starter, starter)).toBe(`starter@${starter.version}`)
  })

  test('points of a detector need a detector that places five', () => {
    const standard = PackManifest.parse(Object.fromEntries(manifests)['standard.json'])
    const { detector: _, ...withoutDetector } = standard.roles
    expect(PackManifest.safeParse({ ...standard, roles: withoutDetector }).success).toBe(false)
  })

  test('a file that is named twice is refused', () => {
    const standard = PackManifest.parse(Object.fromEntries(manifests)['standard.json'])
    const [first] = standard.roles.pad!.networks
    const twiceNamed = { ...standard, roles: { ...standard.roles, pad: { ...standard.roles.pad!, networks: [first, first] } } }
    expect(PackManifest.safeParse(twiceNamed).success).toBe(false)
  })
})
