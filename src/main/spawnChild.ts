/** Starts built entries as child processes (everywhere but in Electron, which has utilityProcess). */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Child, Spawn } from '../station/api.ts'
import { childEnvironment } from './childEnvironment.ts'
import { confinedNode } from './confinement.ts'

/** @param entriesFolder where the built entries are (out/main) */
export function spawnChildFrom(entriesFolder: string): Spawn {
  return (entry, confinement) => {
    const flags = ['--disable-warning=ExperimentalWarning']
    const confined = confinement && confinedNode(confinement, entriesFolder)
    const child = fork(join(entriesFolder, `${entry}.js`), [], {
      serialization: 'advanced',
      // Plain lines of a child go to our stderr: stdout belongs to the command.
      stdio: ['ignore', 2, 2, 'ipc'],
      env: childEnvironment(process.env),
      ...(confined === undefined ? {} : { execPath: confined.execPath }),
      execArgv: [...(confined?.execArgv ?? []), ...flags],
    })
    // A message that cannot be delivered shows as the child's exit; without a listener it would end this process.
    child.on('error', () => undefined)
    const port: Child = {
      pid: child.pid,
      post: (message) => {
        if (child.connected) child.send(message as never, () => undefined)
      },
      onMessage: (listener) => {
        child.on('message', listener)
      },
      onExit: (listener) => {
        let told = false
        const tell = (code: number | null) => {
          if (!told) listener(code)
          told = true
        }
        child.once('exit', tell)
        child.once('error', () => tell(null))
      },
      kill: () => {
        child.kill('SIGKILL')
      },
    }
    return port
  }
}
