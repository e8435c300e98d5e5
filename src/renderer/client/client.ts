/** What screens see of the station, the same in both shells. */
import type { EventListener } from '../../contract/events.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../contract/table.ts'

/** Why there is no link: the printed address was used or is too old, or the station has ended. */
export type LostReason = 'addressUsed' | 'stationGone'

export type LinkState =
  | { readonly name: 'connecting' }
  | { readonly name: 'ready' }
  /** message and remedy are plain sentences for the screen. */
  | { readonly name: 'lost'; readonly reason: LostReason; readonly message: string; readonly remedy: string }

/** A link to the station. Listeners are called in the order of what they tell; every `on…` returns a function that ends it. */
export interface StationClient {
  readonly shell: 'electron' | 'browser'
  /** The window feeds a drawn subject (procedure demo.portrait) instead of a camera. */
  readonly simulatedCamera: boolean
  readonly state: LinkState
  /** Runs a procedure. @throws VultusError with the code of the refusal; station.unreachable where there is no link */
  call<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>
  onEvent(listener: EventListener): () => void
  onState(listener: (state: LinkState) => void): () => void
  /** Sends a frame packet (contract/live.ts encodeFrame). @returns false where it was dropped because the link is behind or lost */
  sendFrame(packet: Uint8Array): boolean
  /** Live packets (contract/live.ts decodeLive) of the sessions that this window opened. */
  onLive(listener: (packet: Uint8Array) => void): () => void
  /** The path of a dropped file; undefined in a browser, which tells none. */
  pathOf(file: File): string | undefined
  close(): void
}
