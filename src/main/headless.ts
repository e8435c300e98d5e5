/** Entry of the command line and of the station without a display. */

import { stopSignal } from '../doors/command/exit.ts'
import type { CommandHost, OpenOptions } from '../doors/command/host.ts'
import { type Secrets, takeSecrets } from '../doors/command/passphrase.ts'
import { runCommandLine } from '../doors/command/program.ts'
import { attach } from '../doors/socket/client.ts'
import { openLocalDoor } from '../doors/socket/localDoor.ts'
import { openStation } from '../station/station.ts'
import { ignoreClosedPipes } from './closedPipes.ts'
import { withoutCoreDumps } from './coreDumps.ts'
import { entriesFolder, packsFolder, projectVersion } from './places.ts'
import { spawnChildFrom } from './spawnChild.ts'
import { startWithoutDisplay } from './startWithoutDisplay.ts'

function hostOf(secrets: Secrets): CommandHost {
  const version = projectVersion()
  const open = ({ dataFolder, passphrase: given, log }: OpenOptions) =>
    openStation({ dataFolder, packsFolder, version, spawn: spawnChildFrom(entriesFolder), passphrase: given, log })
  const host: CommandHost = {
    version,
    stdout: process.stdout,
    stderr: process.stderr,
    keyboard: process.stdin,
    env: process.env,
    ...secrets,
    stop: stopSignal(process, (code) => process.exit(code)),
    attach,
    open,
    openLocalDoor: (station, dataFolder) => openLocalDoor({ station, dataFolder, log: () => undefined }),
    start: (options, output) => startWithoutDisplay(options, host, output),
  }
  return host
}

async function main(): Promise<void> {
  // First of all: what is started inherits the one and must not inherit the other.
  withoutCoreDumps()
  const secrets = takeSecrets(process.env)
  ignoreClosedPipes()
  const code = await runCommandLine(process.argv.slice(2), hostOf(secrets))
  // What was written last may still be on its way where pipes are asynchronous.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
  process.exit(code)
}

await main()
