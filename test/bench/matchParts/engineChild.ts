/**
 * Process that holds the matcher's engine and nothing else, for the bench: it can be told which stage to take and with how many
 * threads, and reads the floor. Times are taken here, from the call to the answer, so the port is not in them.
 */
import { openLink } from '../../../src/contract/link.ts'
import { openParentPort } from '../../../src/contract/parentPort.ts'
import type { Engine, Explanation, GalleryHandle, StageName } from '../../../src/matcher/api.ts'
import { createEngine } from '../../../src/matcher/engine.ts'

const model = 'bench@1'

export interface TimedAnswer {
  readonly ms: number
  readonly referenceNos: Uint32Array
  readonly explanation: Explanation
}

export interface EngineFunctions {
  open(options: { meanTemplate: Float32Array; rowsExpected: number; threads: number }): Promise<{ kernel: string; threads: number }>
  /** Adds rows with numbers from firstNo on. @returns milliseconds */
  add(options: { firstNo: number; templates: Float32Array }): Promise<number>
  remove(options: { referenceNos: Uint32Array }): Promise<number>
  search(options: { probe: Float32Array; threshold: number; stage?: StageName }): Promise<TimedAnswer>
  /** @param options probes one after the other */
  searchBatch(options: { probes: Float32Array; threshold: number }): Promise<{ ms: number; answers: readonly TimedAnswer[] }>
  stream(): Promise<{ ms: number; bytes: number }>
}

function serve(): EngineFunctions {
  let engine: Engine | undefined
  let gallery: GalleryHandle | undefined
  const opened = () => {
    if (gallery === undefined) throw new Error('open comes first')
    return gallery
  }
  const timed = async <T>(run: () => Promise<T>): Promise<{ ms: number; value: T }> => {
    const startedMs = performance.now()
    const value = await run()
    return { ms: performance.now() - startedMs, value }
  }
  return {
    open: async ({ meanTemplate, rowsExpected, threads }) => {
      engine = createEngine({ threads })
      gallery = engine.open({ model, meanTemplate, rowsExpected })
      return { kernel: engine.kernel, threads: engine.threads }
    },
    add: async ({ firstNo, templates }) => {
      const rows = opened()
      const referenceNos = Uint32Array.from({ length: templates.length / rows.dimension }, (_, at) => firstNo + at)
      return (await timed(() => rows.change({ referenceNos, templates }, new Uint32Array(), rows.sequence + 1))).ms
    },
    remove: async ({ referenceNos }) => {
      const rows = opened()
      const nothing = { referenceNos: new Uint32Array(), templates: new Float32Array() }
      return (await timed(() => rows.change(nothing, referenceNos, rows.sequence + 1))).ms
    },
    search: async ({ probe, threshold, stage }) => {
      const { ms, value } = await timed(() => opened().search(probe, { threshold, stage }))
      return { ms, referenceNos: Uint32Array.from(value.candidates, ({ referenceNo }) => referenceNo), explanation: value.explanation }
    },
    searchBatch: async ({ probes, threshold }) => {
      const { dimension } = opened()
      const queries = Array.from({ length: probes.length / dimension }, (_, at) => ({
        probe: probes.slice(at * dimension, (at + 1) * dimension),
        threshold,
      }))
      const { ms, value } = await timed(() => opened().searchBatch(queries))
      const answers = value.map(({ candidates, explanation }) => ({
        ms,
        referenceNos: Uint32Array.from(candidates, ({ referenceNo }) => referenceNo),
        explanation,
      }))
      return { ms, answers }
    },
    stream: async () => await opened().stream(),
  }
}

const port = openParentPort()
if (port === undefined) throw new Error('The bench starts this: npm run bench:match')
openLink(port, serve(), { timeoutMs: 0 })
