/** Pictures of drawn faces as a camera or a scanner gives them. */
import sharp from 'sharp'
import { portraitSvg } from '../../../src/core/portrait.ts'
import { viewOf } from '../../../src/core/portraitViews.ts'
import { randomOf, randomSubject } from '../../support/drawnCrowd.ts'

const seed = 11

/** So many JPEGs, each of another drawn subject. */
export async function drawnPictures(count: number): Promise<Uint8Array[]> {
  const random = randomOf(seed)
  const pictures: Uint8Array[] = []
  for (let at = 0; at < count; at++) {
    const svg = portraitSvg(randomSubject(random), { ...viewOf(0), grain: 0 })
    pictures.push(new Uint8Array(await sharp(Buffer.from(svg)).jpeg({ quality: 92 }).toBuffer()))
  }
  return pictures
}
