import { VultusError } from '../contract/errors.ts'
import type { Sample } from '../contract/processes.ts'
import type { Ports } from './ports.ts'

/** A simulated camera never feeds a real vault, whatever door it came by. */
export function refuseSimulated(ports: Pick<Ports, 'vault'>, samples: readonly Sample[]): void {
  if (ports.vault.kind !== 'demo' && samples.some((sample) => sample.captureSource === 'simulated')) {
    throw new VultusError('capture.simulatedRefused')
  }
}
