/**
 * Values of new subjects in shared memory, which are sealed in their places by whoever comes first: the vault's own thread, or the one
 * that helps it (sealThread.ts).
 *
 * 1. The vault puts everything in before it lets go of the memory, random bytes too: sealing is a function of what is there.
 * 2. Of each subject the first value is its new key, sealed under the key that wraps it; those that follow are sealed under the new key.
 * 3. One thread claims the memory and seals everything in it; what is sealed overwrites the plaintext.
 * 4. Values stand one after the other: lengths and kind, nonce, tag, associated data, the value; numbers little endian.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { SealAlgorithm } from '../contract/types.ts'
import { type Aead, ciphers, nonceBytes, tagBytes } from './ciphers.ts'
import { keyBytes } from './keys/provider.ts'
import type { RandomSource } from './random.ts'
import type { Sealed } from './seal.ts'

/** Who has it: nobody yet, somebody who seals it, nobody any more. */
const states = { open: 0, claimed: 1, sealed: 2, failed: 3 } as const
const stateAt = 0
const lengthAt = 4
const firstAt = 8

const kinds = { key: 0, value: 1 } as const
const aadLengthOf = 4
const valueLengthOf = 8
const nonceOf = 12
const tagOf = nonceOf + nonceBytes
const headBytes = tagOf + tagBytes

/** What is passed to the thread that helps: the memory, and what its keys are wrapped with. */
export interface SealOrder {
  readonly memory: SharedArrayBuffer
  readonly wrappingKey: KeyObject
  readonly algorithm: SealAlgorithm
}

/** A character of text is at most so many bytes. */
const textBytesMax = 3
/** Random bytes that are asked for at a time. */
const poolBytes = 4096

/** Bytes that a value needs at most. @param texts what is bound to it, and texts of the value @param more bytes of the value beside texts */
export const bytesMaxOf = (texts: readonly string[], more = 0): number =>
  texts.reduce((sum, text) => sum + text.length * textBytesMax, headBytes + more)

export class SealBatch {
  readonly order: SealOrder
  readonly #bytes: Buffer
  readonly #random: RandomSource
  #pool: Buffer = Buffer.alloc(0)
  #pooledAt = 0
  #end = firstAt

  /** @param bytesMax of all values, each with bytesMaxOf */
  constructor(bytesMax: number, order: Omit<SealOrder, 'memory'>, random: RandomSource) {
    const memory = new SharedArrayBuffer(firstAt + bytesMax)
    this.order = { memory, ...order }
    this.#bytes = Buffer.from(memory)
    this.#random = random
  }

  /** Puts a new random key in, under which the values that follow are sealed. @returns its place in the memory */
  addKey(aad: string): number {
    return this.#add(kinds.key, aad, (bytes, at) => this.#putRandom(bytes, at, keyBytes))
  }

  /** Puts a value in. @param write puts it at that place, and answers where it ends @returns its place in the memory */
  add(aad: string, write: (bytes: Buffer, at: number) => number): number {
    return this.#add(kinds.value, aad, write)
  }

  #add(kind: number, aad: string, write: (bytes: Buffer, at: number) => number): number {
    const bytes = this.#bytes
    const at = this.#end
    bytes.writeUInt32LE(kind, at)
    this.#putRandom(bytes, at + nonceOf, nonceBytes)
    const aadBytes = bytes.write(aad, at + headBytes)
    const valueAt = at + headBytes + aadBytes
    const end = write(bytes, valueAt)
    bytes.writeUInt32LE(aadBytes, at + aadLengthOf)
    bytes.writeUInt32LE(end - valueAt, at + valueLengthOf)
    this.#end = end
    return at
  }

  #putRandom(bytes: Buffer, at: number, count: number): number {
    if (this.#pooledAt + count > this.#pool.length) {
      this.#pool.fill(0)
      this.#pool = this.#random(poolBytes)
      this.#pooledAt = 0
    }
    this.#pool.copy(bytes, at, this.#pooledAt, this.#pooledAt + count)
    this.#pooledAt += count
    return at + count
  }

  /** Ends putting in: from now on anybody may seal. */
  close(): void {
    this.#pool.fill(0)
    this.#bytes.writeUInt32LE(this.#end, lengthAt)
  }

  /** Seals everything here. @returns false where somebody else has claimed it */
  seal(): boolean {
    return sealMemory(this.order)
  }

  get isSealed(): boolean {
    return Atomics.load(new Int32Array(this.order.memory, stateAt, 1), 0) === states.sealed
  }

  /**
   * Waits until whoever has claimed it is done.
   * @throws Error where it could not be sealed, or not in that time
   */
  wait(waitMs: number): void {
    const state = new Int32Array(this.order.memory, stateAt, 1)
    Atomics.wait(state, 0, states.claimed, waitMs)
    if (!this.isSealed) throw new Error('The thread that seals has not sealed what it took')
  }

  /** A value that has been sealed, in the memory itself. */
  sealedAt(at: number): Sealed {
    const bytes = this.#bytes
    const valueAt = at + headBytes + bytes.readUInt32LE(at + aadLengthOf)
    return {
      algorithm: this.order.algorithm,
      nonce: bytes.subarray(at + nonceOf, at + tagOf),
      tag: bytes.subarray(at + tagOf, at + headBytes),
      sealed: bytes.subarray(valueAt, valueAt + bytes.readUInt32LE(at + valueLengthOf)),
    }
  }

  /** Overwrites what nobody has claimed yet; what was claimed is overwritten by being sealed. */
  drop(): void {
    if (claim(this.order.memory)) this.erase()
  }

  /** Overwrites everything: of a thread that has claimed it and is lost. */
  erase(): void {
    this.#bytes.fill(0, firstAt)
  }
}

function claim(memory: SharedArrayBuffer): boolean {
  return Atomics.compareExchange(new Int32Array(memory, stateAt, 1), 0, states.open, states.claimed) === states.open
}

/** Seals everything in the memory, where nobody has claimed it. @returns whether it was sealed here */
export function sealMemory({ memory, wrappingKey, algorithm }: SealOrder): boolean {
  if (!claim(memory)) return false
  let end: number = states.failed
  const bytes = Buffer.from(memory)
  try {
    sealValues(bytes, wrappingKey, ciphers[algorithm])
    end = states.sealed
  } finally {
    if (end === states.failed) bytes.fill(0, firstAt)
    const state = new Int32Array(memory, stateAt, 1)
    Atomics.store(state, 0, end)
    Atomics.notify(state, 0)
  }
  return true
}

function sealValues(bytes: Buffer, wrappingKey: KeyObject, aead: Aead): void {
  const end = bytes.readUInt32LE(lengthAt)
  let subjectKey: KeyObject | undefined
  for (let at = firstAt; at < end; ) {
    const aadAt = at + headBytes
    const valueAt = aadAt + bytes.readUInt32LE(at + aadLengthOf)
    const nextAt = valueAt + bytes.readUInt32LE(at + valueLengthOf)
    const plain = bytes.subarray(valueAt, nextAt)
    const isKey = bytes.readUInt32LE(at) === kinds.key
    if (isKey) subjectKey = createSecretKey(plain)
    const key = isKey ? wrappingKey : subjectKey
    if (key === undefined) throw new RangeError('A value stands before its key')
    const { sealed, tag } = aead.seal(key, bytes.subarray(at + nonceOf, at + tagOf), bytes.subarray(aadAt, valueAt), plain)
    plain.set(sealed)
    bytes.set(tag, at + tagOf)
    at = nextAt
  }
}
