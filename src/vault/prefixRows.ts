/**
 * Rows of the blind index that are written together: a batch has thousands of prefixes, many of them the same.
 *
 * 1. Each different prefix is hashed once, and the rows are written in the order of the index, several by one statement: each
 *    page of the index is read and changed once.
 * 2. What was hashed, and the key that it was hashed with, are forgotten when the batch ends.
 */
import { hash, type KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'

/** Rows of one statement: with more of them SQLite is slower again. */
const rowsPerStatement = 32
const blockBytes = 64
const digestBytes = 32
const innerPad = 0x36
const outerPad = 0x5c

/**
 * HMAC-SHA256 (RFC 2104) of many short texts under one key, the same bytes as createHmac gives in half of its time, which goes
 * into making an object for each text. To be ended: until then the key is in memory of JavaScript.
 */
export class ManyMacs {
  readonly #inner: Buffer
  readonly #outer = Buffer.alloc(blockBytes + digestBytes)
  readonly #textBytesMax: number

  /** @param key at most 64 bytes @param textBytesMax of one text as UTF-8 */
  constructor(key: KeyObject, textBytesMax: number) {
    const bytes = key.export()
    if (bytes.length > blockBytes) throw new RangeError('A key of HMAC-SHA256 has at most 64 bytes here')
    this.#textBytesMax = textBytesMax
    this.#inner = Buffer.alloc(blockBytes + textBytesMax)
    for (let at = 0; at < blockBytes; at++) {
      this.#inner[at] = (bytes[at] ?? 0) ^ innerPad
      this.#outer[at] = (bytes[at] ?? 0) ^ outerPad
    }
    bytes.fill(0)
  }

  /** Whether a text is not too long. */
  takes(text: string): boolean {
    return Buffer.byteLength(text) <= this.#textBytesMax
  }

  /** @throws RangeError for a longer text than was told */
  of(text: string): Buffer {
    if (!this.takes(text)) throw new RangeError('The text is too long')
    const end = blockBytes + this.#inner.write(text, blockBytes)
    // As text of a character for each byte: a buffer for each digest costs twice as much as the digest.
    this.#outer.write(hash('sha256', this.#inner.subarray(0, end), 'binary'), blockBytes, 'latin1')
    return Buffer.from(hash('sha256', this.#outer, 'binary'), 'latin1')
  }

  end(): void {
    this.#inner.fill(0)
    this.#outer.fill(0)
  }
}

/** Writes rows of the table prefixes; one that is there already stays as it is. */
export class PrefixRows {
  readonly #one: Database.Statement<[number, number]>
  readonly #several: Database.Statement<number[]>

  constructor(database: Database.Database) {
    const insert = 'INSERT OR IGNORE INTO prefixes (prefix, subject_no) VALUES'
    this.#one = database.prepare(`${insert} (?, ?)`)
    this.#several = database.prepare(`${insert} ${Array(rowsPerStatement).fill('(?, ?)').join(', ')}`)
  }

  add(prefix: number, subjectNo: number): void {
    this.#one.run(prefix, subjectNo)
  }

  /** @param held the subjects of each prefix, ascending where they were added so */
  addAll(held: ReadonlyMap<number, readonly number[]>): void {
    const values = new Array<number>(rowsPerStatement * 2)
    let filled = 0
    for (const prefix of Float64Array.from(held.keys()).sort()) {
      for (const subjectNo of held.get(prefix) as readonly number[]) {
        values[filled] = prefix
        values[filled + 1] = subjectNo
        filled += 2
        if (filled < values.length) continue
        this.#several.run(...values)
        filled = 0
      }
    }
    for (let at = 0; at < filled; at += 2) this.#one.run(values[at] as number, values[at + 1] as number)
  }
}
