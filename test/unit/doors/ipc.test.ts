import { beforeEach, describe, expect, test } from 'vitest'
import { isWithinLimits } from '../../../src/doors/ipc/inputSize.ts'
import { type IpcDoor, type IpcEvent, openIpcDoor, type WindowContents } from '../../../src/doors/ipc/ipcDoor.ts'
import { FakeStation, until } from '../../api/fakeStation.ts'

type Listener = (event: IpcEvent, ...parameters: unknown[]) => unknown

class FakeContents implements WindowContents {
  readonly sent: unknown[][] = []
  readonly posted: unknown[][] = []
  readonly listeners = new Map<string, () => void>()
  gone = false
  constructor(readonly id: number) {}
  send(...parameters: unknown[]) {
    this.sent.push(parameters)
  }
  postMessage(...parameters: unknown[]) {
    this.posted.push(parameters)
  }
  isDestroyed() {
    return this.gone
  }
  on(event: string, listener: () => void) {
    this.listeners.set(event, listener)
  }
}

let station: FakeStation
let door: IpcDoor
let contents: FakeContents
let handlers: Map<string, Listener>
let channels: number

beforeEach(() => {
  station = new FakeStation(({ input }) => input)
  handlers = new Map()
  channels = 0
  door = openIpcDoor({
    station,
    ipc: {
      handle: (channel, listener) => handlers.set(channel, listener),
      on: (channel, listener) => handlers.set(channel, listener),
      removeHandler: (channel) => handlers.delete(channel),
      removeAllListeners: (channel) => handlers.delete(channel),
    },
    pageBase: 'app://station/',
    newChannel: () => ({ port1: `face ${++channels}`, port2: `page ${channels}` }),
    log: () => undefined,
  })
  contents = new FakeContents(1)
  door.admit(contents)
})

const from = (url: string, id = 1, parent: unknown = null): IpcEvent => ({ sender: { id }, senderFrame: { url, parent } })
const page = 'app://station/index.html'
const run = (event: IpcEvent, name: unknown, input: unknown) => handlers.get('vultus.run')?.(event, name, input)

describe('calls', () => {
  test('of our page reach the station as the door', async () => {
    expect(await run(from(page), 'subject.list', { a: 1 })).toEqual({ ok: true, value: { a: 1 } })
    expect(station.calls[0]).toEqual({ name: 'subject.list', input: { a: 1 }, actor: { role: 'administrator', door: 'ipc' } })
  })

  test.each<[string, IpcEvent]>([
    ['another origin', from('https://example.org/app://station/')],
    ['an origin that begins alike', from('app://station.example/index.html')],
    ['a frame inside our page', from(page, 1, {})],
    ['a window that was not admitted', from(page, 2)],
    ['a frame that is gone', { sender: { id: 1 }, senderFrame: null }],
  ])('of %s are refused', async (_name, event) => {
    expect(await run(event, 'subject.list', {})).toMatchObject({ ok: false, refusal: { code: 'permission.denied' } })
    handlers.get('vultus.livePort')?.(event)
    expect(station.calls).toEqual([])
    expect(station.livePorts).toEqual([])
  })

  test('that are no procedure, or too large, are refused', async () => {
    expect(await run(from(page), 7, {})).toMatchObject({ ok: false, refusal: { code: 'request.unknown' } })
    expect(await run(from(page), 'x', { picture: new Uint8Array(97 * 1024 * 1024) })).toMatchObject({
      refusal: { code: 'request.tooLarge' },
    })
    expect(station.calls).toEqual([])
  })

  test('what a message may hold is limited', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect([null, undefined, 1, 'a', [1, { a: new Uint8Array(3) }], {}].map(isWithinLimits)).toEqual(new Array(6).fill(true))
    expect([cycle, new Map(), new Date(), { a: new Error('x') }].map(isWithinLimits)).toEqual(new Array(4).fill(false))
  })
})

describe('events, frames and sessions', () => {
  test('events reach the window until it is gone', () => {
    station.tell('gallery.changed', { sequence: 3 })
    contents.gone = true
    station.tell('gallery.changed', { sequence: 4 })
    expect(contents.sent).toEqual([['vultus.event', 'gallery.changed', { sequence: 3 }]])
  })

  test('a page that asks gets a channel to the face process, and a new one when that was started again', () => {
    station.tell('station.health', { part: 'face', state: 'ready' })
    expect(channels).toBe(0)
    handlers.get('vultus.livePort')?.(from(page))
    station.tell('station.health', { part: 'face', state: 'restarting' })
    station.tell('station.health', { part: 'matcher', state: 'ready' })
    station.tell('station.health', { part: 'face', state: 'ready' })
    expect(station.livePorts).toEqual(['face 1', 'face 2'])
    expect(contents.posted).toEqual([
      ['vultus.livePort', null, ['page 1']],
      ['vultus.livePort', null, ['page 2']],
    ])
  })

  test.each(['did-navigate', 'destroyed'])('sessions of a page are closed on %s', async (event) => {
    const { value } = (await run(from(page), 'capture.open', { source: 'camera' })) as { value: { sessionId: string } }
    contents.listeners.get(event)?.()
    await until(() => station.calls.length === 2)
    expect(station.calls[1]).toMatchObject({ name: 'capture.close', input: { sessionId: value.sessionId } })
  })

  test('a closed door hears nothing more', () => {
    door.close()
    expect(handlers.size).toBe(0)
    expect(station.listeners).toBe(0)
  })
})
