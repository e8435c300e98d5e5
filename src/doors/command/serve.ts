/** `vultus serve`: the REST door on loopback, until a signal. Other commands attach to its station meanwhile. */
import { refusalOf, unwrap, VultusError } from '../../contract/errors.ts'
import { exitCodes } from '../../contract/exitCodes.ts'
import type { Runner, Station } from '../../station/api.ts'
import { openRestDoor } from '../rest/server.ts'
import { makeToken, readTokenFile } from '../rest/token.ts'
import { type Connection, connect } from './connect.ts'
import { aborted } from './exit.ts'
import { type Closable, type CommandHost, commandActor } from './host.ts'
import type { Output } from './print.ts'

export interface ServeOptions {
  readonly dataFolder: string
  readonly port: number
  readonly tokenFile: string | undefined
  /** Administrator who opens the service, once there are accounts. */
  readonly as?: string | undefined
}

async function announce(address: string, token: string, ownToken: boolean, output: Output): Promise<void> {
  // A token that came from a file is known to its owner; it is not repeated where a log may keep it.
  if (output.json) return output.answer({ address, token: ownToken ? token : null })
  output.line(`Serving on ${address}`)
  output.line(ownToken ? `Token (printed once): ${token}` : 'Token: the one of the token file')
  output.line('End with Ctrl-C.')
}

/** Pictures can be looked at without a vault; whoever starts the service hears what it will refuse. */
async function noteVault({ runner }: Connection, output: Output): Promise<void> {
  const { state } = unwrap(await runner.run('vault.status', {}, commandActor)) as { state: 'missing' | 'locked' | 'open' }
  if (state !== 'open') output.note(`The vault is ${state}: detection, templates of pictures and similarity are served, nothing is stored.`)
}

/**
 * Clients of the service act through this connection: once there are accounts, an administrator has to be signed in here.
 * The station refuses every request without one; saying it before the service listens is only kinder.
 */
async function assertMayServe(runner: Runner): Promise<void> {
  const { needed, role } = unwrap(await runner.run('operator.current', {}, commandActor)) as { needed: boolean; role: string | null }
  if (needed && role !== 'administrator') throw new VultusError(role === null ? 'signIn.required' : 'permission.denied')
}

/** Starts the processes ahead of the first request. What does not start is said here and again by health. */
async function warm(station: Station, output: Output): Promise<void> {
  try {
    await station.warm()
  } catch (error) {
    const { message, remedy } = refusalOf(error)
    output.note(`Not everything is ready: ${message} ${remedy}`)
  }
}

/**
 * @returns the exit code, after the signal to stop
 * @throws VultusError when the vault, the token file or the port is refused
 */
export async function serve(options: ServeOptions, host: CommandHost, output: Output): Promise<number> {
  const ownToken = options.tokenFile === undefined
  const token = options.tokenFile === undefined ? makeToken() : await readTokenFile(options.tokenFile)
  const log = (line: string) => output.note(line)
  const connection = await connect({ dataFolder: options.dataFolder, vault: 'open', log, as: options.as }, host)
  // Closed in the reverse order of opening, whatever happens.
  const opened: Closable[] = [connection]
  try {
    await noteVault(connection, output)
    await assertMayServe(connection.runner)
    if (connection.station !== undefined) {
      opened.push(await host.openLocalDoor(connection.station, options.dataFolder))
      await warm(connection.station, output)
    }
    const rest = await openRestDoor(connection.runner, { port: options.port, token, log })
    opened.push(rest)
    await announce(rest.address, token, ownToken, output)
    await aborted(host.stop)
    return exitCodes.done
  } finally {
    for (const part of opened.reverse()) await part.close()
  }
}
