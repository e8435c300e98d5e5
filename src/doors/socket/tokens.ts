/** Tokens of the window: 256 bit, each lets one connection in, for a minute. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a token may wait to be used, milliseconds. */
export const tokenLifeMs = 60_000
const waitingMax = 16

interface Waiting {
  readonly digest: Buffer
  readonly expiresAtMs: number
}

const digestOf = (token: string) => createHash('sha256').update(token).digest()

/** The tokens that wait to be used. Only their digests are kept; the oldest gives way when there are too many. */
export class TokenStore {
  #waiting: Waiting[] = []

  constructor(readonly nowMs: () => number = () => performance.now()) {}

  /** A new token, as base64url. */
  mint(): string {
    const token = randomBytes(32).toString('base64url')
    this.#waiting = [...this.#living().slice(-(waitingMax - 1)), { digest: digestOf(token), expiresAtMs: this.nowMs() + tokenLifeMs }]
    return token
  }

  /** @returns whether the token waited to be used; it does no longer */
  redeem(token: string): boolean {
    const digest = digestOf(token)
    const living = this.#living()
    // Every digest is compared, so that the time tells nothing of which one was near.
    const left = living.filter((waiting) => !timingSafeEqual(waiting.digest, digest))
    this.#waiting = left
    return left.length < living.length
  }

  #living(): Waiting[] {
    const nowMs = this.nowMs()
    return this.#waiting.filter((waiting) => waiting.expiresAtMs > nowMs)
  }
}

/** Whether two secrets are equal, in a time that does not tell where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}
