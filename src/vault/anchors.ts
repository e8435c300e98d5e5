/**
 * Anchors: the newest checkpoint, kept where the database is not, so that cutting the chain off or replacing the whole
 * database is found.
 *
 * 1. An anchor is written only after the commit of its checkpoint, so it is never ahead of a vault that nobody rolled back.
 * 2. An anchor that contradicts the chain is left as it is: it is the evidence. Only `accept` writes over it.
 * 3. An anchor that cannot be written stops nothing; it is tried again, and every report says so.
 * 4. A witness gets a line when it is named: one that is there without any was emptied since, and gets none until it is named again, so that
 *    every report goes on saying so.
 */
import type { AnchorReport } from '../contract/rows/audit.ts'
import type { AuditCheckpoints, Checkpoint } from './auditCheckpoints.ts'
import { atOnce, type Steps } from './turns.ts'

/** A place outside the database. Reading and writing throw what the place throws. */
export interface AnchorPlace {
  readonly name: 'keychain' | 'witness'
  /** What stands there: one item for each line that should be a checkpoint, undefined for one that is none; empty where there is nothing. */
  read(): readonly (Checkpoint | undefined)[]
  /** Adds checkpoints, ascending; the newest one counts. */
  write(checkpoints: readonly Checkpoint[]): void
  /** Of a place that has something from when it is named: whether it is there with nothing in it. */
  isEmptied?(): boolean
}

export interface AnchorsParts {
  readonly places: () => readonly AnchorPlace[]
  readonly checkpoints: AuditCheckpoints
  /** Whether the chain has that hash at that record. */
  readonly agrees: (checkpoint: Checkpoint) => boolean
}

const retryMs = 60_000
/** Each takes a signature's check. */
const linesPerStep = 8

export class Anchors {
  readonly #parts: AnchorsParts
  #timer: NodeJS.Timeout | undefined
  /** Whether a witness has just been named, and may have no line yet. */
  #begins = false
  /** Records of the newest checkpoint that was published or waits to be. */
  #notedRecords = -1

  constructor(parts: AnchorsParts) {
    this.#parts = parts
  }

  /** After a commit: anchors a new checkpoint soon, outside of the caller's time. Never throws: what was committed stays acknowledged. */
  noteCommit(): void {
    try {
      const { newestRecords } = this.#parts.checkpoints
      if (newestRecords === this.#notedRecords) return
      this.#notedRecords = newestRecords
    } catch {
      // A disk that cannot be read now: publishing looks again.
    }
    this.#schedule(0)
  }

  /**
   * Anchors the newest checkpoint at every place now. Never throws: what failed is tried again.
   * @param begin whether a witness may be empty: it has just been named
   */
  publish(begin = false): void {
    this.stop()
    this.#begins ||= begin
    if (!this.#publishNewest()) this.#schedule(retryMs)
  }

  /** Writes the newest checkpoint although an anchor contradicts the chain. Never throws: the report says what stands where. */
  accept(): void {
    for (const place of this.#parts.places()) {
      try {
        const newest = this.#parts.checkpoints.newest()
        if (newest !== undefined) place.write([newest])
      } catch {
        // Unreachable, as the report after it says.
      }
    }
  }

  /** What every place holds, and how it compares with the chain, in steps. */
  *report(): Steps<AnchorReport[]> {
    const reports: AnchorReport[] = []
    for (const place of this.#parts.places()) reports.push(yield* this.#reportOf(place))
    return reports
  }

  /** How checkpoints that somebody kept compare with the chain, in steps; at least one must be of this vault. */
  *compare(place: AnchorReport['place'], found: readonly (Checkpoint | undefined)[]): Steps<AnchorReport> {
    let newest: Checkpoint | undefined
    let contradicting = false
    for (const [at, checkpoint] of found.entries()) {
      if (at % linesPerStep === linesPerStep - 1) yield
      if (checkpoint === undefined) continue
      if (!this.#parts.checkpoints.isOurs(checkpoint) || !this.#parts.agrees(checkpoint)) contradicting = true
      if (newest === undefined || checkpoint.records > newest.records) newest = checkpoint
    }
    if (newest === undefined) return { place, state: found.length > 0 ? 'contradicting' : 'missing', records: null, time: null }
    return { place, state: contradicting ? 'contradicting' : 'agrees', records: newest.records, time: newest.time }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** @returns false where it has to be tried again: a place or the database itself could not be read or written */
  #publishNewest(): boolean {
    try {
      const newest = this.#parts.checkpoints.newest()
      if (newest === undefined) return true
      this.#notedRecords = newest.records
      return this.#parts.places().filter((place) => !this.#publishAt(place, newest)).length === 0
    } catch {
      return false
    }
  }

  /** @returns false where it has to be tried again */
  #publishAt(place: AnchorPlace, newest: Checkpoint): boolean {
    try {
      const reading = atOnce(this.compare(place.name, place.read()))
      if (reading.state === 'contradicting') return true
      if (reading.state === 'missing' && !this.#begins && place.isEmptied?.() === true) return false
      const anchored = reading.records ?? -1
      if (anchored < newest.records) place.write(anchored < 0 ? [newest] : this.#parts.checkpoints.between(anchored, newest.records))
      if (place.isEmptied !== undefined) this.#begins = false
      return true
    } catch {
      return false
    }
  }

  *#reportOf(place: AnchorPlace): Steps<AnchorReport> {
    try {
      return yield* this.compare(place.name, place.read())
    } catch {
      return { place: place.name, state: 'unreachable', records: null, time: null }
    }
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.publish(), afterMs).unref()
  }
}
