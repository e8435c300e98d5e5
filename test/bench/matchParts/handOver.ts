/** Handing the gallery of a vault from its sealed segments to the matcher's process by the station's own feed, until it has answered a search. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddingModel } from '../../../src/contract/processes.ts'
import { GalleryFeed } from '../../../src/station/galleryFeed.ts'
import { filledVault } from './filledVault.ts'
import { startMatcher } from './processes.ts'
import { type Spread, spreadOf } from './spread.ts'
import type { Templates } from './templates.ts'

const rounds = 3
const model = 'bench@1'

export interface HandOverReport {
  readonly rows: number
  readonly handOver: Spread
}

export async function measureHandOver(templates: Templates, rows: number, say: (line: string) => void): Promise<HandOverReport> {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-bench-'))
  const matcher = startMatcher()
  try {
    const vault = await filledVault(folder, templates, rows, model, say)
    const { dimension, meanTemplate } = templates
    const embedding = { id: model, dimension, meanTemplate } as EmbeddingModel
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: say })
    const times: number[] = []
    const probe = new Float32Array(dimension)
    templates.row(rows - 1, probe)
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now()
      await feed.load(matcher.functions, embedding, vault)
      const answer = await matcher.functions.search({ model, probe, threshold: 0.99 })
      times.push(performance.now() - startedMs)
      const found = answer.candidates.some(({ referenceNo }) => referenceNo === rows)
      if (answer.rows !== rows || !found) throw new Error(`${answer.rows} of ${rows} references were handed over`)
    }
    vault.close()
    return { rows, handOver: spreadOf(times) }
  } finally {
    await matcher.end()
    rmSync(folder, { recursive: true, force: true })
  }
}
