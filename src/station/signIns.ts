/**
 * Who is signed in at which connection.
 *
 * 1. A session is 256 random bits that only the door of its connection holds; here only its digest is kept.
 * 2. What an account may do is looked up in the vault at every call, so that a change of role or state counts at once.
 * 3. A window that was idle for too long is locked at its next call at the latest, also where the timer came late.
 *    Commands and services are not idle: they end with their connection.
 * 4. While the database is closed for a moment (a copy takes its place), what was read last counts.
 */
import { createHash, randomBytes } from 'node:crypto'
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { ApiClient } from '../contract/rows/client.ts'
import type { OperatorAccount } from '../contract/rows/operator.ts'
import type { OperatorsPort } from '../operations/ports.ts'
import type { CallerIdentity } from './api.ts'

const sessionsMax = 64
/** How long a timer waits beyond the moment it is for, and before it looks again where the rule cannot be read. */
const graceMs = 10
const unreadableRetryMs = 1000
const idleDoors: readonly Actor['door'][] = ['ipc', 'socket']

interface SignIn {
  readonly operator: string
  /** As it was read last. */
  account: OperatorAccount | undefined
  readonly door: Actor['door']
  activeMs: number
  /** ISO 8601, UTC. */
  lockedAt: string | null
}

export interface SignInsOptions {
  /** The accounts of the open vault. */
  readonly operators: () => OperatorsPort | undefined
  /** The program that a key belongs to, of the open vault. */
  readonly clientByKey: (key: string) => ApiClient | undefined
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number
  /** A window was locked because it was idle. */
  readonly onIdleLock: (actor: Actor) => void
  /** Somebody is not there any more: locked, signed out or disabled. What is kept in memory only to be fast goes. */
  readonly onLeft: () => void
}

/** What a connection is told of itself. */
export interface CurrentSignIn {
  readonly account: OperatorAccount
  readonly lockedAt: string | null
}

const digestOf = (session: string) => createHash('sha256').update(session).digest('hex')

export class SignIns {
  readonly #options: SignInsOptions
  readonly #signIns = new Map<string, SignIn>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: SignInsOptions) {
    this.#options = options
  }

  /** Whether there are accounts, so that somebody has to sign in. A vault that is not open has nothing to protect yet. */
  get needed(): boolean {
    return this.#options.operators()?.any ?? false
  }

  /** A new session of an account; the one that the connection had before ends. @throws rate.limited */
  open(operator: string, door: Actor['door'], before: string | undefined): string {
    this.end(before)
    if (this.#signIns.size >= sessionsMax) throw new VultusError('rate.limited', 'sign-ins')
    const session = randomBytes(32).toString('base64url')
    this.#signIns.set(digestOf(session), { operator, account: undefined, door, activeMs: this.#options.nowMs(), lockedAt: null })
    this.#schedule()
    return session
  }

  /** Who acts: as the door says while there are no accounts; after that as the account that is signed in, or nobody. */
  actorOf(caller: CallerIdentity): Actor {
    const actor = this.#actorOf(caller)
    if (caller.clientKey === undefined || actor.role !== 'client') return actor
    // A key counts beside the sign-in of the service, never in place of it.
    const client = this.#options.clientByKey(caller.clientKey)
    return client === undefined ? { role: 'nobody', door: caller.door } : { ...actor, operator: client.client }
  }

  #actorOf({ role, door, session }: CallerIdentity): Actor {
    if (!this.needed) return { role, door }
    const current = this.currentOf(session)
    if (current === undefined) return { role: 'nobody', door }
    const { operator, role: own } = current.account
    // A locked window may do nothing, but whose it is stands in the record of what was tried.
    if (current.lockedAt !== null) return { role: 'nobody', door, operator }
    if (role !== 'client') return { role: own, door, operator }
    // A service acts for clients as long as the administrator who opened it is one.
    return own === 'administrator' ? { role, door, operator } : { role: 'nobody', door }
  }

  /** The account of a session, locked or not; undefined where nobody is signed in any more. */
  currentOf(session: string | undefined): CurrentSignIn | undefined {
    const signIn = this.#find(session)
    if (signIn === undefined || session === undefined) return undefined
    this.#lockIdle(signIn)
    const operators = this.#options.operators()
    if (operators === undefined) return undefined
    signIn.account = whileOpen(() => operators.byId(signIn.operator), signIn.account)
    const { account } = signIn
    if (account?.enabled !== true) {
      this.end(session)
      return undefined
    }
    return { account, lockedAt: signIn.lockedAt }
  }

  /** Somebody is there: puts the idle lock off. */
  touch(session: string | undefined): void {
    const signIn = this.#find(session)
    if (signIn === undefined || signIn.lockedAt !== null) return
    signIn.activeMs = this.#options.nowMs()
  }

  lock(session: string | undefined): void {
    const signIn = this.#find(session)
    if (signIn === undefined) return
    signIn.lockedAt ??= new Date().toISOString()
    this.#options.onLeft()
  }

  end(session: string | undefined): void {
    if (session !== undefined && this.#signIns.delete(digestOf(session))) this.#options.onLeft()
  }

  /** Ends every session of an account but one. */
  endOf(operator: string, except?: string | undefined): void {
    const kept = except === undefined ? undefined : digestOf(except)
    for (const [digest, signIn] of this.#signIns) if (signIn.operator === operator && digest !== kept) this.#signIns.delete(digest)
    this.#options.onLeft()
  }

  /** After the policy changed: the timer follows it. */
  reschedule(): void {
    this.#schedule()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#signIns.clear()
  }

  #find(session: string | undefined): SignIn | undefined {
    return session === undefined ? undefined : this.#signIns.get(digestOf(session))
  }

  #idleLockMs(): number | undefined {
    return whileOpen(() => this.#options.operators()?.policy().idleLockMs, undefined)
  }

  #dueMs(signIn: SignIn, idleLockMs: number): number {
    return signIn.activeMs + idleLockMs - this.#options.nowMs()
  }

  #lockIdle(signIn: SignIn): void {
    if (signIn.lockedAt !== null || !idleDoors.includes(signIn.door)) return
    const idleLockMs = this.#idleLockMs()
    if (idleLockMs === undefined || this.#dueMs(signIn, idleLockMs) > 0) return
    signIn.lockedAt = new Date().toISOString()
    this.#options.onLeft()
    const account = whileOpen(() => this.#options.operators()?.byId(signIn.operator), signIn.account)
    if (account !== undefined) this.#options.onIdleLock({ role: account.role, door: signIn.door, operator: signIn.operator })
  }

  /** Sets the timer to the window that will be idle first. */
  #schedule(): void {
    clearTimeout(this.#timer)
    const waiting = [...this.#signIns.values()].filter(({ door, lockedAt }) => lockedAt === null && idleDoors.includes(door))
    if (waiting.length === 0) return
    const idleLockMs = this.#idleLockMs()
    const nextMs = idleLockMs === undefined ? unreadableRetryMs : Math.min(...waiting.map((signIn) => this.#dueMs(signIn, idleLockMs)))
    this.#timer = setTimeout(() => this.#onTimer(waiting), Math.max(nextMs, 0) + graceMs)
    this.#timer.unref()
  }

  #onTimer(waiting: readonly SignIn[]): void {
    try {
      for (const signIn of waiting) this.#lockIdle(signIn)
      this.#schedule()
    } catch {
      // A vault that cannot be read refuses every call by itself, and the next call that it answers looks for idleness first.
    }
  }
}

/** Reads from the vault; what counted before where its database is closed for the moment. */
function whileOpen<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof VultusError && error.code === 'vault.locked') return otherwise
    throw error
  }
}
