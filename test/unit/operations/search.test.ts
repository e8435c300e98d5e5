import { expect, test } from 'vitest'
import type { EmbeddingModel } from '../../../src/contract/processes.ts'
import type { StoredReference } from '../../../src/contract/records.ts'
import type { Threshold } from '../../../src/core/calibration.ts'
import type { MatcherPort, VaultPort } from '../../../src/operations/ports.ts'
import { searchGallery } from '../../../src/operations/search.ts'
import { codeOf } from '../../support/codeOf.ts'

const calibration = {
  impostorPairs: 1000,
  points: [
    { fmr: 0.1, threshold: 0.2 },
    { fmr: 0.001, threshold: 0.5 },
  ],
  provenance: 'a test',
}
const model = { id: 'm@1', dimension: 2, calibration } as unknown as EmbeddingModel
const threshold: Threshold = { threshold: 0.5, fmr: 0.001, supported: true }
const probe = Float32Array.of(1, 0)
const reference = (referenceNo: number, template = probe, made = 'm@1'): StoredReference => ({
  referenceNo,
  subjectId: `R-${referenceNo < 10 ? 1 : referenceNo}`,
  model: made,
  template,
})

/** A vault and a matcher of which each search and each reading is answered from a list; the last answer stays. */
function portsOf(searches: readonly number[][], stored: readonly StoredReference[][]) {
  let asked = 0
  const at = <T>(list: readonly T[], index: number) => list[Math.min(index, list.length - 1)] as T
  const matcher = {
    search: async () => {
      asked++
      return { candidates: at(searches, asked - 1).map((referenceNo) => ({ referenceNo, scoreMax: 1 })), sequence: asked, rows: 9 }
    },
  } as unknown as MatcherPort
  const vault = {
    references: (wanted: readonly number[]) => at(stored, asked - 1).filter(({ referenceNo }) => wanted.includes(referenceNo)),
  } as unknown as VaultPort
  return { ports: { matcher, vault }, asked: () => asked }
}

test('a subject who is enrolled again during the search is still found, by the new reference', async () => {
  const { ports, asked } = portsOf([[1], [2]], [[], [reference(2)]])
  expect(await searchGallery(ports, model, probe, threshold)).toMatchObject({ candidates: [{ id: 'R-1', comparisonScore: 1 }] })
  expect(asked()).toBe(2)
})

test('a subject who is erased during the search is not found', async () => {
  const { ports } = portsOf([[1, 11], [11]], [[reference(11)], [reference(11)]])
  expect(await searchGallery(ports, model, probe, threshold)).toMatchObject({ candidates: [{ id: 'R-11' }] })
})

test('the exact score decides, the matcher only proposes; templates of another model are left out', async () => {
  const stored = [reference(11), reference(12, Float32Array.of(0, 1)), reference(13, probe, 'other@1')]
  const { ports } = portsOf([[11, 12, 13]], [stored])
  expect((await searchGallery(ports, model, probe, threshold)).candidates.map(({ id }) => id)).toEqual(['R-11'])
})

test('a gallery that never agrees with the vault is refused, not answered from', async () => {
  const { ports } = portsOf([[1]], [[]])
  expect(await codeOf(searchGallery(ports, model, probe, threshold))).toBe('gallery.notReady')
})

test('enough subjects end the search early, and only then', async () => {
  // Three references of one subject stand before the one of another: the best 4 references hold 2 subjects, but 3 are wanted.
  const graded = (referenceNo: number, subjectId: string, score: number): StoredReference => ({
    referenceNo,
    subjectId,
    model: 'm@1',
    template: Float32Array.of(score, 0),
  })
  const stored = Array.from({ length: 3_000 }, (_, at) => graded(at + 1, at < 1_500 ? 'R-1' : `R-${at}`, 1 - at / 10_000))
  const limits: (number | undefined)[] = []
  const matcher = {
    search: async ({ limit }: { limit?: number }) => {
      limits.push(limit)
      return { candidates: stored.slice(0, limit).map(({ referenceNo }) => ({ referenceNo, scoreMax: 1 })), sequence: 1, rows: 3_000 }
    },
  } as unknown as MatcherPort
  const vault = { references: (wanted: readonly number[]) => stored.slice(0, wanted.length) } as unknown as VaultPort
  const { candidates } = await searchGallery({ matcher, vault }, model, probe, threshold, 2)
  expect(candidates.slice(0, 2).map(({ id }) => id)).toEqual(['R-1', 'R-1500'])
  expect(limits).toEqual([1_000, 2_000])
})
