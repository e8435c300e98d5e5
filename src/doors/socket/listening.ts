/** Servers that carry WebSockets: opening them with their limits, and ending them without waiting for whoever does not answer. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { limits } from '../../contract/types.ts'
import { wireProtocol } from '../../contract/wire.ts'

/** WebSockets of one server at once. */
export const connectionsMax = 16
const socketsMax = 64
const goodbyeTimeoutMs = 500

/** Takes over upgraded connections; messages are limited in size and never compressed. */
export function newWebSockets(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.requestBytesMax,
    handleProtocols: () => wireProtocol,
  })
}

/** Starts listening. @returns the port, or 0 for a path */
export function listen(server: Server, where: { host: string; port: number } | { path: string }): Promise<number> {
  server.maxConnections = socketsMax
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo | null)?.port ?? 0)
    })
  })
}

/** Stops listening, says goodbye to every WebSocket, and waits until all connections have ended. */
export async function closeServer(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const connection of sockets.clients) connection.close(1001)
  const timer = setTimeout(() => {
    for (const connection of sockets.clients) connection.terminate()
  }, goodbyeTimeoutMs)
  server.closeAllConnections()
  await closed
  clearTimeout(timer)
}
