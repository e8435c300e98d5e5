/** The port to the process that started this one: Electron's parentPort in a utility process, else the channel of child_process. */
import type { Port } from '../contract/link.ts'

/** What Electron puts on `process` in a utility process; declared here because only main/electron.ts knows electron. */
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * @param onGone called once when the parent has gone away
 * @returns undefined where this process has no parent to talk to
 */
export function openParentPort(onGone: () => void): Port | undefined {
  const electronPort = (process as { parentPort?: ElectronParentPort }).parentPort
  // A utility process ends with its parent by itself.
  if (electronPort) {
    return {
      post: (message) => electronPort.postMessage(message),
      onMessage: (listener) => electronPort.on('message', (event) => listener(event.data)),
    }
  }
  if (!process.send) return undefined
  process.once('disconnect', onGone)
  return {
    // A parent that is going away is told by 'disconnect'; a message that no longer reaches it is no fault of this process.
    post: (message) => void (process.connected && process.send?.(message, undefined, undefined, () => undefined)),
    onMessage: (listener) => void process.on('message', listener),
  }
}
