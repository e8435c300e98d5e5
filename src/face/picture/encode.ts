/** Pictures that leave the process: portraits of samples and drawn subjects, always without metadata. */
import sharp, { type Sharp } from 'sharp'
import type { Box } from '../../contract/types.ts'
import type { RgbPixels } from '../pixels.ts'

/** Longest side of a sample picture. */
const sampleSidePx = 640
const sampleQuality = 92
/** Side of the portrait over the longer side of the face's box: shoulders and hair are in it. */
const portraitShare = 2
/** The box ends at the brows, so the portrait reaches further up than down. */
const headroomShare = 0.08

/** The whole pixels of a picture that make a portrait of a face; inside the picture, as square as it allows. */
export function portraitBox(face: Box, picture: { readonly width: number; readonly height: number }): Box {
  const side = Math.max(face.width, face.height) * portraitShare
  const width = Math.max(1, Math.min(picture.width, Math.round(side)))
  const height = Math.max(1, Math.min(picture.height, Math.round(side)))
  const [centreX, centreY] = [face.x + face.width / 2, face.y + face.height / 2 - headroomShare * side]
  const inside = (start: number, length: number, limit: number) => Math.round(Math.min(Math.max(0, start), limit - length))
  return {
    x: inside(centreX - width / 2, width, picture.width),
    y: inside(centreY - height / 2, height, picture.height),
    width,
    height,
  }
}

/** Pixels as an open picture. */
export function openPixels({ data, width, height }: RgbPixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** The portrait around a face as JPEG. */
export async function encodePortrait(pixels: RgbPixels, face: Box): Promise<Uint8Array> {
  const { x, y, width, height } = portraitBox(face, pixels)
  return await openPixels(pixels)
    .extract({ left: x, top: y, width, height })
    .resize(sampleSidePx, sampleSidePx, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: sampleQuality })
    .toBuffer()
}
