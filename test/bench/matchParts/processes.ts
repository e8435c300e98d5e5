/** The processes that the bench searches in, each alone with its gallery: the engine, and the matcher that a station starts. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unwrap } from '../../../src/contract/errors.ts'
import { openLink } from '../../../src/contract/link.ts'
import { type FaceFunctions, type MatcherFunctions, processEnvironment } from '../../../src/contract/processes.ts'
import type { Unwrapped } from '../../../src/operations/ports.ts'
import type { EngineFunctions } from './engineChild.ts'

const project = join(import.meta.dirname, '../../..')
const builtMatcher = join(project, 'out/main/matcher.js')
const builtFace = join(project, 'out/main/face.js')
const engineEntry = join(import.meta.dirname, 'engineChild.ts')

/** Resident memory in MB, now and at its highest; null where the system does not tell. */
export interface Memory {
  readonly residentMb: number | null
  readonly peakMb: number | null
}

export interface BenchProcess<Functions> {
  readonly functions: Functions
  memory(): Memory
  /** Processor time since its start, all threads, ms; null where the system does not tell. */
  processorMs(): number | null
  end(): Promise<void>
}

function start<Functions extends object>(file: string, execArgv: readonly string[]): BenchProcess<Functions> {
  const child = fork(file, [], {
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
    env: { ...process.env, ...processEnvironment },
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
  })
  let ended = false
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failure = new Promise<never>((_, reject) =>
    child.once('exit', (code, signal) => {
      if (!ended) reject(new Error(`${file} has ended with ${code ?? signal}`))
    }),
  )
  failure.catch(() => undefined)
  const port = {
    post: (message: unknown) => void child.send(message as object, () => undefined),
    onMessage: (listener: (message: unknown) => void) => void child.on('message', listener),
  }
  const link = openLink<Record<string, (options: unknown) => Promise<unknown>>, object>(port, {}, { timeoutMs: 0 })
  const functions = new Proxy({} as Functions, {
    get: (_, name: string) => (options: unknown) =>
      Promise.race([failure, (link[name] as (options: unknown) => Promise<unknown>)(options)]),
  })
  return {
    functions,
    memory: () => memoryOf(child.pid),
    processorMs: () => processorMsOf(child.pid),
    end: async () => {
      ended = true
      child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exit
      clearTimeout(timer)
    },
  }
}

export const startEngine = (): BenchProcess<EngineFunctions> => start(engineEntry, ['--experimental-transform-types'])

/** The built matcher as a station starts it, with values instead of outcomes. */
export function startMatcher(): BenchProcess<Unwrapped<MatcherFunctions>> {
  const started = start<MatcherFunctions>(builtMatcher, [])
  const functions = new Proxy({} as Unwrapped<MatcherFunctions>, {
    get: (_, name: keyof MatcherFunctions) => async (options: never) => {
      const call = started.functions[name] as (options: never) => ReturnType<MatcherFunctions['status']>
      return unwrap(await call(options))
    },
  })
  return { ...started, functions }
}

/** The built face process, with a pack loaded. */
export async function startFace(packId: string): Promise<BenchProcess<FaceFunctions>> {
  const started = start<FaceFunctions>(builtFace, [])
  unwrap(await started.functions.load({ packsFolder: join(project, 'models/packs'), packId }))
  return started
}

/** The system counts hundredths of a second. */
function processorMsOf(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return null
  }
}

function memoryOf(pid: number | undefined): Memory {
  const field = (text: string, name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]
    return kilobytes === undefined ? null : Math.round((Number(kilobytes) * 1024) / 1e6)
  }
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    return { residentMb: field(text, 'VmRSS'), peakMb: field(text, 'VmHWM') }
  } catch {
    return { residentMb: null, peakMb: null }
  }
}
