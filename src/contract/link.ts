/**
 * Calls between two ends of a port: station and its processes, window and host, command line and running station.
 * birpc carries them; what a function throws crosses as an Outcome, so that codes survive and stacks stay home.
 */
import { type BirpcReturn, createBirpc } from 'birpc'

/** One end of a message port. Everything posted arrives whole and in order, or the port closes. */
export interface Port {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

export type Functions = Record<string, (...parameters: never[]) => unknown>

/**
 * Joins a port as one end of a call link.
 * @param local functions the other end may call
 * @param timeoutMs how long a call may take before it is rejected; 0 waits for ever (the caller supervises the other end)
 */
export function openLink<Remote extends object, Local extends object>(
  port: Port,
  local: Local,
  options: { timeoutMs: number; serialize?: (message: unknown) => unknown; deserialize?: (message: unknown) => unknown },
): BirpcReturn<Remote, Local> {
  return createBirpc<Remote, Local>(local, {
    post: (message) => port.post(message),
    on: (listener) => port.onMessage(listener),
    timeout: options.timeoutMs === 0 ? -1 : options.timeoutMs,
    ...(options.serialize ? { serialize: options.serialize } : {}),
    ...(options.deserialize ? { deserialize: options.deserialize } : {}),
  })
}
