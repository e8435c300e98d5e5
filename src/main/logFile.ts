/**
 * The station's log: <data>/logs/station.log, plain JSON lines about processes and doors, never data of a subject.
 * Bounded: when it is full it becomes station.log.1, and the one before that is gone.
 */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'

/** Size at which a new file is begun; two are kept. */
export const logBytesMax = 1024 * 1024
const lineCharactersMax = 2000

export interface LogFile {
  log(line: string): void
  close(): void
}

/**
 * Opens the log of a data folder; folder and file are for their owner only.
 * A log that cannot be written is left out: the station works without it.
 */
export function openLogFile(dataFolder: string, bytesMax: number = logBytesMax): LogFile {
  const folder = join(dataFolder, 'logs')
  let file: BoundedFile | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    file = new BoundedFile(join(folder, 'station.log'), bytesMax)
  } catch {
    return { log: () => undefined, close: () => undefined }
  }
  const opened = file
  const logger = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line) => opened.write(line) })
  return { log: (line) => logger.info(line.slice(0, lineCharactersMax)), close: () => opened.close() }
}

class BoundedFile {
  #descriptor: number | undefined
  #bytes = 0

  constructor(
    readonly path: string,
    readonly bytesMax: number,
  ) {
    this.#open()
  }

  write(line: string): void {
    try {
      if (this.#bytes + Buffer.byteLength(line) > this.bytesMax) this.#begin()
      if (this.#descriptor !== undefined) this.#bytes += writeSync(this.#descriptor, line)
    } catch {
      // A full disk shows where something has to be stored; the log must not end the station.
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #begin(): void {
    this.close()
    renameSync(this.path, `${this.path}.1`)
    this.#open()
  }

  #open(): void {
    this.#descriptor = openSync(this.path, 'a', 0o600)
    chmodSync(this.path, 0o600)
    this.#bytes = fstatSync(this.#descriptor).size
  }
}
