import { randomBytes } from 'node:crypto'

/** Gives so many unpredictable bytes; passed in so that a failure replays. */
export type RandomSource = (bytes: number) => Buffer

export const systemRandom: RandomSource = (bytes) => randomBytes(bytes)

/** A random UUID, version 4. */
export function randomId(random: RandomSource): string {
  const bytes = random(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
