/**
 * Looks over MessagePack bytes before they are decoded: a few bytes can claim arrays of millions of places, and a decoder
 * makes room for what is claimed. Nothing is built here, so hostile bytes cost no more than their own length.
 */

/** How deep arrays and maps may nest. */
export const depthMax = 16
/** How many values one message may hold: a batch of 10,000 templates of 256 numbers fits. */
export const itemsMax = 4_000_000

/** Bytes after the first byte that say a length, by the first byte; then whether that many bytes or values follow. */
const lengthBytes: Readonly<Record<number, 1 | 2 | 4>> = {
  196: 1,
  197: 2,
  198: 4,
  217: 1,
  218: 2,
  219: 4,
  220: 2,
  221: 4,
  222: 2,
  223: 4,
}
/** Fixed sizes: float 32 and 64, unsigned and signed 8 to 64. */
const fixedBytes: Readonly<Record<number, number>> = { 202: 4, 203: 8, 204: 1, 205: 2, 206: 4, 207: 8, 208: 1, 209: 2, 210: 4, 211: 8 }

interface Head {
  /** Bytes of the head and of what belongs to it (text, binary, number). */
  readonly bytes: number
  /** Values that follow inside it. */
  readonly values: number
}

/** @returns whether the bytes are exactly one well formed value, without extension types, within the limits */
export function isDecodable(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const open = [1]
  let at = 0
  let items = 0
  while (open.length > 0) {
    const left = open[open.length - 1] as number
    if (left === 0) {
      open.pop()
      continue
    }
    open[open.length - 1] = left - 1
    const head = readHead(view, at)
    if (head === undefined || ++items > itemsMax) return false
    at += head.bytes
    // Each value takes a byte at least: a larger claim cannot be kept.
    if (at > bytes.length || head.values > bytes.length - at) return false
    if (head.values > 0) open.push(head.values)
    if (open.length > depthMax + 1) return false
  }
  return at === bytes.length
}

function readHead(view: DataView, at: number): Head | undefined {
  if (at >= view.byteLength) return undefined
  const first = view.getUint8(at)
  if (first < 0x80 || first >= 0xe0 || first === 0xc0 || first === 0xc2 || first === 0xc3) return { bytes: 1, values: 0 }
  if (first < 0x90) return { bytes: 1, values: (first & 15) * 2 }
  if (first < 0xa0) return { bytes: 1, values: first & 15 }
  if (first < 0xc0) return { bytes: 1 + (first & 31), values: 0 }
  const fixed = fixedBytes[first]
  if (fixed !== undefined) return { bytes: 1 + fixed, values: 0 }
  const size = lengthBytes[first]
  if (size === undefined || at + 1 + size > view.byteLength) return undefined
  const length = size === 1 ? view.getUint8(at + 1) : size === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1)
  if (first >= 222) return { bytes: 1 + size, values: length * 2 }
  if (first >= 220) return { bytes: 1 + size, values: length }
  return { bytes: 1 + size + length, values: 0 }
}
