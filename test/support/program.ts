/** The built program as people start it on the command line: a process of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { entriesFolder } from './station.ts'

export type Running = ChildProcessByStdio<null, Readable, Readable>

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly detached?: boolean
}

/** Starts a command line; what it says has to be read by somebody. */
export function start(argv: readonly string[], options: StartOptions = {}): Running {
  return spawn(process.execPath, [join(entriesFolder, 'headless.js'), ...argv], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** What stands on stdout, where that is an object. */
  // biome-ignore lint/suspicious/noExplicitAny: looked into by the test
  readonly json: any
}

/** All that it said, when it has ended. */
export function ended(child: Running): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part) => {
    stdout += part
  })
  child.stderr.on('data', (part) => {
    stderr += part
  })
  return new Promise((done) =>
    child.once('close', (code, signal) =>
      done({ code, signal, stdout, stderr, json: stdout.startsWith('{') ? JSON.parse(stdout) : undefined }),
    ),
  )
}

/** Its first line on stdout. @throws Error where it ends before one */
export function firstLine(child: Running): Promise<string> {
  let text = ''
  return new Promise((done, failed) => {
    child.stdout.on('data', (part) => {
      text += part
      if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', (code) => failed(new Error(`ended with ${code} before a line`)))
  })
}

/** Ids of the direct children of a process (Linux). */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
