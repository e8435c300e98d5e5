/** Starts built entries as child processes (everywhere but in Electron, which has utilityProcess). */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Child, Spawn } from '../station/api.ts'

/** What a child needs of the environment; secrets and the rest stay here. */
const environmentKept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'LD_LIBRARY_PATH']

/**
 * @param entriesFolder where the built entries are (out/main)
 * @param environment extra variables for the children
 */
export function spawnChildFrom(entriesFolder: string, environment: Readonly<Record<string, string>> = {}): Spawn {
  return (entry) => {
    const kept = Object.fromEntries(environmentKept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
    const child = fork(join(entriesFolder, `${entry}.js`), [], {
      serialization: 'advanced',
      // Plain lines of a child go to our stderr: stdout belongs to the command.
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...kept, ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
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
