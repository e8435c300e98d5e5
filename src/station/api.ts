/** What doors see of a station: run a procedure by name, hear events, pass live packets. No rules live in doors. */

import type { Outcome } from '../contract/errors.ts'
import type { EventListener } from '../contract/events.ts'
import type { Port } from '../contract/link.ts'
import type { Actor } from '../contract/records.ts'

/** Who a door says is calling. What they may do the station decides. */
export interface CallerIdentity {
  /** client for the service endpoints; otherwise the role that counts while there are no accounts. */
  readonly role: Actor['role']
  readonly door: Actor['door']
  /** What a sign-in at this connection answered. */
  readonly session?: string | undefined
  /** Key of the program that asks, where it has one of its own; the station decides whose it is. */
  readonly clientKey?: string | undefined
}

/** Anything that can run procedures: the station itself, or a link to one that runs in another process. */
export interface Runner {
  /**
   * Checks the name, the role, the input, the limits and the vault, runs the procedure, writes the audit and answers.
   * Never throws: refusals and bugs are outcomes.
   */
  run(name: string, input: unknown, caller: CallerIdentity): Promise<Outcome<unknown>>
}

export interface Station extends Runner {
  /** @returns a function that ends the subscription */
  onEvent(listener: EventListener): () => void
  /** Passes a frame packet (contract/live.ts) to the face process unparsed; newest replaces waiting there. */
  pushFrame(packet: Uint8Array): void
  /** Live packets of every session; a door passes on those of its own sessions. @returns ends the subscription */
  onLive(listener: (packet: Uint8Array) => void): () => void
  /** Electron: hands one end of a message channel to the face process, so that frames go past main. */
  connectLive(port: unknown): void
  /** Starts the processes and opens the vault ahead of the first call (windows and services). Throws what stands in the way. */
  warm(): Promise<void>
  /** Waits for what runs, closes the vault, ends the processes. */
  close(): Promise<void>
}

/** A process that was spawned; its port carries calls and live packets. */
export interface Child extends Port {
  readonly pid: number | undefined
  onExit(listener: (code: number | null) => void): void
  /** Electron only: passes a MessagePortMain. */
  passPort?(port: unknown): void
  kill(): void
}

/** What a process that touches unchecked files may use, as far as the operating system can be told. */
export interface Confinement {
  readonly readFolders: readonly string[]
  readonly writeFolder: string
  readonly memoryBytesMax: number
  readonly processorSecondsMax: number
}

/** Starts a built entry as a process of its own: utilityProcess in Electron, child_process elsewhere. */
export type Spawn = (entry: 'face' | 'matcher' | 'packChecker', confinement?: Confinement) => Child

export interface StationOptions {
  readonly dataFolder: string
  readonly packsFolder: string
  readonly version: string
  readonly spawn: Spawn
  /** Opens a passphrase vault at start; without it the vault stays locked until vault.unlock. */
  readonly passphrase?: string | undefined
  /** Plain lines for the log: what happened to processes, never data of a subject. */
  readonly log: (line: string) => void
}
