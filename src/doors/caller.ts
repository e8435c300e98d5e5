/**
 * One window or command that calls a station: bounds how much it asks at once, keeps who is signed in, and when it goes
 * signs out and closes the capture sessions that it opened, also those whose opening was still on its way.
 */
import { failedOf, type Outcome, VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { CallerIdentity, Runner } from '../station/api.ts'

/** Calls of one caller that may run at once. */
const callsAtOnceMax = 64
const nameCharactersMax = 64

export class Caller {
  readonly #sessions = new Set<string>()
  /** What the sign-in of this connection answered; it never leaves the door. */
  #signIn: string | undefined
  #running = 0
  #gone = false

  constructor(
    readonly station: Runner,
    readonly door: Actor['door'],
  ) {}

  /** Runs a procedure for this caller. */
  async run(name: unknown, input: unknown, identity: CallerIdentity): Promise<Outcome<unknown>> {
    if (typeof name !== 'string' || name.length > nameCharactersMax) return failedOf(new VultusError('request.unknown'))
    if (this.#running >= callsAtOnceMax) return failedOf(new VultusError('rate.limited'))
    this.#running += 1
    try {
      const { role, door, clientKey } = identity
      const outcome = await this.station.run(name, input, { role, door, session: this.#signIn, clientKey })
      if (outcome.ok && name === 'operator.signIn') return { ok: true, value: this.#signedIn(outcome.value) }
      if (outcome.ok && name === 'operator.signOut') this.#leave()
      if (outcome.ok && name === 'capture.open') this.#opened(outcome.value)
      if (outcome.ok && name === 'capture.close') this.#sessions.delete(sessionIn(input) ?? '')
      return outcome
    } finally {
      this.#running -= 1
    }
  }

  /** Whether this caller opened the session. */
  owns(sessionId: string | undefined): boolean {
    return sessionId !== undefined && this.#sessions.has(sessionId)
  }

  /** Closes what the caller left open. A window that was loaded again starts anew with another caller. */
  end(): void {
    this.#gone = true
    this.#leave()
  }

  /** Closes capture sessions and signs out. */
  #leave(): void {
    for (const sessionId of this.#sessions) this.#close(sessionId)
    this.#sessions.clear()
    this.#signOut()
  }

  /** Ends the sign-in that there is; where the station ended it already, nothing happens. */
  #signOut(): void {
    if (this.#signIn === undefined) return
    const session = this.#signIn
    this.#signIn = undefined
    void this.station.run('operator.signOut', {}, { role: 'nobody', door: this.door, session })
  }

  /** Keeps the session of a sign-in. @returns the answer without it */
  #signedIn(value: unknown): unknown {
    const { session, ...answer } = value as { session?: string }
    // Of two sign-ins at once the later answer counts.
    this.#signOut()
    this.#signIn = session
    if (this.#gone) this.#signOut()
    return answer
  }

  #opened(value: unknown): void {
    const sessionId = sessionIn(value)
    if (sessionId === undefined) return
    if (this.#gone) this.#close(sessionId)
    else this.#sessions.add(sessionId)
  }

  #close(sessionId: string): void {
    void this.station.run('capture.close', { sessionId }, { role: 'administrator', door: this.door })
  }
}

function sessionIn(value: unknown): string | undefined {
  const sessionId = (value as { sessionId?: unknown } | null | undefined)?.sessionId
  return typeof sessionId === 'string' ? sessionId : undefined
}
