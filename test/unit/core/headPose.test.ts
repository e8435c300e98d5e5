import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalHead } from '../../../src/core/pose/canonicalHead.ts'
import { headPoseOf, pitchZeroOf } from '../../../src/core/pose/headPose.ts'

const radians = (degrees: number) => (degrees * Math.PI) / 180

/** The canonical head turned by Rx(pitch) Ry(yaw) Rz(roll) and seen from afar. */
function seen(
  { yaw, pitch, roll }: { yaw: number; pitch: number; roll: number },
  scale: number,
  at: readonly [number, number],
): Float32Array {
  const [cy, sy] = [Math.cos(radians(yaw)), Math.sin(radians(yaw))]
  const [cp, sp] = [Math.cos(radians(pitch)), Math.sin(radians(pitch))]
  const [cr, sr] = [Math.cos(radians(roll)), Math.sin(radians(roll))]
  const points = new Float32Array(468 * 2)
  for (const { index, x, y, z } of canonicalHead) {
    const [x1, y1] = [cr * x - sr * y, sr * x + cr * y]
    const [x2, z2] = [cy * x1 + sy * z, -sy * x1 + cy * z]
    points[index * 2] = at[0] + scale * x2
    points[index * 2 + 1] = at[1] - scale * (cp * y1 - sp * z2)
  }
  return points
}

const angle = (max: number) => fc.double({ min: -max, max, noNaN: true })

describe('head pose', () => {
  test('finds the rotation that was made, wherever and however large the head is', () => {
    const head = fc.record({ yaw: angle(60), pitch: angle(50), roll: angle(80) })
    const scale = fc.double({ min: 2, max: 60, noNaN: true })
    fc.assert(
      fc.property(head, scale, angle(2000), angle(2000), (made, size, x, y) => {
        const pose = headPoseOf(seen(made, size, [x, y]), 2)!
        for (const name of ['yaw', 'pitch', 'roll'] as const) expect(pose[name]).toBeCloseTo(made[name], 1)
      }),
    )
  })

  test('has the signs of ISO/IEC 39794-5', () => {
    const zero = { yaw: 0, pitch: 0, roll: 0 }
    const noseOf = (points: Float32Array) => [points[8]!, points[9]!] as const
    const level = noseOf(seen(zero, 10, [0, 0]))
    // To the own left is to the right of the picture; looking down lowers the nose; the own right shoulder is at the left of the picture.
    expect(noseOf(seen({ ...zero, yaw: 20 }, 10, [0, 0]))[0]).toBeGreaterThan(level[0] + 10)
    expect(noseOf(seen({ ...zero, pitch: 20 }, 10, [0, 0]))[1]).toBeGreaterThan(level[1] + 10)
    const tipped = seen({ ...zero, roll: 20 }, 10, [0, 0])
    expect(tipped[10 * 2]!).toBeLessThan(-10)
  })

  test('takes off what the camera measures of a level head', () => {
    expect(headPoseOf(seen({ yaw: 0, pitch: 12, roll: 0 }, 10, [0, 0]), 2, 10)!.pitch).toBeCloseTo(2, 1)
    expect(pitchZeroOf([4, 40, 5, 6, 5])).toBe(5)
    expect(pitchZeroOf([90])).toBe(20)
    expect(pitchZeroOf([])).toBeUndefined()
  })

  test('says where the points are no head', () => {
    expect(headPoseOf(new Float32Array(936), 2)).toBeUndefined()
  })
})
