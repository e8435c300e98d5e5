/** What is timed at one size of the gallery, all in turns. Names of engines are those of the JSON, without `_ms`. */
import { comparisonScore } from '../../../src/core/comparison.ts'
import type { Explanation } from '../../../src/matcher/api.ts'
import type { Galleries } from './galleries.ts'
import { type Engine, inTurns, type Spread, spreadOf } from './spread.ts'
import type { Probe, Templates } from './templates.ts'

const batchProbes = 32
const changesTimed = 100
const comparisons = 1_000

export interface SizeReport {
  readonly rows: number
  readonly spreads: Readonly<Record<string, Spread>>
  /** Rows that the planner's stage left over for each probe, in the median and at most. */
  readonly survivors: number
  readonly survivorsMax: number
  readonly stage: string
  /** Bytes that one search of the planner's reads. */
  readonly bytes: number
}

export interface MeasureOptions {
  readonly galleries: Galleries
  readonly probes: readonly Probe[]
  readonly threshold: number
  readonly rounds: number
  /** Whether the processes of the headline still go along. */
  readonly whole: boolean
}

const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

export async function measureSize(options: MeasureOptions): Promise<SizeReport> {
  const { galleries, threshold, rounds } = options
  const explanations: Explanation[] = []
  const spreads = await inTurns([...matcherEngines(options, explanations), ...usearchEngines(options)], rounds, 2)
  const survivors = explanations.map((explanation) => explanation.survivors)
  const last = explanations.at(-1)
  if (last === undefined) throw new RangeError(`Nothing was searched at ${threshold}`)
  return {
    rows: galleries.rows,
    spreads: Object.fromEntries(spreads),
    survivors: medianOf(survivors),
    survivorsMax: Math.max(...survivors),
    stage: last.stage,
    bytes: last.bytes,
  }
}

function matcherEngines({ galleries, probes, threshold, whole }: MeasureOptions, explanations: Explanation[]): Engine[] {
  const probeAt = (round: number) => (probes[round % probes.length] as Probe).template
  const batch = new Float32Array(probeAt(0).length * batchProbes)
  for (let at = 0; at < batchProbes; at++) batch.set(probeAt(at), at * probeAt(0).length)
  const { engine, single, matcher } = galleries
  const searched = async (at: typeof engine, round: number, stage?: 'flat') =>
    await at.functions.search({ probe: probeAt(round), threshold, ...(stage === undefined ? {} : { stage }) })
  const engines: Engine[] = [
    { name: 'stream', run: async () => (await engine.functions.stream()).ms },
    { name: 'flat', run: async (round) => (await searched(engine, round, 'flat')).ms },
    {
      name: 'provable',
      run: async (round) => {
        const { ms, explanation } = await searched(engine, round)
        explanations.push(explanation)
        return ms
      },
    },
    { name: 'batch32', run: async () => (await engine.functions.searchBatch({ probes: batch, threshold })).ms },
  ]
  const alone: Engine[] = [
    { name: 'stream_1t', run: async () => (await single.functions.stream()).ms },
    { name: 'flat_1t', run: async (round) => (await searched(single, round, 'flat')).ms },
    { name: 'provable_1t', run: async (round) => (await searched(single, round)).ms },
    { name: 'batch32_1t', every: 4, run: async () => (await single.functions.searchBatch({ probes: batch, threshold })).ms },
    {
      name: 'port',
      run: async (round) => {
        const startedMs = performance.now()
        await matcher.functions.search({ model: 'bench@1', probe: probeAt(round).slice(), threshold })
        return performance.now() - startedMs
      },
    },
  ]
  return whole ? [...engines, ...alone] : engines
}

function usearchEngines({ galleries, probes, whole }: MeasureOptions): Engine[] {
  const { exact, threads } = galleries
  if (exact === undefined) return []
  const probeAt = (round: number) => [(probes[round % probes.length] as Probe).template]
  const batch = probes.slice(0, batchProbes).map(({ template }) => template)
  const timed = (run: () => void) => {
    const startedMs = performance.now()
    run()
    return performance.now() - startedMs
  }
  const each = (name: string, every: number, run: (round: number) => void): Engine => ({
    name,
    every,
    run: (round) => timed(() => run(round)),
  })
  return [
    each('usearch_i8', 1, (round) => exact.searchBytes(galleries.rows, probeAt(round), threads)),
    ...(whole ? [each('usearch_i8_1t', 1, (round) => exact.searchBytes(galleries.rows, probeAt(round), 1))] : []),
    ...(whole ? [each('usearch_batch32', 4, () => exact.searchBytes(galleries.rows, batch, threads))] : []),
    ...(exact.hasFloats(galleries.rows)
      ? [each('usearch_f32', 2, (round) => exact.searchFloats(galleries.rows, probeAt(round), threads))]
      : []),
  ]
}

/** One comparison and a thousand, as core makes them, and single changes of the engine's gallery. */
export async function measureSmall(galleries: Galleries, templates: Templates, probes: readonly Probe[]): Promise<Record<string, Spread>> {
  const references = Array.from({ length: comparisons }, (_, row) => {
    const into = new Float32Array(templates.dimension)
    templates.row(row, into)
    return into
  })
  let kept = 0
  const thousand: number[] = []
  for (let round = -20; round < 60; round++) {
    const { template } = probes[(round + 20) % probes.length] as Probe
    const startedMs = performance.now()
    for (const reference of references) kept += comparisonScore(reference, template)
    if (round >= 0) thousand.push(performance.now() - startedMs)
  }
  if (!Number.isFinite(kept)) throw new Error('A comparison has gone wrong')
  const [add, remove]: [number[], number[]] = [[], []]
  for (let change = 0; change < changesTimed; change++) {
    const row = new Float32Array(templates.dimension)
    templates.row(galleries.rows + change, row)
    const firstNo = galleries.rows + 1 + change
    add.push(await galleries.engine.functions.add({ firstNo, templates: row }))
    remove.push(await galleries.engine.functions.remove({ referenceNos: Uint32Array.of(firstNo) }))
  }
  const comparison = spreadOf(thousand.map((ms) => ms / comparisons))
  return { comparison, comparisons1000: spreadOf(thousand), add: spreadOf(add), delete: spreadOf(remove) }
}
