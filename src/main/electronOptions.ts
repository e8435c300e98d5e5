/** What the station's Electron window was started with. */
import { parseArgs } from 'node:util'

export interface ElectronOptions {
  readonly data: string | undefined
  readonly demo: boolean
}

/**
 * Reads our options from the arguments of Electron, which hold its own and Chromium's as well.
 * @param argv the program, then arguments; in development the entry stands among them
 */
export function electronOptionsOf(argv: readonly string[]): ElectronOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { data: { type: 'string' }, demo: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  })
  return { data: typeof values.data === 'string' ? values.data : undefined, demo: values.demo === true }
}
