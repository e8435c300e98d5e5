/** A command line in this process, on a fake station. */
import { PassThrough, Writable } from 'node:stream'
import type { CommandHost } from '../../src/doors/command/host.ts'
import { runCommandLine } from '../../src/doors/command/program.ts'
import type { Station } from '../../src/station/api.ts'
import { fakeStation } from './fakeStation.ts'

class Collected extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.text += chunk.toString()
    done()
  }
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The one object on stdout. */
  // biome-ignore lint/suspicious/noExplicitAny: looked into by the test
  json(): any
}

/** Runs a command line in this process against a fake station. The signal to stop comes at once, so serve and start end. */
export async function runFake(argv: readonly string[], options: Partial<CommandHost> & { station?: Station } = {}): Promise<Ran> {
  const stdout = new Collected()
  const stderr = new Collected()
  const station = options.station ?? fakeStation()
  const stopper = new AbortController()
  const host: CommandHost = {
    version: '1.2.3',
    stdout,
    stderr,
    keyboard: new PassThrough(),
    env: {},
    passphrase: undefined,
    stop: stopper.signal,
    attach: async () => undefined,
    open: () => station,
    openLocalDoor: async () => {
      setTimeout(() => stopper.abort(), 50)
      return { close: () => undefined }
    },
    start: async (_options, output) => {
      await output.answer({ address: 'http://127.0.0.1:1/#key=x' })
      return 0
    },
    ...options,
  }
  const code = await runCommandLine(argv, host)
  return { code, stdout: stdout.text, stderr: stderr.text, json: () => JSON.parse(stdout.text) }
}
