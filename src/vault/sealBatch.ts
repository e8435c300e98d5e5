/**
 * Values of new subjects in shared memory, which are sealed in their places by whoever comes first: the vault's own thread, or the one
 * that helps it (sealThread.ts).
 *
 * 1. The vault puts everything in before it lets go of the memory, random bytes too: sealing is a function of what is there.
 * 2. Of each subject the first value is its new key, sealed under the key that wraps it; those that follow are sealed under the new key.
 * 3. One thread claims the memory and seals everything in it; what is sealed overwrites the plaintext.
 * 4. Values stand one after the other: lengths and kind, nonce, tag, associated data, the value; numbers little endian.
 * 5. Memory is used again, because new memory costs a fifth of what it takes to fill it. An order names the use that it is for, and who
 *    comes late with an order of an earlier use finds nothing to claim.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { SealAlgorithm } from '../contract/types.ts'
import { type Aead, ciphers, nonceBytes, tagBytes } from './ciphers.ts'
import { keyBytes } from './keys/provider.ts'
import type { RandomSource } from './random.ts'
import type { Sealed } from './seal.ts'

/** Who has it: the vault, which puts values in; nobody; somebody who seals it; the vault again, which inserts what is sealed. */
const states = { filled: 0, open: 1, claimed: 2, sealed: 3, failed: 4 } as const
/** A state of a use is use * stateCount + state. */
const stateCount = 8
const useCount = 2 ** 28
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
  /** Which use of the memory. */
  readonly use: number
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

/** Memory that is kept for the next batches: as much as a batch of templates takes at a time. */
const keptMemories = 4
const keptBytesMax = 2 ** 20
/** Memory is taken in multiples of this, so that it does for the next one. */
const memoryStep = 2 ** 16

/** Memory of batches that were inserted; what is in it is sealed. */
export class SealMemories {
  #free: SharedArrayBuffer[] = []

  /** @param bytesMax of all values, each with bytesMaxOf */
  take(bytesMax: number): SharedArrayBuffer {
    const bytes = firstAt + bytesMax
    const at = this.#free.findIndex((memory) => memory.byteLength >= bytes)
    const [memory] = at < 0 ? [] : this.#free.splice(at, 1)
    return memory ?? new SharedArrayBuffer(Math.ceil(bytes / memoryStep) * memoryStep)
  }

  /** Of a batch of which nothing is read any more. */
  giveBack({ isSealed, order: { memory } }: SealBatch): void {
    if (!isSealed || memory.byteLength > keptBytesMax) return
    if (this.#free.length >= keptMemories) this.#free.shift()
    this.#free.push(memory)
  }

  /** Lets go of all. */
  drop(): void {
    this.#free = []
  }
}

export class SealBatch {
  readonly order: SealOrder
  readonly #bytes: Buffer
  readonly #random: RandomSource
  #pool: Buffer = Buffer.alloc(0)
  #pooledAt = 0
  #end = firstAt

  /** @param memory has room for all values, and nobody else has it */
  constructor(memory: SharedArrayBuffer, order: Omit<SealOrder, 'memory' | 'use'>, random: RandomSource) {
    const state = stateIn(memory)
    const use = (Math.floor(Atomics.load(state, 0) / stateCount) + 1) % useCount
    this.order = { memory, use, ...order }
    Atomics.store(state, 0, wordOf(this.order, 'filled'))
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
    Atomics.store(stateIn(this.order.memory), 0, wordOf(this.order, 'open'))
  }

  /** Seals everything here. @returns false where somebody else has claimed it */
  seal(): boolean {
    return sealMemory(this.order)
  }

  get isSealed(): boolean {
    return Atomics.load(stateIn(this.order.memory), 0) === wordOf(this.order, 'sealed')
  }

  /**
   * Waits until whoever has claimed it is done.
   * @throws Error where it could not be sealed, or not in that time
   */
  wait(waitMs: number): void {
    Atomics.wait(stateIn(this.order.memory), 0, wordOf(this.order, 'claimed'), waitMs)
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
    if (claim(this.order)) this.erase()
  }

  /** Overwrites everything: of a thread that has claimed it and is lost. */
  erase(): void {
    this.#bytes.fill(0, firstAt)
  }
}

const stateIn = (memory: SharedArrayBuffer) => new Int32Array(memory, stateAt, 1)

const wordOf = ({ use }: SealOrder, state: keyof typeof states): number => use * stateCount + states[state]

function claim(order: SealOrder): boolean {
  const open = wordOf(order, 'open')
  return Atomics.compareExchange(stateIn(order.memory), 0, open, wordOf(order, 'claimed')) === open
}

/** Seals everything in the memory, where nobody has claimed it. @returns whether it was sealed here */
export function sealMemory(order: SealOrder): boolean {
  if (!claim(order)) return false
  const { memory, wrappingKey, algorithm } = order
  let end: 'sealed' | 'failed' = 'failed'
  const bytes = Buffer.from(memory)
  try {
    sealValues(bytes, wrappingKey, ciphers[algorithm])
    end = 'sealed'
  } finally {
    if (end === 'failed') bytes.fill(0, firstAt)
    const state = stateIn(memory)
    Atomics.store(state, 0, wordOf(order, end))
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
