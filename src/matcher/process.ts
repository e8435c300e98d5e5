/** Entry of the matcher process. It serves the station that started it and ends with it. */
import { totalmem } from 'node:os'
import { openLink } from '../contract/link.ts'
import { openParentPort } from '../contract/parentPort.ts'
import type { GalleryRows, MatcherFunctions } from '../contract/processes.ts'
import { kernelFolder, kernelNames, loadKernel } from './kernelFile.ts'
import { memoryBytesLimit } from './rowMemory.ts'
import { createMatcher } from './service.ts'

/** Leaves a quarter of the machine to everything else. */
const memoryShareMax = 0.75

function main(): void {
  const port = openParentPort()
  if (port === undefined) {
    process.stderr.write('The matcher is started by the station; run: npm start\n')
    process.exit(2)
  }
  const wanted = kernelNames.find((name) => name === process.env.VULTUS_MATCHER_KERNEL)
  const matcher = createMatcher({
    kernel: loadKernel(kernelFolder(), wanted),
    memoryBytesMax: Math.min(memoryBytesLimit, totalmem() * memoryShareMax),
    // The state after a bug is not to be trusted: end, and be started and loaded again.
    onBug: (error) => {
      setImmediate(() => {
        throw error
      })
    },
  })
  openLink(port, wiped(matcher), { timeoutMs: 0 })
}

/** Zeros the templates that came over the port once they are used: those buffers are this process's own. */
function wiped(matcher: MatcherFunctions): MatcherFunctions {
  const wipe = async <T>(used: unknown, answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } finally {
      if (used instanceof Float32Array) used.fill(0)
    }
  }
  return {
    ...matcher,
    loadRows: (rows) => wipe(rows?.templates, matcher.loadRows(rows)),
    apply: (change) => wipe((change?.added as GalleryRows | undefined)?.templates, matcher.apply(change)),
    search: (options) => wipe(options?.probe, matcher.search(options)),
  }
}

main()
