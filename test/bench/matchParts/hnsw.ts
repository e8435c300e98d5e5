/** usearch's HNSW beside exact search: how much of the speed is paid for with people who are not found. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Spread, spreadOf } from './spread.ts'
import { probesOf, type Templates } from './templates.ts'
import { buildHnsw, loadUsearch } from './usearch.ts'

const probeCount = 400
const efforts = [64, 256, 1_024] as const

export interface HnswReport {
  readonly rows: number
  readonly buildMs: number
  readonly efforts: readonly {
    readonly effort: number
    /** Share of the probes with a mate in the gallery whose mate is among the ten best. */
    readonly recall: number
    readonly search: Spread
  }[]
}

/** @returns undefined where usearch is missing */
export async function measureHnsw(templates: Templates, rows: number, say: (line: string) => void): Promise<HnswReport | undefined> {
  const usearch = await loadUsearch()
  if (!('library' in usearch)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'vultus-bench-'))
  try {
    const index = buildHnsw(usearch.library, templates, rows, folder)
    say(`HNSW of ${rows} rows built in ${(index.buildMs / 1000).toFixed(0)} s`)
    const probes = probesOf(templates, rows, probeCount).filter(({ mate }) => mate !== undefined)
    const reports = efforts.map((effort) => {
      const search = index.atEffort(effort)
      const times: number[] = []
      let found = 0
      for (const { template, mate } of probes) {
        const startedMs = performance.now()
        const keys = search(template)
        times.push(performance.now() - startedMs)
        if (keys.includes(BigInt(mate as number))) found++
      }
      return { effort, recall: found / probes.length, search: spreadOf(times) }
    })
    return { rows, buildMs: index.buildMs, efforts: reports }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
