/** The composition root: checks every call against its row of the procedure table, runs it, writes the audit. */
import { checked } from '../contract/check.ts'
import { mayCall } from '../contract/clientPermissions.ts'
import { type Failed, failedOf, type Outcome, VultusError } from '../contract/errors.ts'
import type { EventListener, EventName, EventPayload } from '../contract/events.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { Row } from '../contract/row.ts'
import { isProcedureName, type ProcedureName, procedures } from '../contract/table.ts'
import { RecordBudget } from '../core/recordBudget.ts'

import type { CallerIdentity, Station, StationOptions } from './api.ts'

import { handlersOf } from './handlers.ts'
import type { Handlers } from './handlerTypes.ts'
import { Parts } from './parts.ts'

type Handler = (input: unknown, actor: Actor, session: string | undefined) => Promise<unknown>

/** What the station's own entries say beside who and what. */
interface Recorded {
  /** Of what was refused or failed. */
  readonly code?: string | undefined
  readonly subject?: string | undefined
  readonly details?: AuditEntry['details'] | undefined
}

const providerChoiceDelayMs = 5_000

class OpenStation implements Station {
  readonly #parts: Parts
  readonly #handlers: Handlers
  readonly #log: (line: string) => void
  readonly #listeners = new Set<EventListener>()
  readonly #liveListeners = new Set<(packet: Uint8Array) => void>()
  readonly #running = new Map<ProcedureName, number>()
  readonly #pending = new Set<Promise<unknown>>()
  readonly #unknownCallers = new RecordBudget({ burst: 50, everyMs: 60_000 })
  #closing: Promise<void> | undefined

