import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'vite'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/contract/errors.ts'
import { openLink } from '../../src/contract/link.ts'
import type { MatcherFunctions } from '../../src/contract/processes.ts'
import { folderOfTests } from '../support/folderOfTests.ts'
import { dot, expectRefusal, galleryRows, noRows, populationOf } from '../unit/matcher/galleries.ts'

const folder = folderOfTests()
const entry = join(folder, 'main/matcher.js')
const running: ChildProcess[] = []

/** The process as the station has it: a built entry in out/main beside out/kernel. */
beforeAll(async () => {
  execFileSync(process.execPath, ['src/matcher/kernel/build.mjs', join(folder, 'kernel')])
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(folder, 'main'),
      rolldownOptions: {
        input: { matcher: resolve('src/matcher/process.ts'), matcherWorker: resolve('src/matcher/workerThread.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
}, 60_000)
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function start(environment: Record<string, string> = {}, file = entry) {
  const child = fork(file, [], { serialization: 'advanced', execArgv: [], env: { ...process.env, ...environment } })
  running.push(child)
  const port = {
    post: (message: unknown) => void child.send(message as object),
    onMessage: (listener: (message: unknown) => void) => void child.on('message', listener),
  }
  return { child, matcher: openLink<MatcherFunctions, object>(port, {}, { timeoutMs: 20_000 }) }
}

describe('the matcher process', () => {
  it.each(['relaxed', 'simd', 'scalar'] as const)(
    'loads, searches, changes and answers refusals over its port (%s)',
    async (kernel) => {
      const { matcher } = start({ VULTUS_MATCHER_KERNEL: kernel, VULTUS_MATCHER_THREADS: '2' })
      const dimension = 130
      const { probe, rows } = populationOf('nearProbe', dimension, 500, 11)
      const given = galleryRows(rows, dimension)
      const kept = new Float32Array(given.templates)
      expectRefusal(await matcher.search({ model: 'm@1', probe, threshold: 0.5 }), 'gallery.notReady')
      unwrap(await matcher.begin({ model: 'm@1', dimension, meanTemplate: new Float32Array(dimension), rowsExpected: 500 }))
      unwrap(await matcher.loadRows(given))
      unwrap(await matcher.ready({ sequence: 3, rows: 500 }))
      expect(given.templates).toEqual(kept)
      expect(unwrap(await matcher.status())).toEqual({ model: 'm@1', references: 500, sequence: 3, kernel, threads: 2, ready: true })

      const threshold = dot(probe, rows[250]!)
      const expected = rows.flatMap((row, index) => (dot(probe, row) >= threshold ? [index + 1] : []))
      const answer = unwrap(await matcher.search({ model: 'm@1', probe, threshold }))
      expect(answer).toMatchObject({ sequence: 3, rows: 500 })
      expect(answer.candidates.map(({ referenceNo }) => referenceNo)).toEqual(expect.arrayContaining(expected))

      expect(
        unwrap(await matcher.apply({ sequence: 4, added: galleryRows([probe], dimension, 9_000), removed: Uint32Array.from(expected) })),
      ).toBe(true)
      expect(
        unwrap(await matcher.search({ model: 'm@1', probe, threshold: 0.999 })).candidates.map(({ referenceNo }) => referenceNo),
      ).toContain(9_000)
      expect(unwrap(await matcher.apply({ sequence: 4, added: noRows, removed: new Uint32Array() }))).toBe(false)
      expectRefusal(await matcher.search({ model: 'other@1', probe, threshold }), 'template.invalid')
      expectRefusal(await matcher.search({ model: 'm@1', probe: probe.subarray(0, 64), threshold }), 'template.invalid')
    },
    30_000,
  )

  it('searches a large gallery with threads that sleep when they are done', async () => {
    const { child, matcher } = start({ VULTUS_MATCHER_THREADS: '2' })
    const dimension = 64
    const { probe, rows } = populationOf('random', dimension, 6_000, 12)
    unwrap(await matcher.begin({ model: 'm@1', dimension, meanTemplate: new Float32Array(dimension), rowsExpected: 6_000 }))
    unwrap(await matcher.loadRows(galleryRows(rows, dimension)))
    unwrap(await matcher.ready({ sequence: 1, rows: 6_000 }))
    const { candidates, explanation } = unwrap(await matcher.search({ model: 'm@1', probe, threshold: 0.3 }))
    const expected = rows.flatMap((row, index) => (dot(probe, row) >= 0.3 ? [index + 1] : []))
    expect(expected.length).toBeGreaterThan(0)
    expect(candidates.map(({ referenceNo }) => referenceNo)).toEqual(expect.arrayContaining(expected))
    expect(explanation).toMatchObject({ threads: 2, probes: 1, rowsRead: 6_000, candidates: candidates.length })

    const ticksOf = () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return Number(fields[11]) + Number(fields[12])
    }
    if (process.platform !== 'linux') return
    await sleep(1_000)
    const before = ticksOf()
    await sleep(1_500)
    // Ticks of 10 ms: an idle process takes none but for the odd garbage collection.
    expect(ticksOf() - before).toBeLessThan(10)
    expect(unwrap(await matcher.search({ model: 'm@1', probe, threshold: 0.3 })).candidates).toEqual(candidates)
  }, 30_000)

  it('ends when its parent goes away', async () => {
    const { child, matcher } = start()
    unwrap(await matcher.status())
    const gone = once(child, 'exit')
    child.disconnect()
    expect(await gone).toEqual([0, null])
  }, 20_000)

  it('says what to do when started by hand', () => {
    const run = () => execFileSync(process.execPath, [entry], { stdio: 'pipe', env: { ...process.env, NODE_CHANNEL_FD: undefined } })
    expect(run).toThrow(/npm start/)
  })

  it('runs from its source as well', async () => {
    // Only what a source folder has; the built kernel stands where the build puts it.
    execFileSync(process.execPath, ['src/matcher/kernel/build.mjs', 'out/kernel'])
    const { matcher } = start({}, 'src/matcher/process.ts')
    expect(unwrap(await matcher.status())).toMatchObject({ ready: false, references: 0 })
  }, 60_000)
})
