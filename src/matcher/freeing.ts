/**
 * Gives the memory of used messages back. Templates cross the port in large buffers outside the heap, and the engine's collector waits
 * until there are a hundred megabytes of them: as much as the gallery of a small station.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of messages after which they are collected. */
const bytesBetween = 48 * 1024 * 1024

export class Freeing {
  readonly #collect: () => void
  #bytes = 0

  /** @param collect stands in for the collector in tests */
  constructor(collect: () => void = collector()) {
    this.#collect = collect
  }

  /** A message of that many bytes has been used. */
  used(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes >= bytesBetween) this.now()
  }

  now(): void {
    this.#bytes = 0
    this.#collect()
  }
}

/** The collector has no other door than the one for debugging, which is opened here and closed again. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }) : () => undefined
}
