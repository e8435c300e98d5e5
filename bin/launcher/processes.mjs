import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Of a quiet child's output only the end is kept, for the case that it fails. */
const OUTPUT_CHARACTERS_MAX = 64 * 1024
/** How long a child may take to end after SIGTERM. */
const GRACE_MS = 5000

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 128 + number after a signal, 127 when the program could not be started
 * @property {string} output last part of stdout and stderr (quiet children only)
 * @property {boolean} timedOut
 * @property {string | null} signal
 */

/**
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {Record<string, string | undefined>} env
 * @property {boolean} [quiet] keep the output instead of showing it
 * @property {boolean} [foreground] the child is the command itself: it stays in the terminal's group and gets its signals
 * @property {boolean} [watched] the child gets a channel by which it sees that this process is gone, however it ended
 * @property {boolean} [stdoutToStderr] what it says is progress, not the answer of the command
 * @property {number} [timeoutMs]
 * @property {(pid: number) => void} [onPid]
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const helpers = new Set()

/**
 * Runs a program to its end. Helpers get a process group of their own, so that their children end with them.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Finished>}
 */
export function run(file, args, options) {
  const detached = !options.foreground && process.platform !== 'win32'
  const shown = options.stdoutToStderr ? 2 : 'inherit'
  const out = options.quiet ? 'pipe' : shown
  const stdio = /** @type {import('node:child_process').StdioOptions} */ ([
    options.foreground ? 'inherit' : 'ignore',
    out,
    options.quiet ? 'pipe' : 'inherit',
    ...(options.watched ? ['ipc'] : []),
  ])
  /** @type {import('node:child_process').ChildProcess} */
  const child = spawn(file, [...args], {
    cwd: options.cwd,
    env: /** @type {NodeJS.ProcessEnv} */ (options.env),
    stdio,
    detached,
    windowsHide: true,
  })
  if (!options.foreground) helpers.add(child)
  if (child.pid !== undefined) options.onPid?.(child.pid)
  const stopPassing = options.foreground ? passSignals(child) : () => {}
  return collect(child, options).finally(() => {
    stopPassing()
    helpers.delete(child)
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {RunOptions} options
 * @returns {Promise<Finished>}
 */
function collect(child, options) {
  return new Promise((resolve) => {
    let output = ''
    let timedOut = false
    const keep = (/** @type {string} */ chunk) => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX)
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            kill(child, 'SIGKILL')
          }, options.timeoutMs)
    const finish = (/** @type {number} */ code, /** @type {NodeJS.Signals | null} */ signal) => {
      clearTimeout(timer)
      resolve({ code, output, timedOut, signal })
    }
    child.once('error', (error) => {
      keep(`${error.message}\n`)
      finish(127, null)
    })
    child.once('close', (code, signal) => finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal))
  })
}

/**
 * Passes signals on to the command. On a terminal Ctrl-C reaches the whole group by itself; sending it again would
 * look like a second Ctrl-C.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends the passing
 */
function passSignals(child) {
  const interrupt = () => {
    if (process.stdin.isTTY !== true) child.kill('SIGINT')
  }
  const terminate = () => child.kill('SIGTERM')
  const hangUp = () => child.kill('SIGHUP')
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', hangUp)
  return () => {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', hangUp)
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function kill(child, signal) {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself.
  }
}

/**
 * While `task` runs, a signal ends the helpers that are running, then `cleanUp` runs and the launcher exits as if killed by it.
 * @template T
 * @param {() => void} cleanUp
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function interruptible(cleanUp, task) {
  let ending = false
  const end = (/** @type {NodeJS.Signals} */ signal) => {
    if (ending) return
    ending = true
    const exit = () => {
      cleanUp()
      process.exit(128 + constants.signals[signal])
    }
    const running = [...helpers]
    for (const child of running) kill(child, 'SIGTERM')
    const waiting = setInterval(() => {
      if (running.every((child) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined)) exit()
    }, 20)
    setTimeout(() => {
      clearInterval(waiting)
      for (const child of running) kill(child, 'SIGKILL')
      exit()
    }, GRACE_MS)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, end)
  try {
    return await task()
  } finally {
    // A signal that is being served ends the launcher itself; the code after the task must not run meanwhile.
    if (ending) await new Promise(() => {})
    for (const signal of signals) process.off(signal, end)
  }
}
