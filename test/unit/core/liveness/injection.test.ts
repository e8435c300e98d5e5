import { describe, expect, test } from 'vitest'
import { frameHash, freshInjection, type InjectionState, observed, virtualCameraOf } from '../../../../src/core/liveness/injection.ts'

/** Frames by their pictures, every 50 ms on both clocks. */
function watched(pictures: readonly number[], stepMs = 50, clock = (atMs: number) => atMs): InjectionState {
  return pictures.reduce(
    (state, hash, index) => observed(state, { hash, capturedAtMs: clock(1e6 + index * stepMs), arrivedAtMs: index * stepMs }),
    freshInjection(false),
  )
}
const many = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('frames that were fed in', () => {
  test('ordinary ones have no flag, nor has a frame that came twice', () => {
    expect(watched(many(400)).flags).toEqual([])
    expect(watched(many(400).map((index) => index >> 1)).flags).toEqual([])
  })

  test('a loop and a picture that stands still are found', () => {
    expect(watched(many(200).map((index) => index % 40)).flags).toEqual(['repeatedFrames'])
    expect(watched(many(100).map(() => 7)).flags).toEqual(['repeatedFrames'])
    expect(watched(many(40).map(() => 7)).flags).toEqual([])
  })

  test('times that cannot be are found', () => {
    expect(watched(many(50), 50, (atMs) => 2e6 - atMs).flags).toEqual(['impossibleTiming'])
    expect(watched(many(50), 50, (atMs) => atMs / 100).flags).toEqual(['impossibleTiming'])
    expect(watched(many(400), 50, (atMs) => (atMs - 1e6) * 1.5).flags).toEqual(['impossibleTiming'])
    expect(watched(many(400), 50, (atMs) => atMs * 1.0001).flags).toEqual([])
  })

  test('flags stay, and a virtual camera has one from the beginning', () => {
    const looped = watched(many(200).map((index) => index % 40))
    const after = many(300).reduce(
      (state, index) => observed(state, { hash: 1000 + index, capturedAtMs: 1e6 + 10_000 + index * 50, arrivedAtMs: 10_000 + index * 50 }),
      looped,
    )
    expect(after.flags).toEqual(['repeatedFrames'])
    expect(freshInjection(true).flags).toEqual(['virtualCamera'])
  })

  test('hashes tell one byte', () => {
    const bytes = new Uint8Array(1000).fill(9)
    const before = frameHash(bytes)
    expect(frameHash(bytes.slice())).toBe(before)
    bytes[777] = 8
    expect(frameHash(bytes)).not.toBe(before)
  })
})

test('virtual cameras are named, devices are not taken for them', () => {
  for (const label of [
    'OBS Virtual Camera',
    'ManyCam Virtual Webcam',
    'Snap Camera',
    'Dummy video device (0x0000)',
    'fake_device_0',
    'DroidCam Source 3',
  ])
    expect(virtualCameraOf(label)).toBeDefined()
  for (const label of ['Logitech BRIO (046d:085e)', 'Integrated Camera', 'HD Pro Webcam C920', 'FaceTime HD Camera', 'Jobs Camera', ''])
    expect(virtualCameraOf(label)).toBeUndefined()
})