  constructor(options: StationOptions) {
    this.#log = options.log
    this.#parts = new Parts({
      ...options,
      onHealth: (part, state) => this.#emit('station.health', { part, state }),
      onGallery: (sequence) => this.#emit('gallery.changed', { sequence }),
      onJob: (progress) => this.#emit('job.progress', progress),
      onGalleryLoading: (rows, rowsExpected) => this.#emit('gallery.loading', { rows, rowsExpected }),
      onVaultOpen: () => this.#emit('vault.changed', {}),
      onSignIns: () => this.#emit('operator.locked', {}),
      onInbox: () => this.#emit('inbox.changed', {}),
      onIdleLock: (actor) => {
        this.#writeAudit('operator.lock', actor, { details: { idle: true } })
        this.#emit('operator.locked', {})
      },
      onLive: (packet) => {
        for (const listener of this.#liveListeners) listener(packet)
      },
    })
    this.#handlers = handlersOf(this.#parts)
  }

  async run(name: string, input: unknown, caller: CallerIdentity): Promise<Outcome<unknown>> {
    if (!isProcedureName(name)) return failedOf(new VultusError('request.unknown', name.slice(0, 64)))
    if (this.#closing !== undefined) return failedOf(new VultusError('process.unavailable', 'the station is closing'))
    const row: Row = procedures[name]
    const { signIns, holder } = this.#parts
    let actor: Actor = { role: 'nobody', door: caller.door }
    try {
      // Whose a key is, and what it is for, only an open vault tells.
      if (caller.clientKey !== undefined) await holder.need()
      actor = signIns.actorOf(caller)
      assertPermitted(row, actor)
      this.#assertGranted(name, caller, actor)
      const parsed = checked(row.input, input)
      if (row.vault === 'open' && holder.opened === undefined) {
        await holder.need()
        // Only an open vault tells whether there are accounts.
        actor = signIns.actorOf(caller)
        assertPermitted(row, actor)
      }
      if (row.audit !== 'none') signIns.touch(caller.session)
      const work = async () => {
        const value = await this.#limited(name, row, parsed, actor, caller.session)
        // While the vault is in use no copy is made, so that the entry is written before the answer leaves.
        if (row.audit === 'read') this.#recordRead(name, row, actor, parsed)
        return value
      }
      return { ok: true, value: row.vault === 'open' ? await holder.use(work, row.duringCopy === true) : await work() }
    } catch (error) {
      return this.#failed(name, row, actor, error)
    }
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  pushFrame(packet: Uint8Array): void {
    this.#parts.face.process.post(packet)
  }

  onLive(listener: (packet: Uint8Array) => void): () => void {
    this.#liveListeners.add(listener)
    return () => this.#liveListeners.delete(listener)
  }

  connectLive(port: unknown): void {
    this.#parts.face.process.passPort(port)
  }

  async warm(): Promise<void> {
    // Together, so that neither fails while nobody waits for it: a rejection without a listener would end the program.
    const [vault] = await Promise.all([this.#parts.holder.status(), this.#parts.face.process.start()])
    if (vault.state === 'open') await this.#parts.matcher.start()
    // When the start is over: nothing waits for it.
    setTimeout(() => this.#parts.face.chooseProvider(), providerChoiceDelayMs).unref()
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#parts.backupKeeper.stop()
      this.#parts.face.evaluations.cancel()
      await Promise.allSettled(this.#pending)
      await this.#parts.close()
    })()
    return this.#closing
  }

  /**
   * A program with a key of its own does what the key is for and nothing else.
   * @throws client.notGranted
   */
  #assertGranted(name: ProcedureName, { clientKey }: CallerIdentity, actor: Actor): void {
    if (clientKey === undefined || actor.role !== 'client') return
    const { opened: vault } = this.#parts.holder
    const client = vault?.clients.byKey(clientKey)
    if (vault === undefined || client === undefined) throw new VultusError('signIn.required')
    if (!mayCall(client.permissions, name)) throw new VultusError('client.notGranted', name)
    // While the vault is copied nothing is written; the next request is in a minute or so.
    if (this.#parts.holder.copying !== undefined) return
    try {
      vault.clients.noteUse(client)
    } catch (error) {
      // A full disk refuses what has to be written, and not what only would have been noted.
      if (!(error instanceof VultusError)) throw error
      this.#log(`use of a key could not be noted: ${error.code}`)
    }
  }

  /** Runs a handler within the row's limits of count and time. An answer that comes too late is not acknowledged. */
  async #limited(name: ProcedureName, row: Row, input: unknown, actor: Actor, session: string | undefined): Promise<unknown> {
    const running = this.#running.get(name) ?? 0
    if (running >= row.limits.atOnceMax) throw new VultusError('rate.limited', name)
    this.#running.set(name, running + 1)
    const answer = (this.#handlers[name] as Handler)(input, actor, session).finally(() => {
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1)
      this.#pending.delete(answer)
    })
    this.#pending.add(answer)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Nobody waits for it any longer, but a bug has to be seen.
        answer.catch((error: unknown) => this.#logBug(name, error))
        reject(new VultusError('request.timedOut', name))
      }, row.limits.timeoutMs)
    })
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #failed(name: ProcedureName, row: Row, actor: Actor, error: unknown): Failed {
    const failed = failedOf(error)
    this.#logBug(name, error)
    const { code } = failed.refusal
    if (isRecorded(row, code)) this.#writeRefusal(name, actor, code)
    return failed
  }

  /** @throws audit.unrecorded: what cannot be recorded is not disclosed */
  #recordRead(name: ProcedureName, row: Row, actor: Actor, input: unknown): void {
    try {
      this.#append(name, actor, { subject: this.#subjectOf(input) })
    } catch (error) {
      if (!(error instanceof VultusError)) throw error
      this.#log(`audit of ${name} could not be written: ${error.code}`)
      if (row.unrecorded !== 'answered') throw new VultusError('audit.unrecorded', error.code, { cause: error })
    }
  }

  /** Random audit id of the one subject that a call was about. */
  #subjectOf(input: unknown): string | undefined {
    const id = typeof input === 'object' && input !== null && 'id' in input ? input.id : undefined
    return typeof id === 'string' ? this.#parts.holder.opened?.subjects.auditIdOf(id) : undefined
  }

  /** Refusals of callers of whom nothing is known are recorded one by one only up to a budget. */
  #writeRefusal(name: ProcedureName, actor: Actor, code: string): void {
    const known = actor.role !== 'nobody' || actor.operator !== undefined
    const unrecorded = known ? 0 : this.#unknownCallers.take(performance.now())
    if (unrecorded !== undefined) this.#writeAudit(name, actor, { code, details: unrecorded === 0 ? undefined : { unrecorded } })
  }

  /** Expected failures are not logged: whoever called has the refusal. */
  #logBug(name: ProcedureName, error: unknown): void {
    if (!(error instanceof VultusError)) this.#log(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}`)
  }

  /** Refusals, failures and locks, of which there is an entry as far as one can be written; effects are written by their operation. */
  #writeAudit(name: ProcedureName, actor: Actor, what: Recorded): void {
    const { opened: vault, copying } = this.#parts.holder
    if (vault === undefined) return
    if (copying !== undefined) return void copying.then(() => this.#writeAudit(name, actor, what))
    try {
      this.#append(name, actor, what)
    } catch (error) {
      this.#log(`audit of ${name} could not be written: ${failedOf(error).refusal.code}`)
    }
  }

  /** @throws vault.locked where no vault is open, and what the vault throws */
  #append(name: ProcedureName, actor: Actor, { code, subject, details }: Recorded): void {
    const { opened: vault } = this.#parts.holder
    if (vault === undefined) throw new VultusError('vault.locked')
    const outcome = code === undefined ? 'done' : code === 'internal.fault' ? 'failed' : 'refused'
    vault.audit.append({
      event: name,
      actor,
      outcome,
      ...(code === undefined ? {} : { code }),
      ...(subject === undefined ? {} : { subject }),
      ...(details === undefined ? {} : { details }),
    })
  }

  #emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    for (const listener of this.#listeners) {
      try {
        listener(name, payload)
      } catch (error) {
        // What was committed stays acknowledged, and the other listeners hear of it, whatever a window does.
        this.#log(`${name} could not be told: ${error instanceof Error ? error.name : 'unknown fault'}`)
      }
    }
  }
}

/** What the rules of signing in refuse is recorded by the sign-in itself. */
const recordedBySignIn = new Set<string>(['signIn.wrong', 'signIn.wait', 'signIn.pinRefused', 'signIn.pinOperatorsOnly'])

function isRecorded({ audit }: Row, code: string): boolean {
  if (audit === 'own') return !recordedBySignIn.has(code)
  return audit !== 'none' || code === 'permission.denied' || code === 'client.notGranted' || code === 'internal.fault'
}

/** @throws signIn.required where nobody is signed in, permission.denied where the role does not do */
function assertPermitted(row: Row, { role }: Actor): void {
  if (role === 'nobody') {
    if (row.signIn !== 'none') throw new VultusError('signIn.required')
  } else if (!row.roles.includes(role)) throw new VultusError('permission.denied')
}

/**
 * Opens a station on a data folder. Processes and vault start at the first call that needs them, or with `warm`.
 * Never throws for a vault that cannot be opened: calls that need it are refused with the reason.
 */
export function openStation(options: StationOptions): Station {
  return new OpenStation(options)
}
