/**
 * Giving memory back. Pixels lie outside the JavaScript heap, so that its collector, which looks at its own heap, comes late:
 * a few large pictures would stand side by side, and the process has to stay small beside the other ones of a desk PC.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** Pictures from this size on are worth a collection of some milliseconds before and after. */
export const largePixels = 8_000_000

/** Frees everything that is no longer used, now. */
export function collectGarbage(): void {
  if (typeof collect === 'function') collect()
}

const soonMs = 20

/** Frees when the call that is being answered has let go of its picture. */
export function collectGarbageSoon(): void {
  setTimeout(collectGarbage, soonMs).unref()
}

/** What a process for pictures holds beside its networks: the runtimes, and the largest picture that is accepted. */
const besideNetworksBytes = 640 * 1024 * 1024
/** The runtime holds a network as it is, and parts of it once more as its operators want them. */
const networkCopies = 4

/** Resident memory that a process for pictures may have with networks of so many bytes. */
export const memoryBytesFor = (networkBytes: number): number => besideNetworksBytes + networkCopies * networkBytes

/** Whether the process holds more than it may, also after what it no longer uses was freed. */
export function outgrown(bytesMax: number): boolean {
  if (process.memoryUsage.rss() <= bytesMax) return false
  collectGarbage()
  return process.memoryUsage.rss() > bytesMax
}
