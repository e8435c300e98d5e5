import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type {
  EmbeddingModel,
  GalleryBlockRows,
  GalleryChange,
  GalleryLabels,
  GalleryRows,
  MatcherFunctions,
} from '../../../src/contract/processes.ts'
import type { GalleryBatch, GalleryBlockPart, GalleryHandOver } from '../../../src/contract/records.ts'
import type { Unwrapped, VaultPort } from '../../../src/operations/ports.ts'
import { GalleryFeed } from '../../../src/station/galleryFeed.ts'

const model = { id: 'm@1', dimension: 2, meanTemplate: new Float32Array(2) } as EmbeddingModel

/** As opaque as the real one. */
const blockOf = (referenceNo: number, template: Float32Array) => new Uint8Array(Float64Array.of(referenceNo, ...template).buffer)

/** A vault of which only the gallery is asked, with changes that can be committed while it is read. */
class FakeVault {
  sequence = 0
  rows = new Map<number, Float32Array>()
  labels = new Map<number, number>()
  commit(referenceNo: number, remove?: number) {
    this.sequence++
    const template = Float32Array.of(referenceNo, this.sequence)
    this.rows.set(referenceNo, template)
    if (referenceNo % 3 === 0) this.labels.set(referenceNo, this.sequence)
    if (remove !== undefined) {
      this.rows.delete(remove)
      this.labels.delete(remove)
    }
    return {
      change: { sequence: this.sequence, referenceNos: [referenceNo], removedReferenceNos: remove === undefined ? [] : [remove] },
      added: [{ referenceNo, template }],
    }
  }
  relabel(referenceNo: number) {
    this.sequence++
    this.labels.set(referenceNo, this.sequence)
    const change = { sequence: this.sequence, referenceNos: [], removedReferenceNos: [], relabelledReferenceNos: [referenceNo] }
    return { change, added: [] }
  }
  readonly references = {
    labelBitsOf: (referenceNos: readonly number[]) => Uint32Array.from(referenceNos, (no) => this.labels.get(no) ?? 0),
  }
  readonly galleries = {
    handOver: (): GalleryHandOver => {
      const snapshot = [...this.rows]
      return { sequence: this.sequence, rows: snapshot.length, parts: this.#parts(snapshot), labels: this.#labels() }
    },
  }
  /** Every other row comes as a block. */
  async *#parts(snapshot: readonly [number, Float32Array][]): AsyncGenerator<GalleryBatch | GalleryBlockPart> {
    for (const [index, [referenceNo, template]] of snapshot.entries()) {
      const batch = { referenceNos: Uint32Array.of(referenceNo), templates: template }
      if (index % 2 === 0) yield batch
      else yield { block: blockOf(referenceNo, template), rows: 1, without: new Uint32Array(), instead: () => [batch] }
    }
  }
  *#labels(): Iterable<GalleryLabels> {
    for (const [referenceNo, label] of [...this.labels]) {
      yield { referenceNos: Uint32Array.of(referenceNo), labels: Uint32Array.of(label) }
    }
  }
}

/** A matcher that keeps rows as the real one does: replaces what is there, answers false on a gap. */
class FakeMatcher {
  rows = new Map<number, Float32Array>()
  labels = new Map<number, number>()
  sequence = -1
  onLoad: (() => void) | undefined
  refusesBlocks = false
  async begin() {
    this.rows.clear()
    this.labels.clear()
    return null
  }
  async loadRows(rows: GalleryRows) {
    this.#add(rows)
    this.onLoad?.()
    await Promise.resolve()
    return null
  }
  async loadBlock({ block }: GalleryBlockRows) {
    if (this.refusesBlocks) throw new VultusError('gallery.blockRefused')
    const [referenceNo, ...template] = new Float64Array(block.slice().buffer) as unknown as [number, number, number]
    this.#add({ referenceNos: Uint32Array.of(referenceNo), templates: Float32Array.from(template) })
    this.onLoad?.()
    await Promise.resolve()
    return null
  }
  async loadLabels(labelled: GalleryLabels) {
    this.#label(labelled)
    this.onLoad?.()
    await Promise.resolve()
    return null
  }
  async ready({ sequence }: { sequence: number }) {
    this.sequence = sequence
    await Promise.resolve()
    return null
  }
  async apply(change: GalleryChange) {
    if (change.sequence !== this.sequence + 1) return false
    await Promise.resolve()
    this.sequence = change.sequence
    this.#add(change.added)
    for (const referenceNo of change.removed) {
      this.rows.delete(referenceNo)
      this.labels.delete(referenceNo)
    }
    if (change.relabelled !== undefined) this.#label(change.relabelled)
    return true
  }
  #add({ referenceNos, templates, labels }: GalleryRows) {
    for (const [index, referenceNo] of referenceNos.entries()) {
      this.rows.set(referenceNo, templates.slice(index * 2, index * 2 + 2))
      this.#label({ referenceNos: Uint32Array.of(referenceNo), labels: Uint32Array.of(labels?.[index] ?? 0) })
    }
  }
  #label({ referenceNos, labels }: GalleryLabels) {
    for (const [index, referenceNo] of referenceNos.entries()) {
      this.labels.delete(referenceNo)
      if (this.rows.has(referenceNo) && labels[index] !== 0) this.labels.set(referenceNo, labels[index] as number)
    }
  }
}

