/** A station that answers what a test tells it to, for doors over the wire. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failedOf, type Outcome, VultusError } from '../../src/contract/errors.ts'
import type { EventListener, EventName, EventPayload } from '../../src/contract/events.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { Station } from '../../src/station/api.ts'
import type { Call } from '../support/fakeStation.ts'

export class FakeStation implements Station {
  readonly calls: Call[] = []
  readonly frames: Uint8Array[] = []
  readonly livePorts: unknown[] = []
  readonly #events = new Set<EventListener>()
  readonly #live = new Set<(packet: Uint8Array) => void>()
  #sessions = 0

  constructor(readonly answer: (call: Call) => Promise<unknown> | unknown = () => ({})) {}

  async run(name: string, input: unknown, actor: Actor): Promise<Outcome<unknown>> {
    const call = { name, input, actor }
    this.calls.push(call)
    try {
      if (name === 'capture.open') {
        await this.answer(call)
        this.#sessions += 1
        return { ok: true, value: { sessionId: `session-of-the-test-${this.#sessions}` } }
      }
      if (name === 'no.such') throw new VultusError('request.unknown')
      return { ok: true, value: await this.answer(call) }
    } catch (error) {
      return failedOf(error)
    }
  }

  get listeners(): number {
    return this.#events.size + this.#live.size
  }

  onEvent(listener: EventListener): () => void {
    this.#events.add(listener)
    return () => this.#events.delete(listener)
  }

  onLive(listener: (packet: Uint8Array) => void): () => void {
    this.#live.add(listener)
    return () => this.#live.delete(listener)
  }

  pushFrame(packet: Uint8Array): void {
    this.frames.push(packet)
  }

  connectLive(port: unknown): void {
    this.livePorts.push(port)
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {}

  tell<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    for (const listener of this.#events) listener(name, payload)
  }

  showLive(packet: Uint8Array): void {
    for (const listener of this.#live) listener(packet)
  }
}

/** A temporary folder with a small built window in it. */
export function makePageFolders(): { root: string; rendererFolder: string; dataFolder: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'vultus-test-'))
  const rendererFolder = join(root, 'renderer')
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true })
  writeFileSync(
    join(rendererFolder, 'index.html'),
    '<!doctype html><title>Vultus</title><script type="module" src="assets/page.js"></script>',
  )
  writeFileSync(join(rendererFolder, 'assets', 'page.js'), 'export {}')
  writeFileSync(join(rendererFolder, 'notes.txt'), 'not part of the window')
  writeFileSync(join(root, 'secret.html'), 'outside')
  return { root, rendererFolder, dataFolder: join(root, 'data'), remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Waits until a condition holds; a test that waits in vain fails by its own time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
