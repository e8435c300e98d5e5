/** Children that open a vault in a process of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Node runs the sources as they are; the error class has parameter properties, which have to be transformed. */
const nodeFlags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning']

export interface VaultChild {
  readonly process: ChildProcess
  readonly lines: string[]
  /** Waits for a line. */
  line(wanted: (line: string) => boolean): Promise<string>
  /** Kills it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>
  ended: Promise<number | null>
}

interface ChildOptions {
  readonly uid?: number
  readonly env?: Record<string, string>
  readonly first?: number
}

/** Starts the child that enrols and erases. */
export function startVaultChild(task: string, folder: string, options: ChildOptions = {}): VaultChild {
  return startChild('vault-child.ts', task, folder, options)
}

/** Starts a child script of this folder; what it prints comes as lines. */
export function startChild(name: string, task: string, folder: string, options: ChildOptions = {}): VaultChild {
  const script = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, [...nodeFlags, script, task, folder, String(options.first ?? 0)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of waiting) look()
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    wake()
  })
  let closed = false
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      closed = true
      resolve(code)
      wake()
    })
  })
  const line = (wanted: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find(wanted)
        if (found === undefined && !closed) return
        waiting.delete(look)
        if (found === undefined) reject(new Error(`The child ended; it said: ${lines.join(' | ')}`))
        else resolve(found)
      }
      waiting.add(look)
      look()
    })
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { process: child, lines, line, kill, ended }
}

/** A process that holds the vault, after it has enrolled one subject. */
export async function heldByAnother(folder: string): Promise<VaultChild> {
  const child = startVaultChild('hold', folder)
  await child.line((line) => line === 'held')
  return child
}

/** The code with which somebody without the right to write is refused; root has to become somebody else for that. */
export async function deniedOpening(folder: string): Promise<string> {
  const nobody = 65_534
  const home = mkdtempSync(join(tmpdir(), 'vultus-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const child = startVaultChild('open', folder, process.getuid?.() === 0 ? { uid: nobody, env: { HOME: home } } : {})
  return child.line((line) => line.startsWith('vault.') || line === 'opened')
}
