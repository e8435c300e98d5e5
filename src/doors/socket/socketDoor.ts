/**
 * The station's door for the browser window and for commands of the same machine.
 * 1. It listens on 127.0.0.1 and on a local socket that only the station's owner can open; nowhere else.
 * 2. A window is let in by a token that works once, for a minute; there are no cookies, they are shared by every port of 127.0.0.1.
 * 3. The local socket asks for the token of <data>/station.json.
 */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { failedOf, VultusError } from '../../contract/errors.ts'
import { limits, Role } from '../../contract/types.ts'
import { type Welcome, wireProtocol } from '../../contract/wire.ts'
import type { Station } from '../../station/api.ts'
import { listPageFiles, type PageFile } from '../pageFiles.ts'
import { pageHeaders } from '../pageHeaders.ts'
import { attach } from './client.ts'
import { type ConnectionOptions, serveConnection } from './connection.ts'
import { makeSocketPath, removeStationNote, type StationNote, sweepDeadStation, writeStationNote } from './localSocket.ts'
import { isSameSecret, TokenStore } from './tokens.ts'
import { offeredToken, refuseUpgrade, windowRefusal } from './upgrade.ts'

export interface SocketDoorOptions {
  readonly station: Station
  /** The built window (out/renderer). */
  readonly rendererFolder: string
  readonly dataFolder: string
  readonly log: (line: string) => void
  /** The window feeds a drawn subject instead of a camera (demo). */
  readonly simulatedCamera?: boolean | undefined
}

export interface SocketDoor {
  /** http://127.0.0.1:PORT */
  readonly origin: string
  /** A token for one connection within a minute; the host hands it to its page over the browser's pipe. */
  mintToken(): string
  /** An address of the window that works once, for a minute. */
  singleUseAddress(): string
  /** Ends every connection, stops listening, removes the local socket and the note. */
  close(): Promise<void>
}

const connectionsMax = 16
const goodbyeTimeoutMs = 500
const AttachedActor = z.object({ role: Role, door: z.enum(['command', 'rest']) })

/** Opens the door. @throws VultusError vault.inUse where a station is running on the data folder already */
export async function openSocketDoor(options: SocketDoorOptions): Promise<SocketDoor> {
  await refuseSecondStation(options.dataFolder)
  const files = listPageFiles(options.rendererFolder)
  const tokens = new TokenStore()
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.requestBytesMax,
    handleProtocols: () => wireProtocol,
  })
  const window = createServer((request, response) => answerFile(request, response, files, origin))
  const origin = `http://127.0.0.1:${await listen(window, { host: '127.0.0.1', port: 0 })}`
  const singleUseAddress = () => `${origin}/#key=${tokens.mint()}`
  const accept = (connection: WebSocket, functions: ConnectionOptions['functions']) => {
    const welcome: Welcome = { shell: 'browser', simulatedCamera: options.simulatedCamera ?? false }
    serveConnection(connection, { station: options.station, welcome, functions, log: options.log })
  }
  window.on('upgrade', (request, socket, head) => {
    const refusal = sockets.clients.size >= connectionsMax ? 503 : windowRefusal(request, origin, (token) => tokens.redeem(token))
    if (refusal !== undefined) {
      options.log(`socket door: a connection was refused with ${refusal}`)
      refuseUpgrade(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (connection) => accept(connection, windowFunctions))
  })

  const note = newNote(options.dataFolder)
  const local = createServer((_request, response) => response.writeHead(404).end())
  local.on('upgrade', (request, socket, head) => {
    const allowed = sockets.clients.size < connectionsMax && isSameSecret(offeredToken(request) ?? '', note.token)
    if (!allowed) return refuseUpgrade(socket, 403)
    sockets.handleUpgrade(request, socket, head, (connection) => accept(connection, localFunctions(singleUseAddress)))
  })
  await listen(local, { path: note.path })
  writeStationNote(options.dataFolder, note)

  return {
    origin,
    mintToken: () => tokens.mint(),
    singleUseAddress,
    close: async () => {
      removeStationNote(options.dataFolder, note)
      await endConnections([...sockets.clients])
      await Promise.all([closeServer(window), closeServer(local)])
    },
  }
}

/** Says goodbye to each, and does not wait long for those that do not answer. */
async function endConnections(connections: readonly WebSocket[]): Promise<void> {
  const ends = connections.map((connection) => new Promise<void>((resolve) => connection.once('close', () => resolve())))
  for (const connection of connections) connection.close(1001)
  const timer = setTimeout(() => {
    for (const connection of connections) connection.terminate()
  }, goodbyeTimeoutMs)
  await Promise.all(ends)
  clearTimeout(timer)
}

/** Whoever opened the window acts as administrator until there are operators to sign in. */
const windowFunctions: ConnectionOptions['functions'] = (run) => ({
  run: (name, input) => run(name, input, { role: 'administrator', door: 'socket' }),
})

const localFunctions =
  (singleUseAddress: () => string): ConnectionOptions['functions'] =>
  (run) => ({
    run: (name, input, actor) => {
      const parsed = AttachedActor.safeParse(actor)
      return parsed.success ? run(name, input, parsed.data) : failedOf(new VultusError('request.invalid', 'actor'))
    },
    singleUseAddress,
  })

async function refuseSecondStation(dataFolder: string): Promise<void> {
  const running = await attach(dataFolder)
  if (running !== undefined) {
    running.close()
    throw new VultusError('vault.inUse')
  }
  sweepDeadStation(dataFolder)
}

function newNote(dataFolder: string): StationNote {
  const token = randomBytes(32).toString('base64url')
  const path = makeSocketPath(dataFolder, randomBytes(16).toString('hex'))
  return { pid: process.pid, path, token, started: new Date().toISOString() }
}

function answerFile(request: IncomingMessage, response: ServerResponse, files: ReadonlyMap<string, PageFile>, origin: string): void {
  const answer = (status: number) => response.writeHead(status, { ...pageHeaders, 'Content-Length': 0 }).end()
  if (`http://${request.headers.host}` !== origin) return void answer(421)
  if (request.method !== 'GET' && request.method !== 'HEAD') return void answer(405)
  const file = files.get((request.url ?? '').split('?', 1)[0] ?? '')
  if (file === undefined) return void answer(404)
  response.writeHead(200, { ...pageHeaders, 'Content-Type': file.mediaType })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(file.file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** @returns the port, or 0 for a path */
function listen(server: Server, where: { host: string; port: number } | { path: string }): Promise<number> {
  server.maxConnections = 64
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo | null)?.port ?? 0)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
