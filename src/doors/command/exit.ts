/** How a command ends: its exit code, and what a signal does. */

/** A command that a signal ended, as shells count it for SIGINT. */
export const interruptedExitCode = 130
/** A terminal sends its signal to the whole group and a launcher may pass it on: so soon after the first it is the same one. */
const sameSignalMs = 500

/**
 * The first SIGINT, SIGTERM or SIGHUP asks for a clean end, the second ends at once.
 * @returns the signal that the first one aborts
 */
export function stopSignal(
  source: Pick<NodeJS.EventEmitter, 'on'>,
  endAtOnce: (code: number) => void,
  nowMs: () => number = () => performance.now(),
): AbortSignal {
  const controller = new AbortController()
  let firstMs = 0
  const onSignal = () => {
    if (controller.signal.aborted && nowMs() - firstMs > sameSignalMs) endAtOnce(interruptedExitCode)
    if (controller.signal.aborted) return
    firstMs = nowMs()
    controller.abort()
  }
  // SIGHUP: the terminal that it was started from was closed. disconnect: the launcher that it was started by is gone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) source.on(signal, onSignal)
  return controller.signal
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Thrown through a command that a signal ended; its answer is not printed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/**
 * The result of some work, unless the signal comes first; the work itself is then left to its owner to end.
 * @throws Interrupted when the signal is aborted
 */
export function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([work, aborted(signal).then(() => Promise.reject(new Interrupted()))])
}
