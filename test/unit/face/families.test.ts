import { describe, expect, test } from 'vitest'
import { applyMap, type Point } from '../../../src/core/geometry.ts'
import { blazefaceAnchors, decodeBlazeface, joinOutputs, letterboxMap, mergeDetections } from '../../../src/face/families/blazeface.ts'
import type { Detection } from '../../../src/face/families/detection.ts'
import { alignmentMap, templateOf } from '../../../src/face/families/dlib150.ts'
import {
  decodeFacemesh,
  fivePointsOfDetection,
  fivePointsOfMesh,
  meshPointCount,
  regionOfDetection,
  regionOfMesh,
} from '../../../src/face/families/facemesh.ts'
import { dlibPoints } from '../../support/dlibPoints.ts'

const alignment = dlibPoints.map(([x, y]) => [x, y]) as Parameters<typeof alignmentMap>[1]

describe('BlazeFace', () => {
  const anchors = blazefaceAnchors(256)

  test('has 512 anchors on the fine grid and 384 on the coarse one', () => {
    expect(anchors).toHaveLength(896)
    expect(anchors[0]).toEqual([8, 8])
    expect(anchors[2]).toEqual([24, 8])
    expect(anchors[512]).toEqual([16, 16])
    expect(anchors[895]).toEqual([240, 240])
  })

  test('reads a face at its anchor, in pixels of a picture that is not square', () => {
    const scores = new Float32Array(896).fill(-20)
    const boxes = new Float32Array(896 * 16)
    scores[700] = 3
    boxes.set([4, -2, 60, 50, -10, -8, 10, -8], 700 * 16)
    const map = letterboxMap({ x: 0, y: 0, width: 1024, height: 512 }, 256)
    const [found, ...rest] = decodeBlazeface({ scores, boxes }, anchors, map, 0.5, 0.3)
    const [x, y] = anchors[700]!
    expect(rest).toHaveLength(0)
    expect(found?.detectionScore).toBeCloseTo(1 / (1 + Math.exp(-3)))
    expect(found?.box).toEqual({ x: (x + 4 - 30) * 4, y: (y - 2 - 25) * 4 - 256, width: 240, height: 200 })
    expect(found?.keypoints[1]).toEqual([(x + 10) * 4, (y - 8) * 4 - 256])
  })

  test('knows its outputs by their size in any order, and refuses others', () => {
    const outputs = [512 * 16, 384, 384 * 16, 512].map((length, index) => new Float32Array(length).fill(index + 1))
    const { scores, boxes } = joinOutputs(outputs, 256)
    expect([scores[0], scores[512], boxes[0], boxes[512 * 16]]).toEqual([4, 2, 1, 3])
    expect(() => joinOutputs(outputs.slice(1), 256)).toThrow(expect.objectContaining({ code: 'inference.failed' }))
  })

  test('averages what overlaps, weighted by score, and keeps what does not', () => {
    const at = (x: number, detectionScore: number): Detection => ({
      box: { x, y: 0, width: 10, height: 10 },
      detectionScore,
      keypoints: [[x, 0]],
    })
    const merged = mergeDetections([at(1, 0.3), at(50, 0.5), at(0, 0.9)], 0.3)
    expect(merged).toHaveLength(2)
    expect(merged[0]).toMatchObject({ detectionScore: 0.9, box: { x: 0.25 } })
    expect(merged[0]?.keypoints[0]?.[0]).toBeCloseTo(0.25)
    expect(merged[1]).toMatchObject({ detectionScore: 0.5, box: { x: 50 } })
  })

  test('leaves out boxes without a size and scores that are no numbers', () => {
    const scores = new Float32Array(896).fill(-20)
    scores[0] = 5
    scores[1] = Number.NaN
    expect(
      decodeBlazeface(
        { scores, boxes: new Float32Array(896 * 16) },
        anchors,
        letterboxMap({ x: 0, y: 0, width: 9, height: 9 }, 256),
        0.5,
        0.3,
      ),
    ).toEqual([])
  })
})

