/** The composition root: checks every call against its row of the procedure table, runs it, writes the audit. */
import { checked } from '../contract/check.ts'
import { type Failed, failedOf, type Outcome, VultusError } from '../contract/errors.ts'
import type { EventListener, EventName, EventPayload } from '../contract/events.ts'
import type { Actor, AuditEntry } from '../contract/records.ts'
import type { Row } from '../contract/row.ts'
import { isProcedureName, type ProcedureName, procedures } from '../contract/table.ts'

import type { CallerIdentity, Station, StationOptions } from './api.ts'

import { handlersOf } from './handlers.ts'
import type { Handlers } from './handlerTypes.ts'
import { Parts } from './parts.ts'

type Handler = (input: unknown, actor: Actor, session: string | undefined) => Promise<unknown>

class OpenStation implements Station {
  readonly #parts: Parts
  readonly #handlers: Handlers
  readonly #log: (line: string) => void
  readonly #listeners = new Set<EventListener>()
  readonly #liveListeners = new Set<(packet: Uint8Array) => void>()
  readonly #running = new Map<ProcedureName, number>()
  readonly #pending = new Set<Promise<unknown>>()
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
      onIdleLock: (actor) => {
        this.#writeAudit('operator.lock', actor, undefined, { idle: true })
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
      actor = signIns.actorOf(caller)
      assertPermitted(row, actor)
      const parsed = checked(row.input, input)
      if (row.vault === 'open' && holder.opened === undefined) {
        await holder.need()
        // Only an open vault tells whether there are accounts.
        actor = signIns.actorOf(caller)
        assertPermitted(row, actor)
      }
      if (row.audit !== 'none') signIns.touch(caller.session)
      const work = () => this.#limited(name, row, parsed, actor, caller.session)
      const value = row.vault === 'open' ? await holder.use(work, row.duringCopy === true) : await work()
      if (row.audit === 'read') this.#writeAudit(name, actor)
      return { ok: true, value }
    } catch (error) {
      return this.#failed(name, row, actor, error)
    }
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  pushFrame(packet: Uint8Array): void {
    this.#parts.face.post(packet)
  }

  onLive(listener: (packet: Uint8Array) => void): () => void {
    this.#liveListeners.add(listener)
    return () => this.#liveListeners.delete(listener)
  }

  connectLive(port: unknown): void {
    this.#parts.face.passPort(port)
  }

  async warm(): Promise<void> {
    // Together, so that neither fails while nobody waits for it: a rejection without a listener would end the program.
    const [vault] = await Promise.all([this.#parts.holder.status(), this.#parts.face.start()])
    if (vault.state === 'open') await this.#parts.matcher.start()
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#parts.backupKeeper.stop()
      await Promise.allSettled(this.#pending)
      await this.#parts.close()
    })()
    return this.#closing
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
    if (row.audit === 'effect' || row.audit === 'read') this.#writeAudit(name, actor, failed.refusal.code)
    return failed
  }

  /** Expected failures are not logged: whoever called has the refusal. */
  #logBug(name: ProcedureName, error: unknown): void {
    if (!(error instanceof VultusError)) this.#log(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}`)
  }

  /** Reads, refusals and failures; effects are written by their operation. */
  #writeAudit(name: ProcedureName, actor: Actor, code?: string, details?: AuditEntry['details']): void {
    const { opened: vault, copying } = this.#parts.holder
    if (vault === undefined) return
    if (copying !== undefined) return void copying.then(() => this.#writeAudit(name, actor, code, details))
    try {
      const outcome = code === undefined ? 'done' : code === 'internal.fault' ? 'failed' : 'refused'
      vault.appendAudit({
        event: name,
        actor,
        outcome,
        ...(code === undefined ? {} : { code }),
        ...(details === undefined ? {} : { details }),
      })
    } catch (error) {
      this.#log(`audit of ${name} could not be written: ${failedOf(error).refusal.code}`)
    }
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
