/** Entry of the matcher process. It serves the station that started it and ends with it. */
import { openLink } from '../contract/link.ts'
import { openParentPort } from '../contract/parentPort.ts'
import type { GalleryRows, MatcherFunctions } from '../contract/processes.ts'
import { createEngine } from './engine.ts'
import { Freeing } from './freeing.ts'
import { kernelNames } from './kernelFile.ts'
import { createMatcher } from './service.ts'

function main(): void {
  const port = openParentPort()
  if (port === undefined) {
    process.stderr.write('The matcher is started by the station; run: npm start\n')
    process.exit(2)
  }
  const kernel = kernelNames.find((name) => name === process.env.VULTUS_MATCHER_KERNEL)
  const threads = Number(process.env.VULTUS_MATCHER_THREADS)
  const matcher = createMatcher({
    engine: createEngine({ kernel, threads: Number.isInteger(threads) && threads > 0 ? threads : undefined }),
    // The state after a bug is not to be trusted: end, and be started and loaded again.
    onBug: (error) => {
      setImmediate(() => {
        throw error
      })
    },
  })
  openLink(port, wiped(matcher), { timeoutMs: 0 })
}

/** Zeros the templates and rows that came over the port once they are used, and gives their memory back: those buffers are this process's own. */
function wiped(matcher: MatcherFunctions): MatcherFunctions {
  const freeing = new Freeing()
  const wipe = async <T>(used: unknown, answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } finally {
      if (used instanceof Float32Array || used instanceof Uint8Array) {
        used.fill(0)
        freeing.used(used.byteLength)
      }
    }
  }
  return {
    ...matcher,
    loadRows: (rows) => wipe(rows?.templates, matcher.loadRows(rows)),
    loadBlock: (rows) => wipe(rows?.block, matcher.loadBlock(rows)),
    ready: async (asked) => {
      const answer = await matcher.ready(asked)
      freeing.now()
      return answer
    },
    apply: (change) => wipe((change?.added as GalleryRows | undefined)?.templates, matcher.apply(change)),
    search: (options) => wipe(options?.probe, matcher.search(options)),
    searchBatch: (options) => wipe(options?.probe, matcher.searchBatch(options)),
  }
}

main()
