/**
 * One pass over a gallery by one thread: it takes chunks of rows until none is left, and compares each with every query.
 * 1. Every chunk below `slots` is taken by exactly one thread (an atomic counter), so together the threads read every row.
 * 2. A query's cut only rises, and only to a score that as many visible rows as its limit reach for certain.
 * 3. A row that is not visible to the pass's generation, or not labelled as asked, is neither answered nor raises a cut.
 */
import { blockRows } from '../core/gallery/rowLayout.ts'
import type { StageName } from './api.ts'
import type { Bank } from './bank.ts'
import { Best } from './best.ts'
import { Findings } from './findings.ts'
import { passes } from './labels.ts'
import type { Pass, PassPart, PassQuery } from './passJob.ts'
import { layQuads, scoreMaxOf, scoreMinOf, writeCuts } from './query.ts'
import { chunkRows, chunksPerSegment, entriesMax, queriesAtOnce, roundUp, type Scratch, type Shape, segmentRows } from './shape.ts'

/** Shared cuts are whole numbers of this. */
const cutUnit = 2 ** -28
/** Rows that a search for the best few begins with: they raise its cut before the many come. */
const rampRows = 512
/** A query that left the packed stage tries it again when its cut has risen so far. */
const retryRise = 0.02

interface State {
  readonly asked: PassQuery
  /** Address of the query in this thread's scratch, in every bank. */
  readonly at: number
  readonly best: Best | undefined
  readonly findings: Findings
  cut: number
  stage: StageName
  leftAt: number
}

export class PassRunner {
  readonly #shape: Shape
  readonly #banks: readonly Bank[]
  readonly #scratch: Scratch
  readonly #pass: Pass
  readonly #states: State[]
  readonly #part: PassPart
  #chunks = 0

