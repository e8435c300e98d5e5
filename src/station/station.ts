/** The composition root: checks every call against its row of the procedure table, runs it, writes the audit. */
import type { z } from 'zod'
import { type Failed, failedOf, type Outcome, VultusError } from '../contract/errors.ts'
import type { EventListener, EventName, EventPayload } from '../contract/events.ts'
import type { Row } from '../contract/row.ts'
import { isProcedureName, type ProcedureName, procedures } from '../contract/table.ts'
import type { Actor, Station, StationOptions } from './api.ts'
import { type Handlers, handlersOf } from './handlers.ts'
import { Parts } from './parts.ts'

type Handler = (input: unknown, actor: Actor) => Promise<unknown>

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
      onVaultOpen: () => this.#emit('vault.changed', {}),
      onLive: (packet) => {
        for (const listener of this.#liveListeners) listener(packet)
      },
    })
    this.#handlers = handlersOf(this.#parts)
  }

  async run(name: string, input: unknown, actor: Actor): Promise<Outcome<unknown>> {
    if (!isProcedureName(name)) return failedOf(new VultusError('request.unknown', name.slice(0, 64)))
    if (this.#closing !== undefined) return failedOf(new VultusError('process.unavailable', 'the station is closing'))
    const row: Row = procedures[name]
    try {
      if (!row.roles.includes(actor.role)) throw new VultusError('permission.denied')
      const parsed = parseInput(row, input)
      const work = () => this.#limited(name, row, parsed, actor)
      const value = row.vault === 'open' ? await this.#parts.holder.use(work, row.duringCopy === true) : await work()
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
    const face = this.#parts.face.start()
    const vault = await this.#parts.holder.status()
    await face
    if (vault.state === 'open') await this.#parts.matcher.start()
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#parts.backupKeeper.stop()
      await Promise.allSettled(this.#pending)
      await this.#parts.close()
    })()
    return this.#closing
  }

  /** Runs a handler within the row's limits of count and time. An answer that comes too late is not acknowledged. */
  async #limited(name: ProcedureName, row: Row, input: unknown, actor: Actor): Promise<unknown> {
    const running = this.#running.get(name) ?? 0
    if (running >= row.limits.atOnceMax) throw new VultusError('rate.limited', name)
    this.#running.set(name, running + 1)
    const answer = (this.#handlers[name] as Handler)(input, actor).finally(() => {
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1)
      this.#pending.delete(answer)
    })
    this.#pending.add(answer)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new VultusError('request.timedOut', name)), row.limits.timeoutMs)
    })
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
      answer.catch(() => undefined)
    }
  }

  #failed(name: ProcedureName, row: Row, actor: Actor, error: unknown): Failed {
    const failed = failedOf(error)
    if (!(error instanceof VultusError)) this.#log(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}`)
    if (row.audit !== 'none') this.#writeAudit(name, actor, failed.refusal.code)
    return failed
  }

  /** Reads, refusals and failures; effects are written by their operation. */
  #writeAudit(name: ProcedureName, actor: Actor, code?: string): void {
    const { opened: vault, copying } = this.#parts.holder
    if (vault === undefined) return
    if (copying !== undefined) return void copying.then(() => this.#writeAudit(name, actor, code))
    try {
      const outcome = code === undefined ? 'done' : code === 'internal.fault' ? 'failed' : 'refused'
      vault.appendAudit({ event: name, actor, outcome, ...(code === undefined ? {} : { code }) })
    } catch (error) {
      this.#log(`audit of ${name} could not be written: ${failedOf(error).refusal.code}`)
    }
  }

  #emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    for (const listener of this.#listeners) listener(name, payload)
  }
}

function parseInput(row: Row, input: unknown): unknown {
  const parsed = row.input.safeParse(input)
  if (parsed.success) return parsed.data
  throw new VultusError('request.invalid', detailOf(parsed.error))
}

/** Names the field and what is wrong with it, never its value. */
function detailOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
    .join('; ')
    .slice(0, 300)
}

/**
 * Opens a station on a data folder. Processes and vault start at the first call that needs them, or with `warm`.
 * Never throws for a vault that cannot be opened: calls that need it are refused with the reason.
 */
export function openStation(options: StationOptions): Station {
  return new OpenStation(options)
}
