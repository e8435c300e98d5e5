/** A built station in a process of its own, and links to its local door as other programs have them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrap } from '../../../src/contract/errors.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../../src/contract/table.ts'
import { type AttachedStation, attach } from '../../../src/doors/socket/client.ts'

const entry = join(import.meta.dirname, '../../../out/main/headless.js')
const startMsMax = 10 * 60_000

/** A caller on the other side of the door. */
export interface Desk {
  call<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>
  close(): void
}

export interface RunningStation {
  readonly pid: number | undefined
  /** A link of its own for each desk. */
  desk(): Promise<Desk>
  end(): Promise<void>
}

/** Starts the station without a display on a folder with a passphrase vault. */
export async function startStation(dataFolder: string, passphrase: string): Promise<RunningStation> {
  const child = spawn(process.execPath, [entry, 'start', '--data', dataFolder], {
    env: { ...process.env, VULTUS_PASSPHRASE: passphrase },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async () => {
    child.kill('SIGTERM')
    await exit
  }
  try {
    const first = await attached(dataFolder, child)
    first.close()
  } catch (error) {
    await end()
    throw error
  }
  return { pid: child.pid, desk: async () => deskOver(await attached(dataFolder, child)), end }
}

async function attached(dataFolder: string, child: ChildProcess): Promise<AttachedStation> {
  const endMs = performance.now() + startMsMax
  while (performance.now() < endMs && child.exitCode === null) {
    const link = await attach(dataFolder)
    if (link !== undefined) return link
    await sleep(50)
  }
  throw new Error('The station did not start')
}

function deskOver(link: AttachedStation): Desk {
  return {
    call: async (name, input) => unwrap(await link.run(name, input, { role: 'administrator', door: 'command' })) as OutputOf<typeof name>,
    close: () => link.close(),
  }
}

/** Resident memory of a process in MB, or null where the system does not tell. */
export function residentMbOf(pid: number | null | undefined): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Math.round((Number(kilobytes) * 1024) / 1e6)
  } catch {
    return null
  }
}
