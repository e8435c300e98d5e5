import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeFrame, encodeLive } from '../../src/contract/live.ts'
import { openSocketDoor, type SocketDoor } from '../../src/doors/socket/socketDoor.ts'
import { inputsOf } from '../support/fakeStation.ts'
import { FakeStation, makePageFolders, until } from './fakeStation.ts'
import { callBytes, connectWire, type Wire } from './wireClient.ts'

let station: FakeStation
let door: SocketDoor
let folders: ReturnType<typeof makePageFolders>
const logged: string[] = []
let release: () => void = () => undefined

beforeEach(async () => {
  logged.length = 0
  station = new FakeStation(({ name, input }) => {
    if (name === 'health.get' || (input as { source?: string }).source === 'simulated')
      return new Promise((resolve) => (release = () => resolve({})))
    return input
  })
  folders = makePageFolders()
  door = await openSocketDoor({ ...folders, station, log: (line) => logged.push(line), simulatedCamera: true })
})

afterEach(async () => {
  await door.close()
  folders.remove()
})

async function openWire(): Promise<Wire> {
  const wire = await connectWire(door.origin, door.mintToken())
  if (typeof wire === 'number') throw new Error(`refused with ${wire}`)
  await until(() => wire.heard.length > 0)
  return wire
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(door.origin)
    request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

const live = (sessionId: string, frameNo = 1) =>
  encodeLive({ sessionId, frameNo, capturedAtMs: 1, width: 640, height: 480, faceMs: 5, faces: [], report: null })

describe('the files of the window', () => {
  test('are served with headers that load nothing from elsewhere and keep nothing', async () => {
    const page = await get('/')
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>Vultus</title>')
    expect(page.headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers['set-cookie']).toBeUndefined()
    expect((await get('/assets/page.js')).headers['content-type']).toContain('text/javascript')
  })

  test.each([
    '/secret.html',
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/assets/../../secret.html',
    '/..%2fsecret.html',
    '/notes.txt',
    '//',
  ])('and nothing else: %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  test('only under its own name and only to be read', async () => {
    expect((await get('/', { host: 'station.example' })).status).toBe(421)
    expect((await get('/', { host: 'localhost' })).status).toBe(421)
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })
})