const asMatcher = (matcher: FakeMatcher) => matcher as unknown as Unwrapped<MatcherFunctions>
const asVault = (vault: FakeVault) => vault as unknown as VaultPort

describe('GalleryFeed', () => {
  it('ends with the vault in the matcher, however commits fall between the batches of a load', async () => {
    const schedule = fc.array(fc.record({ during: fc.boolean(), remove: fc.boolean(), relabel: fc.boolean() }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 6 }), schedule, async (before, commits) => {
        const vault = new FakeVault()
        const matcher = new FakeMatcher()
        const feed = new GalleryFeed({
          onGap: () => expect.unreachable('no gap can arise'),
          onProgress: () => undefined,
          log: () => undefined,
        })
        for (let row = 1; row <= before; row++) vault.commit(row)
        const published: Promise<void>[] = []
        let next = before + 1
        const commit = ({ remove, relabel }: { remove: boolean; relabel: boolean }) => {
          const labelled = relabel ? [...vault.rows.keys()].at(-1) : undefined
          const { change, added } =
            labelled === undefined ? vault.commit(next++, remove && next > 2 ? next - 2 : undefined) : vault.relabel(labelled)
          published.push(feed.publish(change, added))
        }
        const during = commits.filter((entry) => entry.during)
        matcher.onLoad = () => {
          const entry = during.shift()
          if (entry) commit(entry)
        }
        await feed.load(asMatcher(matcher), model, asVault(vault))
        for (const entry of commits.filter((one) => !one.during)) {
          commit(entry)
          await published.at(-1)
        }
        await Promise.all(published)
        expect(matcher.rows).toEqual(vault.rows)
        expect(matcher.labels).toEqual(vault.labels)
        expect(matcher.sequence).toBe(vault.sequence)
      }),
    )
  })

  it('asks for a new load on a gap and does not fail the commit', async () => {
    const vault = new FakeVault()
    const matcher = new FakeMatcher()
    let gaps = 0
    const feed = new GalleryFeed({ onGap: () => gaps++, onProgress: () => undefined, log: () => undefined })
    await feed.load(asMatcher(matcher), model, asVault(vault))
    vault.commit(1)
    const { change, added } = vault.commit(2)
    await feed.publish(change, added)
    expect(gaps).toBe(1)
  })

  it('does not fail the commit when the matcher has ended', async () => {
    const vault = new FakeVault()
    const matcher = new FakeMatcher()
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: () => undefined })
    await feed.load(asMatcher(matcher), model, asVault(vault))
    matcher.apply = () => Promise.reject(new VultusError('process.restarted'))
    const { change, added } = vault.commit(1)
    await expect(feed.publish(change, added)).resolves.toBeUndefined()
  })

  it('asks for a new load where a living matcher did not take a change, and does not fail the commit', async () => {
    const vault = new FakeVault()
    const matcher = new FakeMatcher()
    let gaps = 0
    const feed = new GalleryFeed({ onGap: () => gaps++, onProgress: () => undefined, log: () => undefined })
    await feed.load(asMatcher(matcher), model, asVault(vault))
    matcher.apply = () => Promise.reject(new VultusError('resource.exhausted'))
    const { change, added } = vault.commit(1)
    await expect(feed.publish(change, added)).resolves.toBeUndefined()
    expect(gaps).toBe(1)
  })

  it('does not call a gallery loaded that misses a change of the meantime', async () => {
    const vault = new FakeVault()
    vault.commit(1)
    const matcher = new FakeMatcher()
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: () => undefined })
    matcher.onLoad = () => {
      vault.commit(2)
      const { change, added } = vault.commit(3)
      void feed.publish(change, added)
    }
    await expect(feed.load(asMatcher(matcher), model, asVault(vault))).rejects.toMatchObject({ code: 'gallery.notReady' })
  })

  it('brings the rows of blocks that the matcher refuses, and no other refusal is passed over', async () => {
    const vault = new FakeVault()
    for (let row = 1; row <= 9; row++) vault.commit(row)
    const matcher = new FakeMatcher()
    matcher.refusesBlocks = true
    const said: string[] = []
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: (line) => said.push(line) })
    await feed.load(asMatcher(matcher), model, asVault(vault))
    expect(matcher.rows).toEqual(vault.rows)
    expect(said).toHaveLength(4)
    matcher.loadBlock = () => Promise.reject(new VultusError('resource.exhausted'))
    await expect(feed.load(asMatcher(matcher), model, asVault(vault))).rejects.toMatchObject({ code: 'resource.exhausted' })
  })

  it('tells how far a load is, and at the end that all is there', async () => {
    const vault = new FakeVault()
    for (let row = 1; row <= 30; row++) vault.commit(row)
    const told: [number, number][] = []
    const feed = new GalleryFeed({
      onGap: () => undefined,
      onProgress: (rows, rowsExpected) => told.push([rows, rowsExpected]),
      log: () => undefined,
    })
    await feed.load(asMatcher(new FakeMatcher()), model, asVault(vault))
    expect(told[0]).toEqual([0, 30])
    expect(told.at(-1)).toEqual([30, 30])
    expect(told).toEqual([...told].sort(([left], [right]) => left - right))
  })
})
