/** What has to hold before a connection becomes a WebSocket, and the answer where it does not. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { tokenPrefix, wirePath, wireProtocol } from '../../contract/wire.ts'

const reasons = { 403: 'Forbidden', 404: 'Not Found', 421: 'Misdirected Request', 503: 'Service Unavailable' } as const

/** Answers an upgrade that is refused, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: keyof typeof reasons): void {
  // The caller may have gone already; that is no fault of the station.
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The token that a caller offers beside the protocol. @returns undefined where either is missing */
export function offeredToken(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (!offered.includes(wireProtocol)) return undefined
  return offered.find((name) => name.startsWith(tokenPrefix))?.slice(tokenPrefix.length)
}

/** Checks path, Host, Origin and token of a window's request, in this order. @returns the status of the refusal, or undefined */
export function windowRefusal(request: IncomingMessage, origin: string, redeem: (token: string) => boolean): 403 | 404 | 421 | undefined {
  if (`http://${request.headers.host}` !== origin) return 421
  if (request.url !== wirePath) return 404
  if (request.headers.origin !== origin) return 403
  const token = offeredToken(request)
  return token !== undefined && redeem(token) ? undefined : 403
}
