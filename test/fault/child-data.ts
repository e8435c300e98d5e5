/** What the child enrols, so that its parent can tell whether it is all there. */
import type { DraftContent } from '../../src/contract/intake.ts'
import type { Vault } from '../../src/vault/vault.ts'
import type { Entry } from './model.ts'

export const childModel = 'drawn@1.0.0'
export const childSegmentRows = 16
export const childGallery = { id: childModel, meanTemplate: new Float32Array(128) }

/** Of unit length. */
export function childTemplate(seed: number): Float32Array {
  const values = Float64Array.from({ length: 128 }, (_, at) => Math.sin(seed * 131 + at))
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

/** Most pictures fit into a page; every seventh takes some. */
export function childPicture(seed: number): Buffer {
  return Buffer.from(Array.from({ length: seed % 7 === 0 ? 20_000 : 1_500 }, (_, at) => (seed * 31 + at * at) & 0xff))
}

/** Who a draft is about. */
export const entryOfDraft = (seed: number): Entry => ({ id: `S-${seed}`, name: `Name Nr${seed}`, seeds: [seed] })

export const draftsIn = (vault: Vault) =>
  vault.drafts.list<DraftContent>({ states: ['draft'], owner: 'everybody', limit: 1000, after: 0 }).records
