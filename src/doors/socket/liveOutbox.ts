/** Live packets on their way to one window: one at a time is being sent, and of each session only the newest waits. */
import { sessionIdOf } from '../../contract/live.ts'

export class LiveOutbox {
  readonly #waiting = new Map<string, Uint8Array>()
  #sending = false

  /** @param send hands a packet to the socket and calls back when it has left this process */
  constructor(readonly send: (packet: Uint8Array, sent: () => void) => void) {}

  put(packet: Uint8Array): void {
    const sessionId = sessionIdOf(packet)
    if (sessionId === undefined) return
    this.#waiting.set(sessionId, packet)
    this.#next()
  }

  #next(): void {
    if (this.#sending) return
    const next = this.#waiting.entries().next().value
    if (next === undefined) return
    this.#waiting.delete(next[0])
    this.#sending = true
    this.send(next[1], () => {
      this.#sending = false
      this.#next()
    })
  }
}
