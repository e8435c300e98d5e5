import { describe, expect, it } from 'vitest'
import { failedOf, type Outcome, VultusError } from '../../../src/contract/errors.ts'
import { openLink, type Port } from '../../../src/contract/link.ts'
import type { Child } from '../../../src/station/api.ts'
import { type ProcessState, Supervised } from '../../../src/station/supervised.ts'

interface Functions {
  double(options: { value: number }): Promise<Outcome<number>>
  hang(options: object): Promise<Outcome<null>>
  refuse(options: object): Promise<Outcome<null>>
}

/** A process in memory: answers over a port as a real one does, and can be killed. */
class FakeChild implements Child {
  readonly pid = 1
  killed = false
  readonly received: unknown[] = []
  #toParent: ((message: unknown) => void)[] = []
  #toChild: ((message: unknown) => void)[] = []
  #onExit: ((code: number | null) => void)[] = []

  constructor() {
    const inside: Port = {
      post: (message) => queueMicrotask(() => this.#deliver(message)),
      onMessage: (listener) => this.#toChild.push(listener),
    }
    openLink<object, Functions>(
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
  kill() {
    if (this.killed) return
    this.killed = true
    queueMicrotask(() => {
      for (const listener of this.#onExit) listener(null)
    })
  }
}

function supervised(options: { prepare?: () => Promise<void>; callTimeoutMs?: number } = {}) {
  const children: FakeChild[] = []
  const states: ProcessState[] = []
  const packets: Uint8Array[] = []
  const part = new Supervised<Functions>({
    name: 'face',
    spawn: () => {
      const child = new FakeChild()
      children.push(child)
      return child
    },
    prepare: options.prepare ?? (async () => undefined),
    callTimeoutMs: options.callTimeoutMs ?? 10_000,
    onState: (state) => states.push(state),
    onLive: (packet) => packets.push(packet),
    log: () => undefined,
  })
  return { part, children, states, packets }
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'answered'
  } catch (error) {
    return error instanceof VultusError ? error.code : `thrown: ${String(error)}`
  }
}

describe('Supervised', () => {
  it('starts at the first call, once, and answers', async () => {
    const { part, children } = supervised()
    expect(children.length).toBe(0)
    expect(await Promise.all([part.functions.double({ value: 2 }), part.functions.double({ value: 4 })])).toEqual([4, 8])
    expect(children.length).toBe(1)
    await part.close()
    expect(children[0]?.killed).toBe(true)
  })

  it('passes refusals on with code and detail', async () => {
    const { part } = supervised()
    await expect(part.functions.refuse({})).rejects.toMatchObject({ code: 'face.none', detail: 'nobody there' })
    await part.close()
  })

  it('answers pending calls with process.restarted when the child ends, and serves the next call with a new one', async () => {
    const { part, children, states } = supervised()
    const pending = codeOf(part.functions.hang({}))
    await part.functions.double({ value: 1 })
    children[0]?.kill()
    expect(await pending).toBe('process.restarted')
    expect(await part.functions.double({ value: 3 })).toBe(6)
    expect(children.length).toBe(2)
    expect(part.status.restarts).toBe(1)
    expect(states).toContain('restarting')
    await part.close()
  })

  it('ends a child that does not answer', async () => {
    const { part, children } = supervised({ callTimeoutMs: 30 })
    expect(await codeOf(part.functions.hang({}))).toBe('process.restarted')
    expect(children[0]?.killed).toBe(true)
    await part.close()
  })

  it('gives callers the reason when the child cannot be prepared, and tries again at the next call', async () => {
    let failing = true
    const { part, children } = supervised({
      prepare: async () => {
        if (failing) throw new VultusError('model.missing')
      },
    })
    expect(await codeOf(part.functions.double({ value: 1 }))).toBe('model.missing')
    expect(part.status.state).toBe('failed')
    failing = false
    expect(await part.functions.double({ value: 1 })).toBe(2)
    expect(children.length).toBe(2)
    await part.close()
  })

  it('takes no call after close', async () => {
    const { part } = supervised()
    await part.functions.double({ value: 1 })
    await part.close()
    expect(await codeOf(part.functions.double({ value: 1 }))).toBe('process.unavailable')
  })

  it('carries packets both ways beside calls', async () => {
    const { part, children, packets } = supervised()
    part.post(new Uint8Array([1]))
    await part.start()
    part.post(new Uint8Array([2]))
    children[0]?.say(new Uint8Array([9]))
    expect(packets).toEqual([new Uint8Array([9])])
    expect(children[0]?.received.filter((message) => message instanceof Uint8Array)).toEqual([new Uint8Array([2])])
    await part.close()
  })
})
