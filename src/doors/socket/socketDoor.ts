/**
 * The station's door for the browser window: an HTTP server for its files and a WebSocket, on 127.0.0.1 and nowhere else.
 * A window is let in by a token that works once, for a minute. There are no cookies: every port of 127.0.0.1 shares them.
 * The local door for commands of the same machine comes with it.
 */
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Welcome } from '../../contract/wire.ts'
import type { Station } from '../../station/api.ts'
import { listPageFiles, type PageFile } from '../pageFiles.ts'
import { pageHeaders } from '../pageHeaders.ts'
import { type ConnectionOptions, serveConnection } from './connection.ts'
import { closeServer, connectionsMax, listen, newWebSockets } from './listening.ts'
import { openLocalDoor } from './localDoor.ts'
import { TokenStore } from './tokens.ts'
import { refuseUpgrade, windowRefusal } from './upgrade.ts'

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

/** Opens the door. @throws VultusError vault.inUse where a station is running on the data folder already */
export async function openSocketDoor(options: SocketDoorOptions): Promise<SocketDoor> {
  const files = listPageFiles(options.rendererFolder)
  const tokens = new TokenStore()
  const sockets = newWebSockets()
  const window = createServer((request, response) => answerFile(request, response, files, origin))
  const origin = `http://127.0.0.1:${await listen(window, { host: '127.0.0.1', port: 0 })}`
  const singleUseAddress = () => `${origin}/#key=${tokens.mint()}`
  const welcome: Welcome = { shell: 'browser', simulatedCamera: options.simulatedCamera ?? false }
  window.on('upgrade', (request, socket, head) => {
    const refusal = sockets.clients.size >= connectionsMax ? 503 : windowRefusal(request, origin, (token) => tokens.redeem(token))
    if (refusal !== undefined) {
      options.log(`socket door: a connection was refused with ${refusal}`)
      refuseUpgrade(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (connection) =>
      serveConnection(connection, { ...options, welcome, functions: windowFunctions }),
    )
  })

  const local = await openLocalDoor({ ...options, singleUseAddress }).catch(async (error: unknown) => {
    await closeServer(window, sockets)
    throw error
  })
  return {
    origin,
    mintToken: () => tokens.mint(),
    singleUseAddress,
    close: async () => {
      await Promise.all([local.close(), closeServer(window, sockets)])
    },
  }
}

/** Whoever opened the window acts as administrator until there are accounts; from then on the station asks who is signed in. */
const windowFunctions: ConnectionOptions['functions'] = (run) => ({
  run: (name, input) => run(name, input, { role: 'administrator', door: 'socket' }),
})

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
