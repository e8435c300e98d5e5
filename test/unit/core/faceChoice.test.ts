import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseFace, type FaceEvidence, subjectWeight } from '../../../src/core/faceChoice.ts'

const picture = { width: 1000, height: 800 }
const face = (x: number, y: number, side: number, detectionScore = 0.9, sharpness = 0.04): FaceEvidence => ({
  box: { x: x - side / 2, y: y - side / 2, width: side, height: side },
  detectionScore,
  sharpness,
})
const anyFace = fc
  .tuple(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 0, max: 800 }),
    fc.integer({ min: 20, max: 500 }),
    fc.double({ min: 0.5, max: 1, noNaN: true }),
    fc.double({ min: 0.0005, max: 0.2, noNaN: true }),
  )
  .map(([x, y, side, score, sharpness]) => face(x, y, side, score, sharpness))

describe('the subject', () => {
  test.each([
    ['is the only face', [face(900, 700, 60)], 0],
    ['is the sharp one before a blurred bystander with a larger box', [face(200, 350, 330, 0.9, 0.003), face(520, 420, 260)], 1],
    [
      'is the sharper one where a crisp camera leaves even the blurred one some detail',
      [face(200, 350, 300, 0.9, 0.03), face(520, 420, 260, 0.9, 0.2)],
      1,
    ],
    ['is the large one beside a small one at the edge', [face(500, 400, 300), face(960, 300, 120)], 0],
    ['is the large one, whatever a tiny spurious detection says', [face(30, 780, 30, 0.99, 0.2), face(480, 380, 280)], 1],
    ['is the central one of two of the same size where the other is cut by the edge', [face(500, 400, 250), face(1000, 150, 250)], 0],
    ['is the larger of two in a picture that is soft all over', [face(500, 400, 300, 0.9, 0.002), face(150, 400, 150, 0.9, 0.0035)], 0],
  ] as const)('%s', (_, faces, index) => {
    expect(chooseFace(faces, picture)).toEqual({ kind: 'chosen', index })
  })

  test('is nobody where two are close', () => {
    expect(chooseFace([face(300, 400, 250), face(700, 400, 255)], picture)).toMatchObject({ kind: 'ambiguous' })
  })

  test('is nobody in an empty picture', () => {
    expect(chooseFace([], picture)).toEqual({ kind: 'none' })
    expect(chooseFace([face(-500, -500, 100)], picture)).toEqual({ kind: 'none' })
  })
})

test('the choice does not depend on the order or the size of the picture', () => {
  fc.assert(
    fc.property(fc.array(anyFace, { minLength: 1, maxLength: 6 }), fc.double({ min: 0.2, max: 5, noNaN: true }), (faces, scale) => {
      const choice = chooseFace(faces, picture)
      const reversed = chooseFace([...faces].reverse(), picture)
      expect(reversed.kind).toBe(choice.kind)
      if (choice.kind === 'chosen' && reversed.kind === 'chosen') expect(faces.length - 1 - reversed.index).toBe(choice.index)
      const scaled = faces.map(({ box, ...rest }) => ({
        ...rest,
        box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
      }))
      const other = { width: picture.width * scale, height: picture.height * scale }
      expect(subjectWeight(scaled[0]!, other, 0.04)).toBeCloseTo(subjectWeight(faces[0]!, picture, 0.04), 9)
    }),
  )
})

test('a face weighs more the larger, surer, sharper and nearer to the centre it is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 200 }),
      fc.double({ min: 0.5, max: 0.9, noNaN: true }),
      fc.double({ min: 0.001, max: 0.1, noNaN: true }),
      (side, score, sharpness) => {
        const weight = (x: number, s: number, d: number, q: number) => subjectWeight(face(x, 400, s, d, q), picture, 0.04)
        const plain = weight(300, side, score, sharpness)
        expect(weight(300, side * 1.1, score, sharpness)).toBeGreaterThan(plain)
        expect(weight(300, side, score * 1.1, sharpness)).toBeGreaterThan(plain)
        expect(weight(300, side, score, sharpness * 1.1)).toBeGreaterThan(plain)
        expect(weight(400, side, score, sharpness)).toBeGreaterThan(plain)
      },
    ),
  )
})
