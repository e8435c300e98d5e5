/** A station on the vault of a folder, of which no process can be started. */
import { VultusError } from '../../src/contract/errors.ts'
import type { Station } from '../../src/station/api.ts'
import { openStation } from '../../src/station/station.ts'

interface Options {
  readonly dataFolder: string
  readonly passphrase: string
  readonly log?: (line: string) => void
}

/** Whoever opens it closes it. */
export function stationWithoutProcesses({ dataFolder, passphrase, log = () => undefined }: Options): Station {
  const spawn = () => {
    throw new VultusError('process.unavailable')
  }
  return openStation({ dataFolder, packsFolder: dataFolder, version: '0.0.0-test', spawn, passphrase, log })
}
