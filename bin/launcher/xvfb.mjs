import { spawn } from 'node:child_process'
import { hasDisplay, onPath } from './machine.mjs'

const START_MS_MAX = 10_000

/**
 * Runs a task with a display: the one that is there, or a virtual one that ends with the task.
 * @template T
 * @param {import('./machine.mjs').Machine} machine
 * @param {(env: Record<string, string | undefined>) => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withDisplay(machine, task) {
  const program = onPath(machine, 'Xvfb')
  if (hasDisplay(machine) || program === undefined) return await task(machine.env)
  const server = spawn(program, ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    env: /** @type {NodeJS.ProcessEnv} */ (machine.env),
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const stop = () => server.kill('SIGTERM')
  process.once('exit', stop)
  try {
    return await task({ ...machine.env, DISPLAY: `:${await displayOf(server)}` })
  } finally {
    process.off('exit', stop)
    stop()
  }
}

/**
 * The server chooses a free display itself and writes its number to descriptor 3.
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function displayOf(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not start')), START_MS_MAX)
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer)
      reject(new Error(`Xvfb did not start (${why})`))
    }
    let text = ''
    server.once('error', (error) => fail(error.message))
    server.once('exit', (code) => fail(`it ended with ${code}`))
    const pipe = /** @type {import('node:stream').Readable} */ (server.stdio[3])
    pipe.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      text += chunk
      if (!text.includes('\n')) return
      clearTimeout(timer)
      resolve(text.trim())
    })
  })
}
