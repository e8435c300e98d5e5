import { randomBytes } from 'node:crypto'

/** Gives so many unpredictable bytes; passed in so that a failure replays. */
export type RandomSource = (bytes: number) => Buffer

export const systemRandom: RandomSource = (bytes) => randomBytes(bytes)

const pooledBytes = 4096

/**
 * Hands out parts of larger pieces of random bytes, because asking for a few costs more than using them. A part belongs to
 * who took it, and may be zeroed.
 */
export function pooled(random: RandomSource): RandomSource {
  let pool: Buffer = Buffer.alloc(0)
  let at = 0
  return (bytes) => {
    if (bytes > pooledBytes / 8) return random(bytes)
    if (at + bytes > pool.length) {
      pool = random(pooledBytes)
      at = 0
    }
    at += bytes
    return pool.subarray(at - bytes, at)
  }
}

/** A random UUID, version 4. */
export function randomId(random: RandomSource): string {
  return uuidOf(random(16), 4)
}

/**
 * A UUID of 48 bits of time and 74 random ones, version 7: those that are made together stand together in an index,
 * so that a batch of them touches one page of it instead of one for each.
 */
export function timedId(random: RandomSource, nowMs: number): string {
  const bytes = Buffer.from(random(16))
  bytes.writeUIntBE(nowMs, 0, 6)
  return uuidOf(bytes, 7)
}

function uuidOf(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
