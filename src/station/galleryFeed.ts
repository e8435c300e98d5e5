/**
 * Keeps the matcher's gallery equal to the vault.
 *
 * Invariants:
 * 1. The matcher is loaded from the vault whenever it starts, and then gets every committed change in order.
 * 2. A change committed while the gallery loads waits in `#waiting` and is applied after it.
 * 3. `publish` resolves when a search would see the change, or when the next load will bring it; it never fails a commit.
 * 4. Labels of rows that a change adds or relabels are read from the vault when it is published: of two changes to one subject the later
 *    may bring its label twice, which changes nothing.
 * 5. A matcher that did not take a change is loaded again: it would lose matches for as long as it runs.
 */
import { refusalOf, VultusError } from '../contract/errors.ts'
import type { EmbeddingModel, GalleryChange, GalleryLabels, MatcherFunctions } from '../contract/processes.ts'
import type { CommittedChange, GalleryBatch, GalleryBlockPart } from '../contract/records.ts'
import type { Unwrapped, VaultPort } from '../operations/ports.ts'

type Matcher = Unwrapped<MatcherFunctions>
/** Rows that cross the port at once. Larger messages take no less time and leave more memory behind in the matcher: 60 MB with 8 MiB each. */
export const batchRows = 1_024
/** Batches and blocks that the matcher has not taken up yet. */
const partsUnderWay = 4
/** Progress is told at most so often. */
const progressMs = 200

export class GalleryFeed {
  readonly #onGap: () => void
  readonly #onProgress: (rows: number, rowsExpected: number) => void
  readonly #log: (line: string) => void
  #matcher: Matcher | undefined
  #vault: VaultPort | undefined
  #loading: Promise<void> | undefined
  #waiting: GalleryChange[] = []

  constructor(options: { onGap: () => void; onProgress: (rows: number, rowsExpected: number) => void; log: (line: string) => void }) {
    this.#onProgress = options.onProgress
    this.#onGap = options.onGap
    this.#log = options.log
  }

  /** Loads the whole gallery of a model into a fresh matcher. */
  async load(matcher: Matcher, model: EmbeddingModel, vault: VaultPort): Promise<void> {
    this.#matcher = undefined
    this.#vault = vault
    this.#waiting = []
    const loading = this.#loadAll(matcher, model, vault)
    this.#loading = loading
    try {
      await loading
    } finally {
      if (this.#loading === loading) this.#loading = undefined
    }
  }

  async #loadAll(matcher: Matcher, model: EmbeddingModel, vault: VaultPort): Promise<void> {
    const gallery = vault.galleries.handOver(model, batchRows)
    await matcher.begin({ model: model.id, dimension: model.dimension, meanTemplate: model.meanTemplate, rowsExpected: gallery.rows })
    let rows = 0
    let tellMs = 0
    this.#onProgress(0, gallery.rows)
    const taking: Promise<number>[] = []
    const settle = async () => {
      rows += (await taking.shift()) ?? 0
    }
    for await (const part of gallery.parts) {
      const taken = this.#give(matcher, part)
      // A matcher that ends refuses all of them at once; the first that is waited for tells it.
      taken.catch(() => undefined)
      // While the matcher takes one up, the vault unseals the next.
      if (taking.push(taken) === partsUnderWay) await settle()
      if (performance.now() < tellMs) continue
      tellMs = performance.now() + progressMs
      this.#onProgress(rows, gallery.rows)
    }
    while (taking.length > 0) await settle()
    for (const labels of gallery.labels) await matcher.loadLabels(labels)
    // What was erased meanwhile will not come.
    this.#onProgress(rows, rows)
    await matcher.ready({ sequence: gallery.sequence, rows })
    for (let change = this.#waiting.shift(); change !== undefined; change = this.#waiting.shift()) {
      if (change.sequence > gallery.sequence && !(await matcher.apply(change)))
        throw new VultusError('gallery.notReady', 'a change is missing')
    }
    // In the same turn in which nothing waits any more, so that no change falls between waiting and applying.
    this.#matcher = matcher
    this.#loading = undefined
  }

  /** @returns how many rows the matcher has taken */
  async #give(matcher: Matcher, part: GalleryBatch | GalleryBlockPart): Promise<number> {
    if (!('block' in part)) {
      await matcher.loadRows(part)
      return part.referenceNos.length
    }
    const { block, without } = part
    try {
      await matcher.loadBlock({ block, without })
      return part.rows
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.code !== 'gallery.blockRefused') throw error
      this.#log(`matcher: a block of the gallery was refused (${refusal.detail}), its rows are read instead`)
    } finally {
      block.fill(0)
    }
    let rows = 0
    for (const batch of part.instead()) {
      await matcher.loadRows(batch)
      rows += batch.referenceNos.length
    }
    return rows
  }

  /** Hands a committed change on; the caller holds the order (one commit at a time). */
  async publish(change: CommittedChange, added: readonly { referenceNo: number; template: Float32Array }[]): Promise<void> {
    const vault = this.#vault
    if (vault === undefined) return
    if (this.#loading !== undefined) {
      const loading = this.#loading
      const problem = await problemOf(async () => this.#waiting.push(pack(change, added, vault)) > 0)
      await loading.catch(() => undefined)
      if (problem !== undefined) this.#missed(change, problem)
      return
    }
    if (this.#matcher === undefined) return
    const matcher = this.#matcher
    const problem = await problemOf(async () => await matcher.apply(pack(change, added, vault)))
    // A matcher that ended is followed by one that loads the vault, which holds the change.
    if (problem === undefined || problem === 'process.restarted' || this.#matcher !== matcher) return
    this.#missed(change, problem)
  }

  #missed(change: CommittedChange, problem: string): void {
    this.#log(`matcher: change ${change.sequence} was not applied (${problem}), loading the gallery again`)
    this.#matcher = undefined
    this.#onGap()
  }
}

async function problemOf(apply: () => Promise<boolean>): Promise<string | undefined> {
  try {
    return (await apply()) ? undefined : 'gap'
  } catch (error) {
    return refusalOf(error).code
  }
}

type Added = readonly { readonly referenceNo: number; readonly template: Float32Array }[]

/** @throws VultusError vault.locked, vault.damaged */
function pack(change: CommittedChange, added: Added, vault: VaultPort): GalleryChange {
  const dimension = added[0]?.template.length ?? 0
  const templates = new Float32Array(added.length * dimension)
  added.forEach((row, index) => {
    templates.set(row.template, index * dimension)
  })
  const relabelled = change.relabelledReferenceNos
  return {
    sequence: change.sequence,
    added: {
      ...labelled(
        added.map(({ referenceNo }) => referenceNo),
        vault,
      ),
      templates,
    },
    removed: Uint32Array.from(change.removedReferenceNos),
    ...(relabelled === undefined ? {} : { relabelled: labelled(relabelled, vault) }),
  }
}

const labelled = (referenceNos: readonly number[], vault: VaultPort): GalleryLabels => ({
  referenceNos: Uint32Array.from(referenceNos),
  labels: vault.references.labelBitsOf(referenceNos),
})
