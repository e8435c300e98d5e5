/** A process for one piece of work, which ends with it whatever happens. */
import { type Outcome, unwrap, type VultusError } from '../contract/errors.ts'
import { openLink } from '../contract/link.ts'
import type { Unwrapped } from '../operations/ports.ts'
import type { Child } from './api.ts'

export interface ThrowAwayOptions {
  /** Of all the work, and of each call. */
  readonly timeoutMs: number
  readonly callTimeoutMs: number
  /** What callers get where the process ends before its work, or takes too long. */
  readonly brokenOff: () => VultusError
}

/** Runs something with the functions of a child and ends it. @throws what the work throws, brokenOff */
export async function inThrowAway<Functions extends object, T>(
  child: Child,
  options: ThrowAwayOptions,
  run: (functions: Unwrapped<Functions>) => Promise<T>,
): Promise<T> {
  let breakOff: () => void = () => undefined
  const broken = new Promise<never>((_, reject) => {
    breakOff = () => reject(options.brokenOff())
  })
  broken.catch(() => undefined)
  child.onExit(breakOff)
  const timer = setTimeout(breakOff, options.timeoutMs)
  const port = {
    post: (message: unknown) => child.post(message),
    onMessage: (listener: (message: unknown) => void) =>
      child.onMessage((message) => {
        if (!(message instanceof Uint8Array)) listener(message)
      }),
  }
  const link = openLink<Record<string, (options: unknown) => Promise<Outcome<unknown>>>, object>(port, {}, { timeoutMs: 0 })
  const functions = new Proxy({} as Unwrapped<Functions>, {
    get: (_, name: string) => async (asked: unknown) => {
      const answer = (link[name] as (options: unknown) => Promise<Outcome<unknown>>)(asked)
      answer.catch(() => undefined)
      const late = setTimeout(breakOff, options.callTimeoutMs)
      try {
        return unwrap(await Promise.race([broken, answer]))
      } finally {
        clearTimeout(late)
      }
    },
  })
  try {
    return await Promise.race([broken, run(functions)])
  } finally {
    clearTimeout(timer)
    link.$close()
    child.kill()
  }
}
