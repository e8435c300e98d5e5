/** The fake camera of the window tests: a drawn subject that moves a little, as a file that Chromium plays in place of a camera. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { portraitSvg } from '../../src/core/portrait.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { liveView } from '../../src/core/portraitViews.ts'

const framesPerSecond = 30
const seconds = 2

/** Makes the file of one drawn subject. @returns its path */
export async function makeCameraFile(folder: string, subject: number): Promise<string> {
  const drawn = drawnSubjects[subject]
  if (drawn === undefined) throw new Error(`there is no drawn subject ${subject}`)
  mkdirSync(folder, { recursive: true })
  for (let frame = 0; frame < framesPerSecond * seconds; frame++) {
    const svg = portraitSvg(drawn, liveView((frame * 1000) / framesPerSecond))
    const jpeg = await sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).jpeg({ quality: 92 }).toBuffer()
    writeFileSync(join(folder, `frame-${String(frame).padStart(3, '0')}.jpg`), jpeg)
  }
  const file = join(folder, 'camera.mjpeg')
  const frames = join(folder, 'frame-%03d.jpg')
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-r', String(framesPerSecond), '-i', frames, '-c:v', 'mjpeg', '-q:v', '3', file])
  return file
}
