const TICK_MS = 1000
/** Without a terminal a line for each second would fill a log. */
const LOG_TICK_MS = 20_000

/** @param {string} text one line for the person at the terminal; stdout belongs to the command */
export function say(text) {
  process.stderr.write(`vultus: ${text}\n`)
}

/** How much of a failed step's output is shown: its first lines name the cause, its last ones where it ended. */
const HEAD_LINES = 25
const TAIL_LINES = 15

/** @param {string} output of a step that failed */
export function showOutput(output) {
  const lines = output.trim().split('\n')
  if (lines.length === 1 && lines[0] === '') return
  const left = lines.length - HEAD_LINES - TAIL_LINES
  const shown = left <= 0 ? lines : [...lines.slice(0, HEAD_LINES), `... ${left} more lines ...`, ...lines.slice(-TAIL_LINES)]
  process.stderr.write(`\n${shown.join('\n')}\n`)
}

/**
 * Runs a long step under a progress line with its elapsed seconds.
 * @template T
 * @param {string} title what is being done
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(title, run) {
  const startedMs = performance.now()
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1)
  const live = process.stderr.isTTY === true
  const show = () => (live ? process.stderr.write(`\r\u001B[Kvultus: ${title} ... ${seconds()} s`) : say(`${title} ... ${seconds()} s`))
  if (live) show()
  else say(`${title} ...`)
  const timer = setInterval(show, live ? TICK_MS : LOG_TICK_MS)
  const end = (/** @type {string} */ word) => {
    clearInterval(timer)
    if (live) process.stderr.write('\r\u001B[K')
    say(`${title}: ${word} ${seconds()} s`)
  }
  try {
    const value = await run()
    end('done in')
    return value
  } catch (error) {
    end('failed after')
    throw error
  }
}