describe('who is let in', () => {
  test('a token lets one connection in', async () => {
    const token = door.mintToken()
    expect(await connectWire(door.origin, token)).not.toBeTypeOf('number')
    expect(await connectWire(door.origin, token)).toBe(403)
  })

  test('the token of a printed address works once and stands behind the fragment', async () => {
    const address = new URL(door.singleUseAddress())
    expect(address.search).toBe('')
    const token = new URLSearchParams(address.hash.slice(1)).get('key') ?? ''
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(await connectWire(door.origin, token)).not.toBeTypeOf('number')
    expect(await connectWire(door.origin, token)).toBe(403)
  })

  test('a wrong token, Origin, Host or path is refused', async () => {
    expect(await connectWire(door.origin, 'A'.repeat(43))).toBe(403)
    expect(await connectWire(door.origin, '')).toBe(403)
    expect(await connectWire(door.origin, door.mintToken(), { origin: 'http://127.0.0.1:1' })).toBe(403)
    expect(await connectWire(door.origin, door.mintToken(), { origin: 'null' })).toBe(403)
    expect(await connectWire(door.origin, door.mintToken(), { host: 'station.example' })).toBe(421)
    expect(await connectWire(door.origin, door.mintToken(), {}, '/other')).toBe(404)
  })

  test('a missing Origin is refused', async () => {
    const { port } = new URL(door.origin)
    const status = await new Promise((resolve, reject) => {
      const headers = {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': `vultus.1, key.${door.mintToken()}`,
      }
      request({ hostname: '127.0.0.1', port, path: '/link', headers })
        .on('response', (response) => resolve(response.statusCode))
        .on('upgrade', () => resolve(101))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})

describe('calls and events', () => {
  test('the window is welcomed and its calls reach the station as its own', async () => {
    const wire = await openWire()
    expect(wire.heard[0]).toMatchObject({ m: 'welcome', a: [{ shell: 'browser', simulatedCamera: true }] })
    const picture = new Uint8Array([1, 2, 3])
    expect(await wire.call('capture.fromPicture', { picture, name: undefined })).toMatchObject({ ok: true })
    expect(station.calls[0]).toMatchObject({ name: 'capture.fromPicture', actor: { role: 'administrator', door: 'socket' } })
    expect(station.calls[0]?.input).toEqual({ picture, name: null })
    station.tell('gallery.changed', { sequence: 7 })
    await until(() => wire.heard.some(({ m }) => m === 'event'))
    expect(wire.heard.at(-1)).toMatchObject({ a: ['gallery.changed', { sequence: 7 }] })
  })

  test('an unknown procedure is an outcome, not the end', async () => {
    const wire = await openWire()
    expect(await wire.call('no.such', {})).toMatchObject({ ok: false, refusal: { code: 'request.unknown' } })
    expect(await wire.call('status.get', {})).toMatchObject({ ok: true })
  })

  test('a window cannot ask for more at once than the limit', async () => {
    const wire = await openWire()
    const calls = Array.from({ length: 65 }, () => wire.call('health.get', {}))
    expect(await calls[64]).toMatchObject({ ok: false, refusal: { code: 'rate.limited' } })
    expect(station.calls).toHaveLength(64)
  })
})

describe('what does not belong', () => {
  const nested = (depth: number) => Uint8Array.from([0, ...new Array<number>(depth).fill(0x91), 0xc0])
  test.each<[string, Uint8Array, number]>([
    ['an unknown kind', new Uint8Array([9, 1, 2]), 1007],
    ['nothing', new Uint8Array(), 1007],
    ['random bytes', Uint8Array.from({ length: 500 }, (_, index) => (index * 73) % 256).with(0, 0), 1007],
    ['an array of 4 billion places', new Uint8Array([0, 0xdd, 255, 255, 255, 255]), 1007],
    ['a deep nest', nested(100), 1007],
    ['an extension type', new Uint8Array([0, 0xd6, 0xff, 0, 0, 0, 0]), 1007],
    ['another function', callBytes({ t: 'q', i: '1', m: 'toString', a: [] }), 1008],
    ['a function of the local socket', callBytes({ t: 'q', i: '1', m: 'singleUseAddress', a: [] }), 1008],
    ['an answer that nobody asked for', callBytes({ t: 's', i: '1', r: 1 }), 1008],
    ['a number', callBytes(7), 1008],
  ])('%s ends the connection and the door goes on', async (_name, bytes, code) => {
    const wire = await openWire()
    wire.send(bytes)
    expect(await wire.closed).toBe(code)
    expect(station.calls).toHaveLength(0)
    expect(await (await openWire()).call('status.get', {})).toMatchObject({ ok: true })
  })

  test('a text message and a message beyond the limit end the connection', async () => {
    const text = await openWire()
    text.socket.send('hello')
    expect(await text.closed).toBe(1007)
    const large = await openWire()
    large.socket.send(new Uint8Array(96 * 1024 * 1024 + 1))
    expect(await large.closed).toBe(1009)
    expect(await (await openWire()).call('status.get', {})).toMatchObject({ ok: true })
  })
})

describe('frames and live packets', () => {
  const frame = (sessionId: string, frameNo: number) =>
    encodeFrame({ sessionId, frameNo, capturedAtMs: 0, jpeg: new Uint8Array([255, 216]) })
  const open = async (wire: Wire) => ((await wire.call('capture.open', { source: 'camera' })).value as { sessionId: string }).sessionId

  test('frames reach the station unchanged, only for sessions of this connection', async () => {
    const wire = await openWire()
    const other = await openWire()
    const sessionId = await open(wire)
    wire.send(frame(sessionId, 3))
    other.send(frame(sessionId, 4))
    await other.call('status.get', {})
    await wire.call('status.get', {})
    expect(station.frames).toEqual([frame(sessionId, 3)])
  })

  test('10,000 queued frames pass and calls still answer', async () => {
    const wire = await openWire()
    const sessionId = await open(wire)
    for (let frameNo = 0; frameNo < 10_000; frameNo++) wire.send(frame(sessionId, frameNo))
    expect(await wire.call('status.get', {})).toMatchObject({ ok: true })
    expect(station.frames).toHaveLength(10_000)
  })

  test('live packets go to the connection that opened the session', async () => {
    const wire = await openWire()
    const other = await openWire()
    const sessionId = await open(wire)
    station.showLive(live(sessionId))
    station.showLive(live('another-session-of-somebody'))
    await until(() => wire.packets.length > 0)
    await other.call('status.get', {})
    expect(wire.packets).toEqual([live(sessionId)])
    expect(other.packets).toEqual([])
  })

  test('a window that reads slowly gets the newest packet, not the backlog', async () => {
    const wire = await openWire()
    const sessionId = await open(wire)
    for (let frameNo = 1; frameNo <= 1000; frameNo++) station.showLive(live(sessionId, frameNo))
    await until(() => wire.packets.length >= 2)
    await wire.call('status.get', {})
    expect(wire.packets).toEqual([live(sessionId, 1), live(sessionId, 1000)])
  })

  test('sessions are closed with the connection, also one whose opening was on its way', async () => {
    const closed = () => inputsOf(station, 'capture.close')
    const wire = await openWire()
    const sessionId = await open(wire)
    void wire.call('capture.open', { source: 'simulated' })
    await until(() => station.calls.length === 2)
    wire.socket.terminate()
    await until(() => closed().length === 1)
    expect(closed()).toEqual([{ sessionId }])
    release()
    await until(() => closed().length === 2)
    expect(closed()[1]).toEqual({ sessionId: 'session-of-the-test-2' })
    expect(station.listeners).toBe(0)
    expect(await (await openWire()).call('status.get', {})).toMatchObject({ ok: true })
  })
})
