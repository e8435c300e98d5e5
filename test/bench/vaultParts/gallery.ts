import type Database from 'better-sqlite3'
import type { EmbeddingModel } from '../../../src/contract/processes.ts'
import { GalleryFeed } from '../../../src/station/galleryFeed.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { type Memory, startMatcher } from '../matchParts/processes.ts'
import { dimension, model, templateOf } from './data.ts'
import { type Measured, measured, type Time, timeOf, timeOfAsync } from './measure.ts'

const rounds = 5
const plainRounds = 3
const batchRows = 1024
/** From the open vault to a matcher that has answered a search. */
const answeredMsMax = 2_000
const rowsOfLimit = 1_000_000

const embedding = { id: model, dimension, metric: 'cosine', meanTemplate: new Float32Array(dimension) } as unknown as EmbeddingModel

const titleOf = (rows: number) => `gallery of ${rows} handed over`
const limitOf = (rows: number) => (rows >= rowsOfLimit ? answeredMsMax : undefined)

/** The gallery out of the vault, and out of the vault into a matcher process until it has answered a search. */
export async function galleryOfVault(vault: Vault, rows: number, say: (line: string) => void): Promise<Measured[]> {
  const give = async () => {
    let seen = 0
    const gallery = vault.galleries.handOver(embedding, batchRows)
    for await (const part of gallery.parts) seen += 'block' in part ? part.rows : part.referenceNos.length
    if (seen < rows || seen !== gallery.rows) throw new Error(`${seen} of ${rows} references were handed over`)
  }
  say(`vault: ${await vault.galleries.seal(embedding)} segments sealed anew`)
  await give()
  const times: Time[] = []
  const loads: Time[] = []
  for (let round = 0; round < rounds; round++) {
    times.push(await timeOfAsync(give))
    const { time, memory, matcherMs } = await loadIntoMatcher(vault, rows)
    loads.push(time)
    say(
      `matcher: ${matcherMs} ms of processor time, ${memory.residentMb} MB, at most ${memory.peakMb} MB; this process ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
    )
  }
  const limit = limitOf(rows)
  return [measured(titleOf(rows), 'vault', times), measured(`gallery of ${rows}, matcher has answered`, 'vault', loads, limit)]
}

/** The same rows out of plain SQLite. */
export function galleryOfPlain(plain: Database.Database, rows: number): Measured[] {
  const all = plain.prepare<[], { subject_no: number; template: Buffer }>('SELECT subject_no, template FROM templates ORDER BY subject_no')
  const give = () => {
    let seen = 0
    let batch = { referenceNos: new Uint32Array(batchRows), templates: new Float32Array(batchRows * dimension) }
    for (const { subject_no, template } of all.iterate()) {
      const at = seen % batchRows
      if (at === 0) batch = { referenceNos: new Uint32Array(batchRows), templates: new Float32Array(batchRows * dimension) }
      batch.referenceNos[at] = subject_no
      new Uint8Array(batch.templates.buffer, at * dimension * 4).set(template)
      seen += 1
    }
    if (seen < rows) throw new Error(`${seen} of ${rows} templates were read`)
  }
  give()
  return [
    measured(
      titleOf(rows),
      'plain',
      Array.from({ length: plainRounds }, () => timeOf(give)),
    ),
  ]
}

/** As the station loads it, into the built matcher in a process of its own, until that has answered a search. */
async function loadIntoMatcher(vault: Vault, rows: number): Promise<{ time: Time; memory: Memory; matcherMs: number }> {
  const matcher = startMatcher()
  try {
    await matcher.functions.status({})
    const before = matcher.processorMs()
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: (line) => process.stderr.write(`${line}\n`) })
    const time = await timeOfAsync(async () => {
      await feed.load(matcher.functions, embedding, vault)
      const { candidates, rows: searched } = await matcher.functions.search({ model, probe: templateOf(rows - 1), threshold: 0.99 })
      if (searched < rows || candidates.length === 0)
        throw new Error(`${searched} of ${rows} references were searched, ${candidates.length} found`)
    })
    return { time, memory: matcher.memory(), matcherMs: (matcher.processorMs() ?? 0) - (before ?? 0) }
  } finally {
    await matcher.end()
  }
}
