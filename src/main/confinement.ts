/**
 * Confines a process that touches files which nobody has checked yet. Node's permission model lets it read the program and the pack
 * and write only into the pack's new folder, and start nothing; that holds for JavaScript, not for native code. On Linux, where the
 * programs are there, `prlimit` bounds its memory and processor time and the size of what it writes, and `unshare` gives it a network of
 * its own without any interface. Elsewhere the time limit of the station and the limit of V8's heap remain.
 */
import { execFile, execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Confinement } from '../station/api.ts'
import { projectFolder } from './places.ts'

/** V8's heap: models and pictures lie outside of it. */
const heapMegabytesMax = 512
const fileBytesMax = 1024 * 1024 * 1024

/** Whether the program runs here with these words; asked once for each. */
const known = new Map<string, boolean>()
function runs(program: string, words: readonly string[]): boolean {
  const line = [program, ...words].join(' ')
  const before = known.get(line)
  if (before !== undefined) return before
  let able = true
  try {
    execFileSync(program, words, { timeout: 5_000, stdio: 'ignore' })
  } catch {
    able = false
  }
  known.set(line, able)
  return able
}

const noNetwork = ['--map-root-user', '--net', '--']

function limitsOf({ memoryBytesMax, processorSecondsMax }: Confinement): string[] {
  return [`--data=${memoryBytesMax}`, `--cpu=${processorSecondsMax}`, `--fsize=${fileBytesMax}`, '--core=0']
}

/** The limits of memory, time and files for a process that runs already (Electron starts its own), where they can be had. */
export function confineRunning(pid: number, confinement: Confinement, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'linux') return
  execFile('prlimit', ['--pid', String(pid), ...limitsOf(confinement)], { timeout: 5_000 }, () => undefined).unref()
}

/** What goes before `node`: each program runs the next with its own limits. */
function wrappersOf(confinement: Confinement, platform: NodeJS.Platform): string[] {
  if (platform !== 'linux') return []
  const limits = [...limitsOf(confinement), '--']
  return [
    ...(runs('unshare', [...noNetwork, 'true']) ? ['unshare', ...noNetwork] : []),
    ...(runs('prlimit', [...limits, 'true']) ? ['prlimit', ...limits] : []),
  ]
}

/** What is not there is refused when it is read. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function nodeFlags({ readFolders, writeFolder }: Confinement, entriesFolder: string): string[] {
  // Packages may be linked in from another place, which the model judges by its real path.
  const read = [projectFolder, dirname(entriesFolder), realOf(join(projectFolder, 'node_modules')), ...readFolders.map(realOf), writeFolder]
  return [
    `--max-old-space-size=${heapMegabytesMax}`,
    '--permission',
    '--allow-addons',
    // It warns that native code is not held, on every start.
    '--disable-warning=SecurityWarning',
    ...read.map((folder) => `--allow-fs-read=${folder}`),
    `--allow-fs-write=${writeFolder}`,
  ]
}

/** The program and the flags that run a built entry confined. */
export function confinedNode(
  confinement: Confinement,
  entriesFolder: string,
  platform: NodeJS.Platform = process.platform,
): { execPath: string; execArgv: string[] } {
  const [execPath = process.execPath, ...words] = [...wrappersOf(confinement, platform), process.execPath]
  return { execPath, execArgv: [...words, ...nodeFlags(confinement, entriesFolder)] }
}
