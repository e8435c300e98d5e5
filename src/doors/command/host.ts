/** What the command line needs of the process it runs in; main wires it, tests stand in for it. */
import type { Writable } from 'node:stream'
import type { CallerIdentity, Runner, Station } from '../../station/api.ts'
import type { Keyboard } from './passphrase.ts'
import type { Output } from './print.ts'

/** Until there are accounts, whoever can open the vault acts as administrator; from then on --as says who signs in. */
export const commandActor: CallerIdentity = { role: 'administrator', door: 'command' }

export interface Closable {
  close(): Promise<void> | void
}

export interface OpenOptions {
  readonly dataFolder: string
  readonly passphrase: string | undefined
  readonly log: (line: string) => void
}

export interface StartOptions {
  readonly dataFolder: string
  readonly demo: boolean
  /** End after the steps of the demo instead of serving the window. */
  readonly exit: boolean
  readonly passphrase: string | undefined
}

export interface CommandHost {
  readonly version: string
  readonly stdout: Writable
  readonly stderr: Writable
  readonly keyboard: Keyboard
  readonly env: Readonly<Record<string, string | undefined>>
  /** Taken from the environment before anything ran. */
  readonly passphrase: string | undefined
  /** Taken from the environment, too. */
  readonly recoveryKey?: string | undefined
  /** Password of the account that --as names; taken from the environment like the passphrase. */
  readonly password?: string | undefined
  /** Password or PIN that an account is to get. */
  readonly newPassword?: string | undefined
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly stop: AbortSignal
  /** Links to the station that is running on the folder. */
  attach(dataFolder: string): Promise<(Runner & Closable) | undefined>
  /** Opens a station in this process; its processes and its vault start when they are first needed. */
  open(options: OpenOptions): Station
  /** Lets other commands attach to the station while it serves. */
  openLocalDoor(station: Station, dataFolder: string): Promise<Closable>
  /** Serves the window without a display. @returns the exit code */
  start(options: StartOptions, output: Output): Promise<number>
}
