/** Codes before the camera, and the sounds of verdicts. */
import encodeQR from 'qr'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { CodeGate } from '../../../src/renderer/code/codeGate.ts'
import { readCode } from '../../../src/renderer/code/readCode.ts'
import { verdictTones } from '../../../src/renderer/features/verify/verdictSound.ts'

async function pictureOf(text: string, turnedDegrees: number): Promise<ImageData> {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#888"/>
    <g transform="translate(230 90) rotate(${turnedDegrees}) scale(7)"><rect width="${rows.length}" height="${rows.length}" fill="#eee"/>
    <path d="${path}" fill="#222"/></g></svg>`
  const { data, info } = await sharp(Buffer.from(svg)).blur(1).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) } as ImageData
}

describe('a code before the camera', () => {
  it.each([0, 9, -14, 25])('is read when it is held %d degrees askew and not quite sharp', async (degrees) => {
    expect(readCode(await pictureOf('R-48211', degrees))).toBe('R-48211')
  })

  it('is nothing where there is none', () => {
    const data = new Uint8ClampedArray(64 * 48 * 4).fill(120)
    expect(readCode({ width: 64, height: 48, data })).toBeUndefined()
  })

  it('is told once while it is in view, through frames that miss it, and again after it was away', () => {
    const gate = new CodeGate(1500)
    expect(gate.seen('R-1', 0)).toBe('R-1')
    expect(gate.seen(undefined, 200)).toBeUndefined()
    expect(gate.seen('R-1', 1400)).toBeUndefined()
    // Nobody looked meanwhile: it may have lain there.
    expect(gate.seen('R-1', 9000)).toBeUndefined()
    expect(gate.seen('R-2', 9100)).toBe('R-2')
    expect(gate.seen(undefined, 9200)).toBeUndefined()
    expect(gate.seen('R-2', 10_600)).toBeUndefined()
    expect(gate.seen(undefined, 10_700)).toBeUndefined()
    expect(gate.seen('R-2', 12_300)).toBe('R-2')
  })
})

it('every verdict has a sound of its own, and a covered one tells nothing', () => {
  const sounds = Object.values(verdictTones).map((tones) => tones.map(({ hertz, atMs }) => `${hertz}@${atMs}`).join())
  expect(new Set(sounds).size).toBe(4)
})
