/**
 * The station's door for commands of the same machine: a socket that only the station's owner can open, and that asks for
 * the token of <data>/station.json.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { z } from 'zod'
import { failedOf, outcomeOf, VultusError } from '../../contract/errors.ts'
import { Role } from '../../contract/types.ts'
import type { Station } from '../../station/api.ts'
import { attach } from './client.ts'
import { type ConnectionOptions, serveConnection } from './connection.ts'
import { closeServer, connectionsMax, listen, newWebSockets } from './listening.ts'
import { makeSocketPath, presentNote, removeStationNote, type StationNote, sweepDeadStation, writeStationNote } from './localSocket.ts'
import { isSameSecret } from './tokens.ts'
import { offeredToken, refuseUpgrade } from './upgrade.ts'

export interface LocalDoorOptions {
  readonly station: Station
  readonly dataFolder: string
  readonly log: (line: string) => void
  /** A new address of the window, where the station shows one. */
  readonly singleUseAddress?: (() => string) | undefined
}

export interface LocalDoor {
  /** Ends every connection, stops listening, removes the socket and the note. */
  close(): Promise<void>
}

const AttachedActor = z.object({ role: Role, door: z.enum(['command', 'rest']), clientKey: z.string().max(512).optional() })

/** Opens the door. @throws VultusError vault.inUse where a station is running on the data folder already */
export async function openLocalDoor(options: LocalDoorOptions): Promise<LocalDoor> {
  await refuseSecondStation(options.dataFolder)
  const note = newNote(options.dataFolder)
  const sockets = newWebSockets()
  const server = createServer((_request, response) => response.writeHead(404).end())
  const functions = functionsOf(options.singleUseAddress)
  server.on('upgrade', (request, socket, head) => {
    const allowed = sockets.clients.size < connectionsMax && isSameSecret(offeredToken(request) ?? '', note.token)
    if (!allowed) return refuseUpgrade(socket, 403)
    sockets.handleUpgrade(request, socket, head, (connection) => serveConnection(connection, { ...options, welcome: undefined, functions }))
  })
  const close = async () => {
    removeStationNote(options.dataFolder, note)
    await closeServer(server, sockets)
  }
  try {
    await listen(server, { path: note.path })
    writeStationNote(options.dataFolder, note)
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}

const functionsOf =
  (singleUseAddress: (() => string) | undefined): ConnectionOptions['functions'] =>
  (run) => ({
    run: (name, input, actor) => {
      const parsed = AttachedActor.safeParse(actor)
      return parsed.success ? run(name, input, parsed.data) : failedOf(new VultusError('request.invalid', 'actor'))
    },
    singleUseAddress: () =>
      outcomeOf(() => {
        if (singleUseAddress === undefined) throw new VultusError('request.unknown', 'the running station shows no window')
        return singleUseAddress()
      }),
  })

async function refuseSecondStation(dataFolder: string): Promise<void> {
  const noted = presentNote(dataFolder)
  const running = await attach(dataFolder)
  if (running !== undefined) {
    running.close()
    throw new VultusError('vault.inUse', noted === undefined ? undefined : `process ${noted.pid}`)
  }
  sweepDeadStation(dataFolder, noted)
}

function newNote(dataFolder: string): StationNote {
  const token = randomBytes(32).toString('base64url')
  const path = makeSocketPath(dataFolder, randomBytes(16).toString('hex'))
  return { pid: process.pid, path, token, started: new Date().toISOString() }
}
