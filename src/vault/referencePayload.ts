/**
 * What is sealed of a reference: u32 length of the details, the details as JSON, the template as float32, little endian. Where the highest
 * bit of the length is set, the template is packed (packedTemplate.ts): four of 512 numbers stand in a page of the database then, not three.
 */
import { VultusError } from '../contract/errors.ts'
import { CaptureQuality, type Exemption } from '../contract/quality.ts'
import { packTemplate, unpackTemplate } from './packedTemplate.ts'

/** What is sealed beside the template. */
export interface ReferenceDetails {
  readonly quality: CaptureQuality | null
  /** Why it was not held to the whole preset. */
  readonly exemption?: Exemption | undefined
  /** Of a stored template only. */
  readonly metadata?: Record<string, unknown>
}

const templateDimensionMax = 4096
const floatBytes = Float32Array.BYTES_PER_ELEMENT
const lengthBytes = 4
/** Set in the length of the details where the template is packed. */
const packedFlag = 0x80_00_00_00

export const detailsText = ({ quality, exemption, metadata }: ReferenceDetails): string => JSON.stringify({ quality, exemption, metadata })

/** Bytes of what is sealed of a reference at most, without its details. */
export const payloadBytes = (template: Float32Array): number => lengthBytes + template.byteLength

/** Writes what is sealed of a reference. @returns where it ends */
export function writePayload(bytes: Buffer, at: number, details: string, template: Float32Array): number {
  const detailsLength = bytes.write(details, at + lengthBytes)
  const templateAt = at + lengthBytes + detailsLength
  const packedEnd = packTemplate(bytes, templateAt, template)
  bytes.writeUInt32LE(packedEnd === undefined ? detailsLength : detailsLength + packedFlag, at)
  if (packedEnd !== undefined) return packedEnd
  bytes.set(bytesOf(template), templateAt)
  return templateAt + template.byteLength
}

/** The template in a buffer of its own. */
export function templateIn(payload: Buffer): Float32Array {
  const bytes = payload.subarray(templateAt(payload))
  if (payload.readUInt32LE(0) >= packedFlag) return unpackTemplate(bytes)
  const template = new Float32Array(bytes.length / floatBytes)
  bytesOf(template).set(bytes)
  return template
}

export function detailsIn(payload: Buffer): ReferenceDetails {
  const read: ReferenceDetails = JSON.parse(payload.subarray(lengthBytes, templateAt(payload)).toString())
  // References from before the components of ISO/IEC 29794-5 were measured have other numbers, which mean nothing now.
  return { ...read, quality: CaptureQuality.safeParse(read.quality).data ?? null }
}

const templateAt = (payload: Buffer): number => lengthBytes + (payload.readUInt32LE(0) % packedFlag)

/** @throws template.invalid for no numbers, too many, or one that is not finite */
export function assertTemplate(template: Float32Array): void {
  if (template.length === 0 || template.length > templateDimensionMax || !allFinite(template)) throw new VultusError('template.invalid')
}

/**
 * Ten times as fast as every(Number.isFinite): a sum of float32 numbers that are finite is finite in float64, and one with any other never
 * is. Four sums, because each addition would wait for the one before.
 */
function allFinite(template: Float32Array): boolean {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  const whole = template.length - (template.length % 4)
  for (let at = 0; at < whole; at += 4) {
    first += template[at] as number
    second += template[at + 1] as number
    third += template[at + 2] as number
    fourth += template[at + 3] as number
  }
  for (let at = whole; at < template.length; at++) first += template[at] as number
  return Number.isFinite(first + second + third + fourth)
}

/** The bytes of a template, as they are sealed: little endian on every machine that Vultus runs on. */
function bytesOf(template: Float32Array): Uint8Array {
  return new Uint8Array(template.buffer, template.byteOffset, template.byteLength)
}
