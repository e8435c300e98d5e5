/** Drawn subjects as JPEG frames, for tests that need views or subjects of their own. */
import sharp from 'sharp'
import { portraitSvg } from '../../src/core/portrait.ts'
import type { PortraitParameters, PortraitView } from '../../src/core/portraitParameters.ts'

export async function drawnJpeg(subject: PortraitParameters, view: PortraitView): Promise<Uint8Array<ArrayBuffer>> {
  const svg = Buffer.from(portraitSvg(subject, view))
  return new Uint8Array(await sharp(svg).flatten({ background: '#ffffff' }).jpeg({ quality: 92 }).toBuffer())
}
