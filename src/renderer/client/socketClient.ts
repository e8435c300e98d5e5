/** The station client of the browser window: keeps a WebSocket connection, and connects again where the host gives fresh tokens. */
import { type Outcome, unwrap, VultusError } from '../../contract/errors.ts'
import type { EventListener, EventName } from '../../contract/events.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../contract/table.ts'
import type { Welcome } from '../../contract/wire.ts'
import type { LinkState, StationClient } from './client.ts'
import { Listeners } from './listeners.ts'
import { openSocketLink, type SocketHearing, type SocketLink } from './socketLink.ts'
import type { TokenSource } from './token.ts'

/** Opens one connection; passed in so that a test can stand in for the network. */
export type OpenLink = (address: string, token: string, hearing: SocketHearing) => SocketLink

/** Waits between attempts to connect again, milliseconds; after the last the link counts as lost. */
const retryWaitsMs = [100, 250, 500, 1000, 2000, 4000]

const lostStates = {
  addressUsed: {
    name: 'lost',
    reason: 'addressUsed',
    message: 'This address was used already, or is older than a minute. It works once.',
    remedy: 'Run "npm start" again on the station: it prints a new address for this window.',
  },
  stationGone: {
    name: 'lost',
    reason: 'stationGone',
    message: 'The station has ended or cannot be reached.',
    remedy: 'Start it again with "npm start". Nothing stored was lost.',
  },
} as const satisfies Record<string, LinkState>

export class SocketClient implements StationClient {
  readonly shell = 'browser' as const
  #simulatedCamera = false
  #state: LinkState = { name: 'connecting' }
  #link: SocketLink | undefined
  #closed = false
  #attempt = 0
  readonly #events = new Listeners<Parameters<EventListener>>()
  readonly #states = new Listeners<[LinkState]>()
  readonly #packets = new Listeners<[Uint8Array]>()

  constructor(
    readonly address: string,
    readonly tokens: TokenSource,
    readonly open: OpenLink = openSocketLink,
    readonly waitsMs: readonly number[] = retryWaitsMs,
  ) {
    void this.#connect()
  }

  get simulatedCamera(): boolean {
    return this.#simulatedCamera
  }

  get state(): LinkState {
    return this.#state
  }

  async call<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    await this.#settled()
    if (this.#link === undefined || this.#state.name !== 'ready') throw new VultusError('station.unreachable')
    // The connection can close under the call; whether the station carried it out is then not known here.
    const outcome = await this.#link.run(name, input).catch(() => {
      throw new VultusError('station.unreachable')
    })
    return unwrap(outcome as Outcome<OutputOf<Name>>)
  }

  onEvent(listener: EventListener): () => void {
    return this.#events.add(listener)
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener)
  }

  onLive(listener: (packet: Uint8Array) => void): () => void {
    return this.#packets.add(listener)
  }

  sendFrame(packet: Uint8Array): boolean {
    return this.#state.name === 'ready' && this.#link?.sendFrame(packet) === true
  }

  pathOf(): undefined {
    return undefined
  }

  close(): void {
    this.#closed = true
    this.#link?.close()
  }

  async #connect(): Promise<void> {
    const token = await this.tokens.next()
    if (this.#closed) return
    if (token === undefined) {
      if (this.tokens.renewable) this.#retry()
      else this.#become(lostStates.addressUsed)
      return
    }
    this.#link = this.open(this.address, token, {
      onWelcome: (welcome) => this.#welcome(welcome),
      onEvent: (name, payload) => this.#events.tell(name as EventName, payload as never),
      onPacket: (packet) => this.#packets.tell(packet),
      onClose: (welcomed) => this.#lose(welcomed),
    })
  }

  #welcome(welcome: Welcome): void {
    this.#simulatedCamera = welcome.simulatedCamera
    this.#attempt = 0
    this.#become({ name: 'ready' })
  }

  #lose(welcomed: boolean): void {
    this.#link = undefined
    if (this.#closed) return
    if (this.tokens.renewable) this.#retry()
    else this.#become(welcomed ? lostStates.stationGone : lostStates.addressUsed)
  }

  #retry(): void {
    const waitMs = this.waitsMs[this.#attempt]
    this.#attempt += 1
    if (waitMs === undefined) {
      this.#become(lostStates.stationGone)
      return
    }
    this.#become({ name: 'connecting' })
    setTimeout(() => {
      if (!this.#closed) void this.#connect()
    }, waitMs)
  }

  #become(state: LinkState): void {
    if (state.name === this.#state.name) return
    this.#state = state
    this.#states.tell(state)
  }

  /** Waits while the link is being made. */
  #settled(): Promise<void> {
    if (this.#state.name !== 'connecting') return Promise.resolve()
    return new Promise((resolve) => {
      const end = this.onState((state) => {
        if (state.name === 'connecting') return
        end()
        resolve()
      })
    })
  }
}
