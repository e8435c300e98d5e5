/**
 * The port of a process of the station to the one that started it: Electron's parentPort in a utility process, else the channel of
 * child_process. Only the entries of such processes open it.
 */
import type { Port } from './link.ts'

/** What Electron's message ports give; declared here because only main/electron.ts knows electron. */
export interface LivePort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}
interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: readonly LivePort[] }) => void): void
}

export interface ParentPort extends Port {
  /** Ports that the parent passes for frames and live packets (Electron alone). */
  onLivePort(listener: (port: LivePort) => void): void
}

/** The message that a live port is passed with. */
export const livePortPassed = { livePort: true } as const

const isLivePort = (data: unknown) => typeof data === 'object' && data !== null && 'livePort' in data && data.livePort === true

/**
 * Opens the port. From then on this process ends with its parent, and leaves Ctrl-C to it.
 * @returns undefined where this process has no parent to talk to
 */
export function openParentPort(): ParentPort | undefined {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ElectronParentPort }
  const port = parentPort !== undefined ? portOfUtility(parentPort) : process.send !== undefined ? portOfChild() : undefined
  // Ctrl-C in a terminal reaches every process of the group; the station ends its processes itself, when their work is done.
  if (port !== undefined) process.on('SIGINT', () => undefined)
  return port
}

/** A utility process ends with its parent by itself. */
function portOfUtility(parentPort: ElectronParentPort): ParentPort {
  return {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) =>
      parentPort.on('message', ({ data }) => {
        if (!isLivePort(data)) listener(data)
      }),
    onLivePort: (listener) =>
      parentPort.on('message', ({ data, ports }) => {
        if (isLivePort(data)) for (const port of ports) listener(port)
      }),
  }
}

function portOfChild(): ParentPort {
  process.once('disconnect', () => process.exit(0))
  return {
    // A parent that is going away is told by 'disconnect'; a message that no longer reaches it is no fault of this process.
    post: (message) => void (process.connected && process.send?.(message, undefined, undefined, () => undefined)),
    onMessage: (listener) => void process.on('message', listener),
    onLivePort: () => undefined,
  }
}