  constructor(shape: Shape, banks: readonly Bank[], thread: number, pass: Pass) {
    this.#shape = shape
    this.#banks = banks
    this.#scratch = shape.scratchOf(thread)
    this.#pass = pass
    this.#states = pass.queries.map((asked, index) => ({
      asked,
      at: this.#scratch.queries + index * shape.queryBytes,
      best: asked.limit > 0 ? new Best(asked.limit) : undefined,
      findings: new Findings(),
      cut: asked.threshold,
      stage: asked.stage,
      leftAt: Number.NEGATIVE_INFINITY,
    }))
    const zeros = () => pass.queries.map(() => 0)
    this.#part = {
      found: [],
      survivors: zeros(),
      survivorsPacked: zeros(),
      rowsPacked: zeros(),
      rowsFlat: zeros(),
      packedMs: 0,
      flatMs: 0,
      refineMs: 0,
    }
  }

  run(): PassPart {
    const { segmentsPerBank, segmentBytes, headBytes } = this.#shape
    const { slots, shared } = this.#pass
    const chunks = Math.ceil(slots / chunkRows)
    let seen = -1
    for (let chunk = Atomics.add(shared, 0, 1); chunk < chunks; chunk = Atomics.add(shared, 0, 1)) {
      const number = Math.floor(chunk / chunksPerSegment)
      const index = Math.floor(number / segmentsPerBank)
      const bank = this.#banks[index]!
      const segment = headBytes + (number % segmentsPerBank) * segmentBytes
      bank.see(segment + segmentBytes)
      if (seen !== index) this.#layQueries(bank)
      seen = index
      const first = (chunk % chunksPerSegment) * chunkRows
      this.#chunk(bank, segment, number * segmentRows, first, Math.min(chunkRows, slots - chunk * chunkRows))
    }
    for (const bank of this.#banks) this.#wipe(bank)
    for (const { findings } of this.#states) this.#part.found.push(findings.take())
    return this.#part
  }

  #layQueries(bank: Bank): void {
    for (const { asked, at, cut } of this.#states) {
      bank.bytes.set(asked.query.bytes, at)
      writeCuts(asked.query, cut, bank.floats as Float32Array, at)
    }
    // What is not full is filled up by queries that find nothing.
    for (let spare = this.#states.length; spare < roundUp(this.#states.length, queriesAtOnce); spare++) {
      const at = (this.#scratch.queries + spare * this.#shape.queryBytes) / 4
      bank.floats.fill(Number.POSITIVE_INFINITY, at + 7, at + 10)
    }
    if (this.#states.length > 1) layQuads(bank.ints as Int32Array, this.#shape, this.#scratch, roundUp(this.#states.length, queriesAtOnce))
  }

  /** Zeros the queries and what was found with them. */
  #wipe(bank: Bank): void {
    const { queries, quads, entries } = this.#scratch
    const count = roundUp(this.#states.length, queriesAtOnce)
    bank.bytes.fill(0, queries, queries + count * this.#shape.queryBytes)
    bank.bytes.fill(0, quads, quads + count * this.#shape.padded)
    bank.ints.fill(0, entries / 4, entries / 4 + 16)
  }

  #chunk(bank: Bank, segment: number, slotBase: number, first: number, rows: number): void {
    this.#takeSharedCuts(bank)
    // Where the threshold leaves fewer rows than are wanted, the cut never rises: short steps would only cost.
    const ramped = this.#chunks++ === 0 && this.#states.some(({ best }) => best !== undefined)
    for (let done = 0; done < rows; ) {
      const step = ramped ? Math.min(rampRows, rows - done) : rows - done
      // Settled before the packed stage runs: a query that leaves it then has had these rows.
      const flat = [...this.#states.keys()].filter((index) => this.#states[index]!.stage === 'flat')
      this.#packed(bank, segment, slotBase, first + done, step)
      for (const index of flat) this.#flat(bank, segment, slotBase, first + done, step, index)
      done += step
    }
    this.#chooseStages()
  }

  /** All queries of the packed stage; those that it serves badly change to the other. */
  #packed(bank: Bank, segment: number, slotBase: number, first: number, rows: number): void {
    const packed = this.#states.filter(({ stage }) => stage === 'packed')
    if (packed.length === 0) return
    const before = this.#states.map(({ cut }, index) => ({ survivors: this.#part.survivors[index]!, cut }))
    // A query that left the stage is cut off by an infinite cut while the others share the block.
    const all = packed.length > 1
    const count = all ? roundUp(this.#states.length, queriesAtOnce) : 1
    const step = all ? Math.floor(entriesMax / count / blockRows) * blockRows : rows
    if (all) this.#silence(bank, true)
    for (let done = 0; done < rows; done += step) {
      const part = Math.min(step, rows - done)
      const top = segment + ((first + done) / blockRows) * this.#shape.topBlockBytes
      const blocks = Math.ceil(part / blockRows)
      const started = performance.now()
      const { groups, queryBytes } = this.#shape
      const { queries, quads, entries, work } = this.#scratch
      const listed = all
        ? bank.kernel.scanBatch(top, blocks, groups, queries, queryBytes, count, quads, entries, work)
        : bank.kernel.scanPacked(top, blocks, groups, packed[0]!.at, entries, work)
      this.#part.packedMs += performance.now() - started
      if (listed > 0) this.#refine(bank, segment, slotBase, first + done, listed, all ? 0 : this.#states.indexOf(packed[0]!))
    }
    if (all) this.#silence(bank, false)
    for (const [index, state] of this.#states.entries()) {
      if (state.stage !== 'packed') continue
      const survivors = this.#part.survivors[index]! - before[index]!.survivors
      this.#part.rowsPacked[index]! += rows
      this.#part.survivorsPacked[index]! += survivors
      if (survivors > state.asked.shareMax * rows) {
        state.stage = 'flat'
        state.leftAt = before[index]!.cut
      }
    }
  }

  #silence(bank: Bank, silent: boolean): void {
    for (const { asked, at, cut, stage } of this.#states) {
      if (stage === 'packed') continue
      if (silent) bank.floats[at / 4 + 7] = Number.POSITIVE_INFINITY
      else writeCuts(asked.query, cut, bank.floats as Float32Array, at)
    }
  }

  #flat(bank: Bank, segment: number, slotBase: number, first: number, rows: number, index: number): void {
    const { topBlockBytes, bottomBlockBytes, bottomAt, groups } = this.#shape
    const block = first / blockRows
    const started = performance.now()
    const top = segment + block * topBlockBytes
    const bottom = segment + bottomAt + block * bottomBlockBytes
    const { entries, work } = this.#scratch
    const listed = bank.kernel.scanFlat(top, bottom, Math.ceil(rows / blockRows), groups, this.#states[index]!.at, entries, work)
    this.#part.flatMs += performance.now() - started
    this.#part.rowsFlat[index]! += rows
    if (listed > 0) this.#refine(bank, segment, slotBase, first, listed, index)
  }

  /** Finishes listed rows; `base` is the query that number 0 of the list stands for. */
  #refine(bank: Bank, segment: number, slotBase: number, first: number, listed: number, base: number): void {
    const { topBlockBytes, bottomBlockBytes, bottomAt, groups, queryBytes, labelsAt, bornAt, diedAt } = this.#shape
    const { entries, found, work } = this.#scratch
    const { ints, floats } = bank
    const started = performance.now()
    const block = first / blockRows
    for (let at = entries / 4, end = at + listed; at < end; at++) this.#part.survivors[base + (ints[at]! >>> 20)]! += 1
    const kept = bank.kernel.refine(
      segment + block * topBlockBytes,
      segment + bottomAt + block * bottomBlockBytes,
      groups,
      this.#states[base]!.at,
      queryBytes,
      entries,
      listed,
      found,
      work,
    )
    const { generation } = this.#pass
    for (let at = found / 4, end = at + kept * 3; at < end; at += 3) {
      const state = this.#states[base + (ints[at]! >>> 20)]!
      const row = first + (ints[at]! & 0xfffff)
      const born = Atomics.load(ints, (segment + bornAt) / 4 + row) >>> 0
      const died = Atomics.load(ints, (segment + diedAt) / 4 + row) >>> 0
      if (born === 0 || born > generation || (died !== 0 && died <= generation)) continue
      if (!passes(ints[(segment + labelsAt) / 4 + row]!, state.asked.test)) continue
      const scoreMax = scoreMaxOf(state.asked.query, floats[at + 1]!)
      if (scoreMax < state.cut) continue
      const scoreMin = scoreMinOf(state.asked.query, floats[at + 1]!, floats[at + 2]!)
      state.findings.add(slotBase + row, scoreMax, scoreMin)
      state.best?.add(scoreMin)
    }
    this.#raiseCuts(bank)
    this.#part.refineMs += performance.now() - started
  }

  #raiseCuts(bank: Bank): void {
    for (const [index, state] of this.#states.entries()) {
      if (state.best === undefined || state.best.floor <= state.cut) continue
      this.#raise(bank, state, state.best.floor)
      const word = Math.floor(state.best.floor / cutUnit)
      let known = Atomics.load(this.#pass.shared, 1 + index)
      while (known < word) {
        const met = Atomics.compareExchange(this.#pass.shared, 1 + index, known, word)
        if (met === known) break
        known = met
      }
    }
  }

  #takeSharedCuts(bank: Bank): void {
    for (const [index, state] of this.#states.entries()) {
      if (state.best === undefined) continue
      const cut = Atomics.load(this.#pass.shared, 1 + index) * cutUnit
      if (cut > state.cut) this.#raise(bank, state, cut)
    }
  }

  #raise(bank: Bank, state: State, cut: number): void {
    state.cut = cut
    writeCuts(state.asked.query, cut, bank.floats as Float32Array, state.at)
    if (state.findings.count > 1024 + 4 * state.asked.limit) state.findings.keepFrom(cut)
  }

  /** A search for the best few takes the packed stage once its cut is there, and again when it has risen. */
  #chooseStages(): void {
    for (const state of this.#states) {
      if (state.best === undefined || state.stage === 'packed' || state.asked.stage === 'flat') continue
      if (state.best.floor === Number.NEGATIVE_INFINITY || state.cut < state.leftAt + retryRise) continue
      state.stage = 'packed'
    }
  }
}
