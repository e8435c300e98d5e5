/**
 * How commands of the same machine find a running station: <data>/station.json (only its owner may read it) names the
 * process, its Unix domain socket (a named pipe on Windows) and a random token.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { VultusError } from '../../contract/errors.ts'

/** Unix socket addresses hold 107 bytes; a longer path is cut off without a word. */
const socketPathBytesMax = 100
const noteBytesMax = 4096
const ownFolderPrefix = 'vultus-station-'
const socketName = /^station-[0-9a-f]{8}\.sock$/

export const StationNote = z.object({
  pid: z.number().int().positive(),
  path: z.string().min(1).max(512),
  token: z.string().min(32).max(64),
  /** ISO 8601, UTC. */
  started: z.string().max(40),
})
export type StationNote = z.infer<typeof StationNote>

const noteFile = (dataFolder: string) => join(dataFolder, 'station.json')

/** The note of a station that may be running on this folder. @returns undefined where there is none or its process is dead */
export function readStationNote(dataFolder: string): StationNote | undefined {
  const note = parseNote(noteFile(dataFolder))
  return note !== undefined && isAlive(note.pid) ? note : undefined
}

function parseNote(file: string): StationNote | undefined {
  try {
    return StationNote.parse(JSON.parse(noteTextOf(file)))
  } catch {
    return undefined
  }
}

/** Throws where it is no small plain file: a pipe in its place must not hold the command. */
function noteTextOf(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = fstatSync(descriptor)
    if (!found.isFile() || found.size > noteBytesMax) throw new RangeError('no note')
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

/** Whether a process with this id is running, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A free path for the local socket: in the data folder, or where that is too long in a folder of its own (0700). */
export function makeSocketPath(dataFolder: string, random: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\vultus-${random}`
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  // A name of its own: whoever stops listening removes the path, and it must not be another station's.
  const name = `station-${random.slice(0, 8)}.sock`
  const path = join(dataFolder, name)
  return Buffer.byteLength(path) <= socketPathBytesMax ? path : join(mkdtempSync(join(tmpdir(), ownFolderPrefix)), name)
}

/** The note that stands in the folder, whether its station runs or not. */
export function presentNote(dataFolder: string): StationNote | undefined {
  return parseNote(noteFile(dataFolder))
}

/** Removes a note that no station answered for, with its socket; a station that was announced meanwhile keeps its own. */
export function sweepDeadStation(dataFolder: string, dead: StationNote | undefined): void {
  if (dead !== undefined) removeStationNote(dataFolder, dead)
  else if (presentNote(dataFolder) === undefined) rmSync(noteFile(dataFolder), { force: true })
}

/**
 * Writes the note whole or not at all.
 * @throws VultusError vault.inUse where another station has just been announced
 */
export function writeStationNote(dataFolder: string, note: StationNote): void {
  const file = noteFile(dataFolder)
  const draft = `${file}.${note.token.slice(0, 8)}`
  try {
    writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o600 })
    if (process.platform !== 'win32') chmodSync(note.path, 0o600)
    publish(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new VultusError('vault.inUse')
    // File systems without hard links (a memory stick).
    renameSync(draft, file)
  }
}

/** Removes the note and the socket of this station, and no other's. */
export function removeStationNote(dataFolder: string, note: StationNote): void {
  if (presentNote(dataFolder)?.token === note.token) rmSync(noteFile(dataFolder), { force: true })
  removeSocket(note.path)
}

function removeSocket(path: string): void {
  if (path.startsWith('\\\\')) return
  const folder = dirname(path)
  if (!socketName.test(basename(path))) return
  rmSync(path, { force: true })
  if (dirname(folder) === tmpdir() && basename(folder).startsWith(ownFolderPrefix)) rmSync(folder, { recursive: true, force: true })
}