describe('Face Mesh', () => {
  const detection: Detection = {
    box: { x: 100, y: 200, width: 80, height: 60 },
    detectionScore: 1,
    keypoints: [
      [110, 220],
      [170, 280],
      [140, 250],
      [140, 260],
      [0, 0],
      [0, 0],
    ],
  }

  test('looks around the box, turned to the eyes', () => {
    const region = regionOfDetection(detection, 1.5)
    expect(region).toMatchObject({ centre: [140, 230], side: 120 })
    expect(region.angleRad).toBeCloseTo(Math.PI / 4)
  })

  test('puts points of the region back into the picture', () => {
    const region = { centre: [140, 230] as const, side: 96, angleRad: Math.PI / 2 }
    const values = new Float32Array(1404).fill(96)
    values.set([192, 96, 10])
    const { points, presence } = decodeFacemesh([Float32Array.of(0.9), values], region, 192)
    expect(presence).toBeCloseTo(0.9)
    expect([points[0], points[1], points[2]].map((value) => Math.round(value! * 1000) / 1000)).toEqual([140, 278, 5])
    expect([points[3], points[4]]).toEqual([140, 230])
    expect(() => decodeFacemesh([values], region, 192)).toThrow(expect.objectContaining({ code: 'inference.failed' }))
  })

  test('finds the same region again from its own points, whatever the tilt', () => {
    for (const angleRad of [0, 0.7, -1.2]) {
      const region = { centre: [300, 200] as const, side: 150, angleRad }
      const values = new Float32Array(1404).fill(96)
      for (let index = 0; index < 468; index++) values.set([32 + ((index * 37) % 129), 32 + ((index * 53) % 129), 0], index * 3)
      for (const [index, x] of [
        [33, 60],
        [133, 80],
        [362, 112],
        [263, 132],
      ] as const)
        values.set([x, 80, 0], index * 3)
      const { points } = decodeFacemesh([Float32Array.of(1), values], region, 192)
      const again = regionOfMesh(points, 1.5)
      expect(again.angleRad).toBeCloseTo(angleRad)
      expect(again.side).toBeCloseTo(150, 0)
      expect(again.centre[0]).toBeCloseTo(300, 0)
      expect(again.centre[1]).toBeCloseTo(200, 0)
    }
  })

  test('takes the tip of the nose where 68-point landmarks have it', () => {
    const points = Float32Array.from({ length: 3 * meshPointCount }, (_, at) => at)
    const five = fivePointsOfMesh(points)
    expect(five.nose).toEqual([3 * 4, 3 * 4 + 1])
    expect(five.left_mouth).toEqual([3 * 61, 3 * 61 + 1])
    expect(five.left_eye).toEqual([(3 * (33 + 133)) / 2, (3 * (33 + 133)) / 2 + 1])
  })

  test('guesses the corners of the mouth from a detection alone', () => {
    const five = fivePointsOfDetection({
      ...detection,
      keypoints: [
        [0, 0],
        [50, 0],
        [25, 20],
        [25, 40],
      ],
    })
    expect(five).toEqual({ left_eye: [0, 0], right_eye: [50, 0], nose: [25, 20], left_mouth: [5, 40], right_mouth: [45, 40] })
  })
})

describe('dlib-150', () => {
  test('carries the points of the manifest onto those of the face', () => {
    const place = ([x, y]: Point): [number, number] => [(x + 0.5) * 3 + 40, (y + 0.5) * 3 - 7]
    const [left_eye, right_eye, nose, left_mouth, right_mouth] = dlibPoints.map(place) as [
      [number, number],
      [number, number],
      [number, number],
      [number, number],
      [number, number],
    ]
    const map = alignmentMap({ left_eye, right_eye, nose, left_mouth, right_mouth }, alignment)
    expect(applyMap(map, [47.55 + 0.5, 46.6 + 0.5])[0]).toBeCloseTo(left_eye[0])
    expect(map[0]).toBeCloseTo(3)
    expect(map[1]).toBeCloseTo(0)
  })

  test('refuses landmarks that lie in one place', () => {
    const at: [number, number] = [5, 5]
    const points = { left_eye: at, right_eye: at, nose: at, left_mouth: at, right_mouth: at }
    expect(() => alignmentMap(points, alignment)).toThrow(expect.objectContaining({ code: 'face.alignmentFailed' }))
  })

  test('averages the mirror pair at unit length', () => {
    expect([...templateOf(Float32Array.of(3, 0, 0, 4), 2, 2)].map((value) => Number(value.toFixed(6)))).toEqual([0.6, 0.8])
    expect([...templateOf(Float32Array.of(0, -2), 2, 1)]).toEqual([0, -1])
  })

  test.each([
    ['another size', Float32Array.of(1, 2, 3), 2],
    ['no direction', new Float32Array(4), 2],
    ['something that is no number', Float32Array.of(Number.NaN, 1, 1, 1), 2],
  ] as const)('refuses %s', (_, values, pictures) => {
    expect(() => templateOf(values, 2, pictures)).toThrow(expect.objectContaining({ code: 'inference.failed' }))
  })
})
