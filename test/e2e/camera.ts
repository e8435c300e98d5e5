/** The fake camera of the window tests: a drawn subject that moves a little, as a file that Chromium plays in place of a camera. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import encodeQR from 'qr'
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

/** Makes the file of a camera before which somebody holds a code. @returns its path */
export async function makeCodeCameraFile(folder: string, text: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480"><rect width="640" height="480" fill="#8a8f94"/>
    <g transform="translate(210 120) rotate(7) scale(7)"><rect width="${rows.length}" height="${rows.length}" fill="#f4f2ec"/><path d="${path}" fill="#1b1d20"/></g></svg>`
  const [still, file] = [join(folder, 'still.jpg'), join(folder, 'code.mjpeg')]
  writeFileSync(still, await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer())
  const many = ['-loop', '1', '-r', String(framesPerSecond), '-i', still, '-t', '1']
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...many, '-c:v', 'mjpeg', '-q:v', '3', file])
  return file
}
