/** Bounds what came over Electron's ports, which carry any size and depth, as the socket's bytes are bounded. */
import { limits } from '../../contract/types.ts'
import { depthMax, itemsMax } from '../socket/messagePack.ts'

/** Whether a value is made of plain data within the limits of depth, count and bytes. Cycles end at the depth. */
export function isWithinLimits(value: unknown): boolean {
  let bytes = 0
  let items = 0
  const fits = (part: unknown, depth: number): boolean => {
    if (++items > itemsMax || depth > depthMax) return false
    if (typeof part === 'string') bytes += part.length
    else if (ArrayBuffer.isView(part)) bytes += part.byteLength
    else if (typeof part === 'object' && part !== null) {
      if (!Array.isArray(part) && Object.getPrototypeOf(part) !== Object.prototype) return false
      return Object.values(part).every((inner) => fits(inner, depth + 1))
    }
    return bytes <= limits.requestBytesMax
  }
  return fits(value, 0)
}
