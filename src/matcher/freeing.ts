/**
 * Gives the memory of used messages back. Templates cross the port in large buffers outside the heap, and the engine's collector waits
 * until there are a hundred megabytes of them: as much as the gallery of a small station.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of messages after which those that came lately are collected, and after which all are. */
const bytesBetween = 4 * 1024 * 1024
const bytesBetweenAll = 64 * 1024 * 1024
/** Without a message for so long, all that came since is collected, where it was enough for one that came lately. */
const idleMs = 1_000

export class Freeing {
  readonly #collect: Collect
  #bytes = 0
  #bytesOfAll = 0
  #idle: NodeJS.Timeout | undefined

  /** @param collect stands in for the collector in tests */
  constructor(collect: Collect = collector()) {
    this.#collect = collect
  }

  /** A message of that many bytes has been used. */
  used(bytes: number): void {
    this.#bytes += bytes
    this.#bytesOfAll += bytes
    if (this.#bytesOfAll >= bytesBetweenAll) this.now()
    this.#idle?.refresh()
    if (this.#bytes < bytesBetween) return
    this.#bytes = 0
    this.#collect('minor')
    this.#idle ??= setTimeout(() => this.now(), idleMs).unref()
  }

  now(): void {
    clearTimeout(this.#idle)
    this.#idle = undefined
    this.#bytes = 0
    this.#bytesOfAll = 0
    this.#collect('major')
  }
}

/** Collects what came lately, which is quick, or all. */
type Collect = (type: 'minor' | 'major') => void

/** The collector has no other door than the one for debugging, which is opened here and closed again. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect !== 'function') return () => undefined
  return (type) => void collect(type === 'minor' ? { type } : { type, execution: 'sync', flavor: 'last-resort' })
}
