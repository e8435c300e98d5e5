/**
 * Reads the wire format of protocol buffers, no more than ONNX files use: fields one after the other, nothing copied.
 * Every length is held against the bytes that are there, so that a file that was cut or made up is refused and never read past.
 */
import { VultusError } from '../../contract/errors.ts'

export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'fixed32' | 'fixed64' | 'bytes'; readonly bytes: Uint8Array }

const varintBytesMax = 10
const refused = (why: string) => new VultusError('model.invalid', `not an ONNX file: ${why}`)

interface Cursor {
  at: number
}

/** @throws VultusError model.invalid */
function varintAt(bytes: Uint8Array, cursor: Cursor): bigint {
  let value = 0n
  for (let count = 0; count < varintBytesMax; count++) {
    const byte = bytes[cursor.at++]
    if (byte === undefined) throw refused('it ends too early')
    value |= BigInt(byte & 0x7f) << BigInt(7 * count)
    if (byte < 0x80) return BigInt.asUintN(64, value)
  }
  throw refused('a number is too long')
}

function taken(bytes: Uint8Array, cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length
  if (end > bytes.length) throw refused('it ends too early')
  const part = bytes.subarray(cursor.at, end)
  cursor.at = end
  return part
}

/** The fields of a message in their order. @throws VultusError model.invalid where the bytes are none */
export function* fieldsOf(bytes: Uint8Array): Iterable<Field> {
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const tag = varintAt(bytes, cursor)
    const [number, wire] = [Number(tag >> 3n), Number(tag & 7n)]
    if (number === 0 || number > 0x1fffffff) throw refused('a field has no number')
    if (wire === 0) yield { number, kind: 'varint', value: varintAt(bytes, cursor) }
    else if (wire === 1) yield { number, kind: 'fixed64', bytes: taken(bytes, cursor, 8) }
    else if (wire === 5) yield { number, kind: 'fixed32', bytes: taken(bytes, cursor, 4) }
    else if (wire === 2) {
      const length = varintAt(bytes, cursor)
      if (length > BigInt(bytes.length)) throw refused('it ends too early')
      yield { number, kind: 'bytes', bytes: taken(bytes, cursor, Number(length)) }
    } else throw refused('a field has an unknown form')
  }
}

/** The bytes of a message or text. @throws VultusError model.invalid for a field of another form */
export function bytesIn(field: Field): Uint8Array {
  if (field.kind !== 'bytes') throw refused(`field ${field.number} has another form`)
  return field.bytes
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const textBytesMax = 4096

/** A name. @throws VultusError model.invalid */
export function textIn(field: Field): string {
  const bytes = bytesIn(field)
  if (bytes.length > textBytesMax) throw refused('a name is too long')
  try {
    return utf8.decode(bytes)
  } catch {
    throw refused('a name is no text')
  }
}

/** A signed whole number that JavaScript holds exactly. @throws VultusError model.invalid */
export function integerIn(field: Field): number {
  if (field.kind !== 'varint') throw refused(`field ${field.number} has another form`)
  return exact(BigInt.asIntN(64, field.value))
}

function exact(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw refused('a number is too large')
  return number
}

/** Whole numbers of a repeated field, packed or one at a time. @throws VultusError model.invalid */
export function integersIn(field: Field): number[] {
  if (field.kind === 'varint') return [integerIn(field)]
  const bytes = bytesIn(field)
  const cursor = { at: 0 }
  const values: number[] = []
  while (cursor.at < bytes.length) values.push(exact(BigInt.asIntN(64, varintAt(bytes, cursor))))
  return values
}

/** How many whole numbers a repeated field holds. @throws VultusError model.invalid */
export function integerCountIn(field: Field): number {
  if (field.kind === 'varint') return 1
  // The last byte of each number is the one below 0x80.
  let count = 0
  for (const byte of bytesIn(field)) if (byte < 0x80) count++
  return count
}
