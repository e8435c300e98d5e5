/** The station client of Electron's window: calls by the preload's bridge, packets by a port of their own past main. */
import { type Outcome, unwrap, VultusError } from '../../contract/errors.ts'
import type { EventListener } from '../../contract/events.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../contract/table.ts'
import { type Bridge, livePortMessage } from '../../contract/wire.ts'
import type { LinkState, StationClient } from './client.ts'
import { Listeners } from './listeners.ts'

/** What of a window and of a message port is needed. */
export interface LivePort {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => unknown) | null
  close(): void
}
export interface PortPlace {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

export class BridgeClient implements StationClient {
  readonly shell = 'electron' as const
  /** Main lives as long as the window: the link cannot be lost without it. */
  readonly state: LinkState = { name: 'ready' }
  #port: LivePort | undefined
  readonly #packets = new Listeners<[Uint8Array]>()
  readonly #hearPort: (event: MessageEvent) => void

  constructor(
    readonly bridge: Bridge,
    readonly place: PortPlace,
  ) {
    this.#hearPort = (event) => {
      // Only the preload of this very window may hand over the port.
      if (event.source !== (place as unknown) || event.data !== livePortMessage) return
      const port = event.ports[0]
      if (port !== undefined) this.#takePort(port)
    }
    place.addEventListener('message', this.#hearPort)
    bridge.requestLivePort()
  }

  get simulatedCamera(): boolean {
    return this.bridge.welcome.simulatedCamera
  }

  async call<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const outcome = await this.bridge.run(name, input).catch(() => {
      throw new VultusError('station.unreachable')
    })
    return unwrap(outcome as Outcome<OutputOf<Name>>)
  }

  onEvent(listener: EventListener): () => void {
    return this.bridge.onEvent((name, payload) => listener(name, payload as never))
  }

  onState(): () => void {
    return () => undefined
  }

  onLive(listener: (packet: Uint8Array) => void): () => void {
    return this.#packets.add(listener)
  }

  sendFrame(packet: Uint8Array): boolean {
    // Copied, not transferred: a transferred buffer loses the message on its way to the face process.
    this.#port?.postMessage(packet)
    return this.#port !== undefined
  }

  pathOf(file: File): string | undefined {
    const path = this.bridge.pathOf(file)
    return path === '' ? undefined : path
  }

  close(): void {
    this.place.removeEventListener('message', this.#hearPort)
    this.#port?.close()
  }

  #takePort(port: LivePort): void {
    this.#port?.close()
    this.#port = port
    port.onmessage = (event) => {
      if (event.data instanceof Uint8Array) this.#packets.tell(event.data)
    }
  }
}
