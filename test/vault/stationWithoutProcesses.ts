/** A station on the vault of a folder, of which no process can be started. */
import { onTestFinished } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import { openStation } from '../../src/station/station.ts'
import { passphrase } from './fixtures.ts'

/** Closed with the test. */
export function stationWithoutProcesses(folder: string, log: (line: string) => void = () => undefined) {
  const spawn = () => {
    throw new VultusError('process.unavailable')
  }
  const station = openStation({ dataFolder: folder, packsFolder: folder, version: '0.0.0-test', spawn, passphrase, log })
  onTestFinished(() => station.close())
  return station
}
