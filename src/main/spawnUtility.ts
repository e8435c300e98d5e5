/** Starts built entries as Electron's utility processes. Electron's own objects are passed in. */
import { join } from 'node:path'
import { livePortPassed } from '../contract/parentPort.ts'
import type { Spawn } from '../station/api.ts'
import { childEnvironment } from './childEnvironment.ts'
import { confineRunning } from './confinement.ts'
import { withoutCoreDumps } from './coreDumps.ts'

/** What is needed of Electron's UtilityProcess. */
export interface UtilityChild {
  readonly pid: number | undefined
  postMessage(message: unknown, ports?: unknown[]): void
  on(event: 'spawn', listener: () => void): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  kill(): boolean
}
export type ForkUtility = (
  modulePath: string,
  parameters: string[],
  options: { serviceName: string; stdio: 'inherit'; env: Record<string, string> },
) => UtilityChild

/** @param entriesFolder where the built entries are (out/main) */
export function spawnUtilityFrom(entriesFolder: string, fork: ForkUtility): Spawn {
  return (entry, confinement) => {
    const child = fork(join(entriesFolder, `${entry}.js`), [], {
      serviceName: `vultus-${entry}`,
      stdio: 'inherit',
      env: childEnvironment(process.env),
    })
    // Not a fork of this process, so it has not inherited what this one was told.
    child.on('spawn', () => {
      if (child.pid !== undefined) withoutCoreDumps(child.pid)
      if (child.pid !== undefined && confinement !== undefined) confineRunning(child.pid, confinement)
    })
    let ended = false
    child.on('exit', () => {
      ended = true
    })
    return {
      get pid() {
        return child.pid
      },
      post: (message) => {
        if (!ended) child.postMessage(message)
      },
      onMessage: (listener) => {
        child.on('message', listener)
      },
      onExit: (listener) => {
        child.on('exit', (code) => listener(code))
      },
      passPort: (port) => {
        if (!ended) child.postMessage(livePortPassed, [port])
      },
      kill: () => {
        child.kill()
      },
    }
  }
}
