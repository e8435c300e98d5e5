/** A process in memory, for tests of what supervises one. */
import { failedOf, type Outcome, VultusError } from '../../src/contract/errors.ts'
import { openLink, type Port } from '../../src/contract/link.ts'
import type { Child } from '../../src/station/api.ts'

export interface FakeFunctions {
  double(options: { value: number }): Promise<Outcome<number>>
  hang(options: object): Promise<Outcome<null>>
  refuse(options: object): Promise<Outcome<null>>
}

/** Answers over a port as a real one does, and can be killed. */
export class FakeChild implements Child {
  readonly pid = 1
  killed = false
  /** Whether its end has been told. */
  ended = false
  readonly received: unknown[] = []
  readonly ports: unknown[] = []
  #toParent: ((message: unknown) => void)[] = []
  #toChild: ((message: unknown) => void)[] = []
  #onExit: ((code: number | null) => void)[] = []

  /** @param endMs how long it takes to end once it was killed */
  constructor(readonly endMs = 0) {
    const inside: Port = {
      post: (message) => queueMicrotask(() => this.#deliver(message)),
      onMessage: (listener) => this.#toChild.push(listener),
    }
    openLink<object, FakeFunctions>(
      inside,
      {
        double: async ({ value }) => ({ ok: true, value: value * 2 }),
        hang: () => new Promise(() => undefined),
        refuse: async () => failedOf(new VultusError('face.none', 'nobody there')),
      },
      { timeoutMs: 0 },
    )
  }
  #deliver(message: unknown) {
    if (!this.killed) for (const listener of this.#toParent) listener(message)
  }
  say(packet: Uint8Array) {
    this.#deliver(packet)
  }
  post(message: unknown) {
    this.received.push(message)
    queueMicrotask(() => {
      if (!this.killed && !(message instanceof Uint8Array)) for (const listener of this.#toChild) listener(message)
    })
  }
  onMessage(listener: (message: unknown) => void) {
    this.#toParent.push(listener)
  }
  onExit(listener: (code: number | null) => void) {
    this.#onExit.push(listener)
  }
  passPort(port: unknown) {
    this.ports.push(port)
  }
  kill() {
    if (this.killed) return
    this.killed = true
    const end = () => {
      this.ended = true
      for (const listener of this.#onExit) listener(null)
    }
    if (this.endMs === 0) queueMicrotask(end)
    else setTimeout(end, this.endMs)
  }
}
