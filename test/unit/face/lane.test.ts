import { expect, test } from 'vitest'
import { Lane, waitingBytesMax } from '../../../src/face/lane.ts'
import { medianTimings, repeated, repeatMsMax } from '../../../src/face/stages.ts'

const pause = () => new Promise((resolve) => setImmediate(resolve))

test('work runs one at a time, in order, also after a failure', async () => {
  const lane = new Lane()
  const seen: string[] = []
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} starts`)
      await pause()
      seen.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }
  const results = await Promise.allSettled([lane.run(1, work('a', true)), lane.run(1, work('b')), lane.run(1, work('c'))])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
})

test('is busy while something runs or waits, also what fails', async () => {
  const lane = new Lane()
  expect(lane.busy).toBe(false)
  const [first, second] = [lane.run(1, async () => 1), lane.run(1, () => Promise.reject(new Error('no')))]
  expect(lane.busy).toBe(true)
  await first
  expect(lane.busy).toBe(true)
  await expect(second).rejects.toThrow('no')
  expect(lane.busy).toBe(false)
})

test('too many waiting bytes are refused, and taken again when the line is short', async () => {
  const lane = new Lane()
  const first = lane.run(waitingBytesMax, pause)
  expect(() => lane.run(1, pause)).toThrow(expect.objectContaining({ code: 'rate.limited' }))
  await first
  await expect(lane.run(waitingBytesMax + 1, async () => 'alone')).resolves.toBe('alone')
})

test('repeats are measured after a warm-up that does not count', async () => {
  let nowMs = 0
  let runs = 0
  const { value, timings } = await repeated(
    3,
    () => nowMs,
    async (clock) => {
      runs++
      await clock.time('detectMs', () => {
        nowMs += [500, 10, 90, 20][runs - 1]!
      })
      nowMs += 1
      return runs
    },
  )
  expect([runs, value]).toEqual([4, 4])
  expect(timings).toEqual({ decodeMs: 0, detectMs: 20, landmarksMs: 0, alignMs: 0, embedMs: 0, totalMs: 21 })
})

test('a single run is not warmed up, and the median of two is their mean', async () => {
  let runs = 0
  await repeated(
    1,
    () => 0,
    async () => ++runs,
  )
  expect(runs).toBe(1)
  const timings = (totalMs: number) => ({ decodeMs: 0, detectMs: 0, landmarksMs: 0, alignMs: 0, embedMs: 0, totalMs })
  expect(medianTimings([timings(1), timings(4)]).totalMs).toBe(2.5)
})

test('repeats end where they would keep others waiting, with the medians of those that ran', async () => {
  let nowMs = 0
  let runs = 0
  const { timings } = await repeated(
    1000,
    () => nowMs,
    async () => {
      runs++
      nowMs += repeatMsMax / 4
    },
  )
  expect(runs).toBe(4)
  expect(timings.totalMs).toBe(repeatMsMax / 4)
})
