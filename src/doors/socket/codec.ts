/** Call messages as they cross a WebSocket: the kind byte and MessagePack; bytes pass as they are, extension types do not. */
import { decode, encode } from '@msgpack/msgpack'
import { callKind } from '../../contract/wire.ts'
import { isDecodable } from './messagePack.ts'

/** A call message of birpc as bytes. Fields that are undefined are left out. */
export function encodeCall(message: unknown): Uint8Array {
  const body = encode(message, { ignoreUndefined: true })
  const bytes = new Uint8Array(body.length + 1)
  bytes[0] = callKind
  bytes.set(body, 1)
  return bytes
}

/** @returns undefined where the bytes are not one value within the limits */
export function decodeCall(bytes: Uint8Array): unknown {
  const body = bytes.subarray(1)
  if (bytes[0] !== callKind || !isDecodable(body)) return undefined
  try {
    return decode(body)
  } catch {
    return undefined
  }
}

/** A request of birpc: which function is called with which parameters. */
export interface CallRequest {
  readonly t: 'q'
  readonly i: string
  readonly m: string
  readonly a: readonly unknown[]
}

const idCharactersMax = 64

/** Whether a decoded message is a request for one of the functions; nothing else is expected from a caller. */
export function isCallRequest(message: unknown, functions: readonly string[]): message is CallRequest {
  if (typeof message !== 'object' || message === null) return false
  const { t, i, m, a, ...others } = message as Record<string, unknown>
  if (Object.keys(others).length > 0 || t !== 'q' || !Array.isArray(a) || a.length > 3) return false
  return typeof i === 'string' && i.length <= idCharactersMax && typeof m === 'string' && functions.includes(m)
}
