import { fork } from 'node:child_process'
import type Database from 'better-sqlite3'
import { unwrap } from '../../../src/contract/errors.ts'
import { openLink, type Port } from '../../../src/contract/link.ts'
import type { EmbeddingModel, MatcherFunctions } from '../../../src/contract/processes.ts'
import type { Unwrapped } from '../../../src/operations/ports.ts'
import { GalleryFeed } from '../../../src/station/galleryFeed.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { dimension, model } from './data.ts'
import { type Measured, measured, type Time, timeOf, timeOfAsync } from './measure.ts'

const rounds = 5
const plainRounds = 3
/** The matcher quantises every row, which takes far longer than the hand-over. */
const matcherRounds = 1
const batchRows = 4096
const handedOverMsMax = 2_000
const rowsOfLimit = 1_000_000

const titleOf = (rows: number) => `gallery of ${rows} handed over`
const limitOf = (rows: number) => (rows >= rowsOfLimit ? handedOverMsMax : undefined)

/** The gallery out of the vault, and out of the vault into a matcher process until it answers searches. */
export async function galleryOfVault(vault: Vault, rows: number): Promise<Measured[]> {
  const give = () => {
    let seen = 0
    let told = 0
    const gallery = vault.gallery(model, batchRows)
    for (const { referenceNos } of gallery.batches) {
      seen += referenceNos.length
      told = seen / gallery.rows
    }
    if (seen < rows || told !== 1) throw new Error(`${seen} of ${rows} references were handed over`)
  }
  give()
  const times = Array.from({ length: rounds }, () => timeOf(give))
  const loads: Time[] = []
  for (let round = 0; round < matcherRounds; round++) loads.push(await loadIntoMatcher(vault))
  const limit = limitOf(rows)
  return [measured(titleOf(rows), 'vault', times, limit), measured(`gallery of ${rows}, matcher ready`, 'vault', loads)]
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

/** As the station loads it, over the channel of a process of its own. */
async function loadIntoMatcher(vault: Vault): Promise<Time> {
  const child = fork(new URL('../../../src/matcher/process.ts', import.meta.url), [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const port: Port = {
    post: (message) => void child.send(message as never, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
  }
  try {
    const calls = openLink<MatcherFunctions, Record<string, never>>(port, {}, { timeoutMs: 0 })
    const matcher: Unwrapped<MatcherFunctions> = {
      begin: async (options) => unwrap(await calls.begin(options)),
      loadRows: async (given) => unwrap(await calls.loadRows(given)),
      loadBlock: async (given) => unwrap(await calls.loadBlock(given)),
      ready: async (options) => unwrap(await calls.ready(options)),
      apply: async (change) => unwrap(await calls.apply(change)),
      search: async (options) => unwrap(await calls.search(options)),
      searchBatch: async (options) => unwrap(await calls.searchBatch(options)),
      drop: async (options) => unwrap(await calls.drop(options)),
      status: async (options) => unwrap(await calls.status(options)),
    }
    await matcher.status({})
    const feed = new GalleryFeed({ onGap: () => undefined, onProgress: () => undefined, log: () => undefined })
    const embedding = { id: model, dimension, metric: 'cosine', meanTemplate: new Float32Array(dimension) } as EmbeddingModel
    return await timeOfAsync(async () => {
      await feed.load(matcher, embedding, vault)
      if (!(await matcher.status({})).ready) throw new Error('The matcher is not ready')
    })
  } finally {
    child.kill('SIGKILL')
  }
}
