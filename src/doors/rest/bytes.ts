/** Pictures inside JSON: strict base64 or a data: URI. The station fetches nothing. */
import { VultusError } from '../../contract/errors.ts'
import { limits } from '../../contract/types.ts'

const dataUriHead = /^data:[\w.+/;=-]{0,200};base64,/i
const scheme = /^[a-z][a-z0-9+.-]*:/i
const headCharacters = 256

/** Decodes base64 with its padding and without line breaks; undefined for anything else. */
function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  // The decoder skips what is no base64 character, so a strict text is one that kept its whole length.
  return bytes.length === (text.length / 4) * 3 - padding ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : undefined
}

/** @throws VultusError naming the field and what it should hold */
export function bytesOfText(field: string, value: unknown): Uint8Array {
  if (value === undefined || value === null) throw new VultusError('request.invalid', `${field}: missing; send the picture as base64`)
  if (typeof value !== 'string') throw new VultusError('request.invalid', `${field}: has to be a text with the picture as base64`)
  if (value === '') throw new VultusError('picture.empty', field)
  const head = value.slice(0, headCharacters)
  const dataUri = dataUriHead.exec(head)
  if (dataUri === null && scheme.test(head)) {
    throw new VultusError(
      'request.invalid',
      `${field}: the station fetches nothing; send the picture itself as base64 or as a data: URI with base64`,
    )
  }
  const text = dataUri === null ? value : value.slice(dataUri[0].length)
  if (text === '') throw new VultusError('picture.empty', field)
  if (text.length > Math.ceil(limits.pictureBytesMax / 3) * 4) throw new VultusError('picture.tooLarge', field)
  const bytes = decodeBase64(text)
  if (bytes === undefined) {
    throw new VultusError('request.invalid', `${field}: not valid base64 (RFC 4648 with padding, without line breaks)`)
  }
  if (bytes.length > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', field)
  return bytes
}
