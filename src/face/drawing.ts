/** Drawn subjects as camera pictures: the drawing brings pose, light and grain, here it becomes a JPEG. */
import sharp from 'sharp'
import { VultusError } from '../contract/errors.ts'
import { portraitSvg } from '../core/portrait.ts'
import type { PortraitParameters, PortraitView } from '../core/portraitParameters.ts'
import { drawnSubjects } from '../core/portraitSubjects.ts'
import { viewOf } from '../core/portraitViews.ts'

const jpegQuality = 92

/**
 * Draws a drawn subject as JPEG; the same arguments give the same picture.
 * @throws VultusError request.invalid where there is no such subject
 */
export async function drawPortrait(subject: number, variation: number): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = drawnSubjects[subject]
  if (drawn === undefined) throw new VultusError('request.invalid', `subject: there are ${drawnSubjects.length} drawn subjects`)
  return await drawView(drawn, viewOf(variation))
}

/** Draws somebody as JPEG as a camera would see them. */
export async function drawView(drawn: PortraitParameters, view: PortraitView): Promise<Uint8Array<ArrayBuffer>> {
  const svg = new TextEncoder().encode(portraitSvg(drawn, view))
  return await sharp(svg).flatten({ background: '#ffffff' }).toColourspace('srgb').jpeg({ quality: jpegQuality }).toBuffer()
}
