/** A window as the wire sees it: raw bytes out, messages in. */
import { decode, encode } from '@msgpack/msgpack'
import { WebSocket } from 'ws'

export interface Wire {
  readonly socket: WebSocket
  /** Decoded call messages that came in. */
  readonly heard: Record<string, unknown>[]
  readonly packets: Uint8Array[]
  readonly closed: Promise<number>
  call(name: string, input: unknown): Promise<{ ok: boolean; value?: unknown; refusal?: { code: string } }>
  send(bytes: Uint8Array): void
}

/** Connects as a window does. @returns the HTTP status where the upgrade was refused */
export function connectWire(origin: string, token: string, headers: Record<string, string> = {}, path = '/link'): Promise<Wire | number> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, ['vultus.1', `key.${token}`], {
    headers: { origin, ...headers },
    perMessageDeflate: false,
  })
  const wire = wireOver(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(wire))
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', reject)
  })
}

export function callBytes(message: unknown): Uint8Array {
  const body = encode(message)
  const bytes = new Uint8Array(body.length + 1)
  bytes.set(body, 1)
  return bytes
}

function wireOver(socket: WebSocket): Wire {
  const heard: Record<string, unknown>[] = []
  const packets: Uint8Array[] = []
  const answers = new Map<string, (answer: never) => void>()
  let calls = 0
  socket.on('message', (data: Buffer) => {
    if (data[0] !== 0) return void packets.push(new Uint8Array(data))
    const message = decode(data.subarray(1)) as Record<string, unknown>
    heard.push(message)
    answers.get(message.i as string)?.(message.r as never)
  })
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))
  return {
    socket,
    heard,
    packets,
    closed,
    call: (name, input) =>
      new Promise((resolve) => {
        const i = `call-${++calls}`
        answers.set(i, resolve)
        socket.send(callBytes({ t: 'q', i, m: 'run', a: [name, input] }))
      }),
    send: (bytes) => socket.send(bytes),
  }
}
