/** Reaching a station: the one that is running on the data folder, else one of our own in this process. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isErrorCode, unwrap, VultusError } from '../../contract/errors.ts'
import { needsPassphrase } from '../../contract/types.ts'
import type { Runner, Station } from '../../station/api.ts'
import { Caller } from '../caller.ts'
import { type CommandHost, commandActor } from './host.ts'
import { askHidden, canAsk, passwordVariable } from './passphrase.ts'

/** Another command that holds the vault ends soon; a station that holds it lets us attach. */
const vaultWaitMsMax = 30_000
const vaultRetryMs = 200

export interface Connection {
  readonly runner: Runner
  /** The station, where this process opened it. */
  readonly station: Station | undefined
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly dataFolder: string
  /** open: open the vault first; any: what is asked needs none. */
  readonly vault: 'open' | 'any'
  readonly log: (line: string) => void
  /** Account that signs in first. */
  readonly as?: string | undefined
}

/** The part of vault.status that decides how to go on. */
interface VaultState {
  readonly state: 'missing' | 'locked' | 'open'
  readonly key: string | null
  /** Why a vault that is there could not be opened. */
  readonly problem?: { readonly code: string; readonly detail?: string | undefined } | null
}

type Passphrase = { value: string | undefined }

function throwProblem({ problem }: VaultState): void {
  if (problem && isErrorCode(problem.code)) throw new VultusError(problem.code, problem.detail)
}

/**
 * Opens a locked passphrase vault with the passphrase of the environment or of the terminal. Without either it stays locked,
 * and what is asked of it is refused by the station.
 * @throws VultusError why the vault cannot be opened
 */
async function openVault({ runner, station }: Connection, passphrase: Passphrase, host: CommandHost): Promise<void> {
  const status = unwrap(await runner.run('vault.status', {}, commandActor)) as VaultState
  if (status.state === 'open') return
  // A station of our own was opened with this passphrase already: asking again would only cost another key derivation.
  const tried = station !== undefined && passphrase.value !== undefined
  if (tried || status.state === 'missing' || !needsPassphrase(status.key)) return throwProblem(status)
  if (passphrase.value === undefined && !canAsk(host.keyboard)) return throwProblem(status)
  passphrase.value ??= await askHidden('Passphrase: ', host.keyboard, host.stderr)
  unwrap(await runner.run('vault.unlock', { passphrase: passphrase.value }, commandActor))
}

/** Accounts are in the vault: who signs in needs it open, whatever is asked then. */
const needsVault = ({ vault, as }: ConnectOptions) => vault === 'open' || as !== undefined

/** @throws VultusError request.invalid where there is no password and nobody to ask; signIn.wrong, signIn.wait */
async function signIn(runner: Runner, name: string, host: CommandHost): Promise<void> {
  if (host.password === undefined && !canAsk(host.keyboard)) {
    throw new VultusError('request.invalid', `set ${passwordVariable} to the password of the account that --as names`)
  }
  const secret = host.password ?? (await askHidden(`Password of ${name.replace(/\p{Cc}/gu, '?')}: `, host.keyboard, host.stderr))
  unwrap(await runner.run('operator.signIn', { name, secret }, commandActor))
}

async function link(options: ConnectOptions, passphrase: Passphrase, host: CommandHost): Promise<Connection> {
  const { dataFolder, log } = options
  const attached = await host.attach(dataFolder)
  if (attached !== undefined) return { runner: attached, station: undefined, close: async () => attached.close() }
  const station = host.open({ dataFolder, passphrase: needsVault(options) ? passphrase.value : undefined, log })
  const caller = new Caller(station, 'command')
  const runner: Runner = { run: (name, input, identity) => caller.run(name, input, identity) }
  const close = async () => {
    caller.end()
    await station.close()
  }
  return { runner, station, close }
}

async function connectOnce(options: ConnectOptions, passphrase: Passphrase, host: CommandHost): Promise<Connection> {
  const connection = await link(options, passphrase, host)
  try {
    if (needsVault(options)) await openVault(connection, passphrase, host)
    if (options.as !== undefined) await signIn(connection.runner, options.as, host)
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

/**
 * A station to run procedures on; waits a little where another command holds the vault.
 * Close the connection when done: a station of our own ends with it.
 * @throws VultusError what keeps the vault from opening
 */
export async function connect(options: ConnectOptions, host: CommandHost): Promise<Connection> {
  const endMs = performance.now() + vaultWaitMsMax
  const passphrase: Passphrase = { value: host.passphrase }
  for (;;) {
    try {
      return await connectOnce(options, passphrase, host)
    } catch (error) {
      const held = error instanceof VultusError && error.code === 'vault.inUse'
      if (!held || performance.now() > endMs || host.stop.aborted) throw error
      await sleep(vaultRetryMs)
    }
  }
}
