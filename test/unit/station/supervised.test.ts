import { describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import { type ProcessState, Supervised } from '../../../src/station/supervised.ts'
import { codeOf } from '../../support/codeOf.ts'
import { FakeChild, type FakeFunctions } from '../../support/fakeChild.ts'

function supervised(options: { prepare?: () => Promise<void>; callTimeoutMs?: number; endMs?: number } = {}) {
  const children: FakeChild[] = []
  const states: ProcessState[] = []
  const packets: Uint8Array[] = []
  let overlaps = 0
  const part = new Supervised<FakeFunctions>({
    name: 'face',
    spawn: () => {
      if (children.some(({ ended }) => !ended)) overlaps++
      const child = new FakeChild(options.endMs)
      children.push(child)
      return child
    },
    prepare: options.prepare ?? (async () => undefined),
    callTimeoutMs: options.callTimeoutMs ?? 10_000,
    onState: (state) => states.push(state),
    onLive: (packet) => packets.push(packet),
    log: () => undefined,
  })
  return { part, children, states, packets, overlaps: () => overlaps }
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

  it('spawns a new child only when the one before has ended, also one that could not be prepared', async () => {
    let failing = true
    const { part, overlaps } = supervised({
      endMs: 200,
      prepare: async () => {
        if (failing) throw new VultusError('model.missing')
      },
    })
    expect(await codeOf(part.functions.double({ value: 1 }))).toBe('model.missing')
    failing = false
    expect(await part.functions.double({ value: 1 })).toBe(2)
    expect(overlaps()).toBe(0)
    await part.close()
  })

  it('gives a launch up that a stop overtakes: no child is left that nobody ends', async () => {
    const { part, children } = supervised()
    await part.start()
    children[0]?.kill()
    // The next launch now waits for its pause.
    await new Promise((resolve) => setImmediate(resolve))
    const waiting = codeOf(part.start())
    await part.stop()
    expect(await part.functions.double({ value: 2 })).toBe(4)
    expect(await waiting).toBe('process.restarted')
    await part.close()
    expect(children.every((child) => child.killed)).toBe(true)
  })

  it('does not call a child ready that ended while it was prepared', async () => {
    const { part, children, states } = supervised({
      prepare: async () => {
        children[0]?.kill()
        await Promise.resolve()
        await Promise.resolve()
      },
    })
    expect(await codeOf(part.start())).toBe('process.restarted')
    expect(states).not.toContain('ready')
    await part.close()
  })

  it('passes a port only to a child that is ready', async () => {
    const { part, children } = supervised()
    part.passPort('too early')
    const starting = part.start()
    part.passPort('still too early')
    await starting
    part.passPort('in time')
    expect(children[0]?.ports).toEqual(['in time'])
    await part.close()
  })
})
