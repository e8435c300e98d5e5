import { describe, expect, test } from 'vitest'
import type { Bridge } from '../../../../src/contract/wire.ts'
import { BridgeClient } from '../../../../src/renderer/client/bridgeClient.ts'
import { SocketClient } from '../../../../src/renderer/client/socketClient.ts'
import type { SocketHearing } from '../../../../src/renderer/client/socketLink.ts'
import { type TokenPlace, tokenSourceOf } from '../../../../src/renderer/client/token.ts'
import { until } from '../../../api/fakeStation.ts'

describe('tokens', () => {
  const place = (hash: string, more: object = {}): TokenPlace & { shown: string[] } => {
    const shown: string[] = []
    return { location: { hash, pathname: '/' }, history: { replaceState: (_data, _unused, url) => void shown.push(url) }, shown, ...more }
  }

  test('of a printed address are taken once and cleared from the address bar', async () => {
    const window = place('#key=abc')
    const tokens = tokenSourceOf(window)
    expect(window.shown).toEqual(['/'])
    expect([tokens.renewable, await tokens.next(), await tokens.next()]).toEqual([false, 'abc', undefined])
  })

  test('are asked of the host each time, where there is one', async () => {
    let asked = 0
    const window = place('', {
      vultusHost: () => {
        asked += 1
        setTimeout(() => (window.vultusToken as (token: string) => void)(`token ${asked}`))
      },
    })
    const tokens = tokenSourceOf(window)
    expect([tokens.renewable, await tokens.next(), await tokens.next()]).toEqual([true, 'token 1', 'token 2'])
  })
})

/** Links that a test ends and welcomes by hand. */
function fakeLinks() {
  const opened: { token: string; hearing: SocketHearing }[] = []
  const run = async (name: string) =>
    name === 'subject.get'
      ? ({ ok: false, refusal: { code: 'subject.unknown', message: 'm', remedy: 'r', detail: 'd' } } as const)
      : ({ ok: true, value: { name } } as const)
  const open = (_address: string, token: string, hearing: SocketHearing) => {
    opened.push({ token, hearing })
    return { run, sendFrame: () => true, close: () => undefined }
  }
  return { opened, open }
}
const renewable = { renewable: true, next: async () => 'fresh' }
const single = () => {
  let left: string | undefined = 'printed'
  return {
    renewable: false,
    next: async () => {
      const token = left
      left = undefined
      return token
    },
  }
}

describe('the socket client', () => {
  test('waits for the link with its calls, and answers values and refusals', async () => {
    const links = fakeLinks()
    const client = new SocketClient('ws://x', renewable, links.open)
    const answer = client.call('vault.status', {})
    await until(() => links.opened.length === 1)
    expect(client.state.name).toBe('connecting')
    expect(client.sendFrame(new Uint8Array(1))).toBe(false)
    links.opened[0]?.hearing.onWelcome({ shell: 'browser', simulatedCamera: true })
    expect(await answer).toEqual({ name: 'vault.status' })
    expect([client.state.name, client.simulatedCamera, client.sendFrame(new Uint8Array(1))]).toEqual(['ready', true, true])
    await expect(client.call('subject.get', { id: 'a' as never })).rejects.toMatchObject({ code: 'subject.unknown', detail: 'd' })
  })

  test('connects again with a fresh token where the host gives one', async () => {
    const links = fakeLinks()
    const client = new SocketClient('ws://x', renewable, links.open, [1, 1])
    const states: string[] = []
    client.onState((state) => states.push(state.name))
    await until(() => links.opened.length === 1)
    links.opened[0]?.hearing.onWelcome({ shell: 'browser', simulatedCamera: false })
    links.opened[0]?.hearing.onClose(true)
    await until(() => links.opened.length === 2)
    links.opened[1]?.hearing.onWelcome({ shell: 'browser', simulatedCamera: false })
    expect(states).toEqual(['ready', 'connecting', 'ready'])
  })

  test('gives up after the last attempt and says that the station is gone', async () => {
    const links = fakeLinks()
    const client = new SocketClient('ws://x', renewable, links.open, [1, 1])
    for (let attempt = 0; attempt < 3; attempt++) {
      await until(() => links.opened.length === attempt + 1)
      links.opened[attempt]?.hearing.onClose(false)
    }
    expect(client.state).toMatchObject({ name: 'lost', reason: 'stationGone' })
    await expect(client.call('vault.status', {})).rejects.toMatchObject({ code: 'station.unreachable' })
  })

  test('says plainly that a printed address was used, and how to get a new one', async () => {
    const links = fakeLinks()
    const refused = new SocketClient('ws://x', single(), links.open)
    await until(() => links.opened.length === 1)
    links.opened[0]?.hearing.onClose(false)
    expect(refused.state).toMatchObject({ name: 'lost', reason: 'addressUsed', remedy: expect.stringContaining('npm start') })
    const reloaded = new SocketClient('ws://x', { renewable: false, next: async () => undefined }, links.open)
    await until(() => reloaded.state.name === 'lost')
    expect(reloaded.state).toMatchObject({ reason: 'addressUsed' })
    expect(links.opened).toHaveLength(1)
  })

  test('passes on events and packets', async () => {
    const links = fakeLinks()
    const client = new SocketClient('ws://x', renewable, links.open)
    const heard: unknown[] = []
    client.onEvent((name, payload) => heard.push([name, payload]))
    const end = client.onLive((packet) => heard.push(packet))
    await until(() => links.opened.length === 1)
    links.opened[0]?.hearing.onEvent('gallery.changed', { sequence: 1 })
    links.opened[0]?.hearing.onPacket(new Uint8Array([2]))
    end()
    links.opened[0]?.hearing.onPacket(new Uint8Array([3]))
    expect(heard).toEqual([['gallery.changed', { sequence: 1 }], new Uint8Array([2])])
  })
})

test('the bridge client takes the live port from its own window only, and the newest', () => {
  const listeners: ((event: MessageEvent) => void)[] = []
  const place = {
    addEventListener: (_type: string, listener: (event: MessageEvent) => void) => void listeners.push(listener),
    removeEventListener: () => undefined,
  }
  const port = () => ({
    posted: [] as unknown[],
    onmessage: null,
    closed: false,
    postMessage(message: unknown) {
      this.posted.push(message)
    },
    close() {
      this.closed = true
    },
  })
  const bridge: Bridge = {
    welcome: { shell: 'electron', simulatedCamera: false },
    run: async () => ({ ok: true, value: {} }),
    onEvent: () => () => undefined,
    requestLivePort: () => undefined,
    pathOf: () => '',
  }
  const client = new BridgeClient(bridge, place)
  const hand = (source: unknown, taken: unknown) => {
    for (const listener of listeners) listener({ source, data: 'vultus.livePort', ports: [taken] } as never)
  }
  const [foreign, first, second] = [port(), port(), port()]
  hand({}, foreign)
  expect(client.sendFrame(new Uint8Array([1]))).toBe(false)
  hand(place, first)
  hand(place, second)
  expect(client.sendFrame(new Uint8Array([1]))).toBe(true)
  expect([foreign.posted.length, first.closed, second.posted.length]).toEqual([0, true, 1])
})
