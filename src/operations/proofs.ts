/** Pictures of documents that prove an exception. */
import { VultusError } from '../contract/errors.ts'
import { intakeLimits } from '../contract/intake.ts'
import type { Ports } from './ports.ts'

/**
 * The picture of a document as it is kept: decoded and encoded anew, so that nothing else comes with it, and not larger than it can be read.
 * @returns JPEG
 * @throws what is wrong with the picture
 */
export async function proofOf(ports: Pick<Ports, 'face'>, picture: Uint8Array): Promise<Uint8Array> {
  const { metadata } = await ports.face.process({ picture, operations: [{ type: 'metadata' }] })
  const side = intakeLimits.proofSidePxMax
  const resized =
    Math.max(metadata.width, metadata.height) > side ? [{ type: 'resize', width: side, height: side, fit: 'inside' } as const] : []
  const made = await ports.face.process({ picture, operations: [...resized, { type: 'convert', format: 'jpeg', quality: 85 }] })
  if (made.picture === null) throw new VultusError('picture.undecodable')
  return made.picture
}
