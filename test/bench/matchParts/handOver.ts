/** Handing the gallery of a vault from its sealed segments to the matcher's process, by the station's own feed. */
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
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now()
      await feed.load(matcher.functions, embedding, vault)
      times.push(performance.now() - startedMs)
      const { references } = await matcher.functions.status({})
      if (references !== rows) throw new Error(`${references} of ${rows} references were handed over`)
    }
    vault.close()
    return { rows, handOver: spreadOf(times) }
  } finally {
    await matcher.end()
    rmSync(folder, { recursive: true, force: true })
  }
}
