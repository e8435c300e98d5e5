import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { portraitSvg } from '../../../src/core/portrait.ts'
import { beardStyles, glassesStyles, hairStyles, type PortraitParameters, type PortraitView } from '../../../src/core/portraitParameters.ts'
import { drawnSubjects } from '../../../src/core/portraitSubjects.ts'
import { frontalView, liveView, viewOf } from '../../../src/core/portraitViews.ts'

/** Any number at all: not a number, infinite, huge. */
const anyNumber = fc.double()
const anySubject: fc.Arbitrary<PortraitParameters> = fc.record({
  skin: anyNumber,
  hair: anyNumber,
  iris: anyNumber,
  lips: anyNumber,
  clothes: anyNumber,
  hairStyle: fc.constantFrom(...hairStyles),
  beard: fc.constantFrom(...beardStyles),
  glasses: fc.constantFrom(...glassesStyles),
  faceWidth: anyNumber,
  faceHeight: anyNumber,
  jaw: anyNumber,
  eyeGap: anyNumber,
  eyeWidth: anyNumber,
  eyeHeight: anyNumber,
  eyeTilt: anyNumber,
  browHeight: anyNumber,
  browThickness: anyNumber,
  browTilt: anyNumber,
  noseWidth: anyNumber,
  noseLength: anyNumber,
  mouthWidth: anyNumber,
  lipFullness: anyNumber,
  wrinkles: anyNumber,
})
const anyView: fc.Arbitrary<PortraitView> = fc.record({
  width: anyNumber,
  height: anyNumber,
  place: fc.tuple(anyNumber, anyNumber),
  scale: anyNumber,
  yaw: anyNumber,
  pitch: anyNumber,
  roll: anyNumber,
  eyeOpenness: anyNumber,
  smile: anyNumber,
  light: fc.record({ brightness: anyNumber, side: anyNumber }),
  background: anyNumber,
  grain: anyNumber,
  grainSeed: anyNumber,
})

/** Elements open and close in order, attributes are quoted, no number failed. */
function expectWellFormed(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  const open: string[] = []
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?: [a-zA-Z][\w:-]*="[^"<>]*")*)(\/?)>/g,
    (_, end: string, name: string, __, empty: string) => {
      if (end) expect(open.pop()).toBe(name)
      else if (!empty) open.push(name)
      return ''
    },
  )
  expect(open).toEqual([])
  expect(rest).toBe('')
}

describe('portraitSvg', () => {
  test('draws well-formed SVG for any parameters in any view', () => {
    fc.assert(
      fc.property(anySubject, anyView, (subject, view) => expectWellFormed(portraitSvg(subject, view))),
      { numRuns: 300 },
    )
  })

  test('is drawn by the rasteriser at the size of the view, whatever the subject', async () => {
    const size = { width: 64, height: 48 }
    const property = fc.asyncProperty(anySubject, async (subject) => {
      const { info } = await sharp(Buffer.from(portraitSvg(subject, { ...frontalView, ...size })))
        .png()
        .toBuffer({ resolveWithObject: true })
      expect(info).toMatchObject(size)
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test('is the same text for the same input, and another for another subject or view', () => {
    const [one, other] = [drawnSubjects[0]!, drawnSubjects[1]!]
    expect(portraitSvg(one)).toBe(portraitSvg({ ...one }))
    expect(portraitSvg(one)).not.toBe(portraitSvg(other))
    expect(portraitSvg(one, viewOf(1))).not.toBe(portraitSvg(one, viewOf(2)))
  })

  test('refers to nothing outside itself', () => {
    expect(portraitSvg(drawnSubjects[0]!).replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|<script|<image/)
  })
})

describe('views', () => {
  test('0 is the frontal picture, other numbers are other views', () => {
    expect(viewOf(0)).toEqual(frontalView)
    expect(portraitSvg(drawnSubjects[0]!)).toBe(portraitSvg(drawnSubjects[0]!, viewOf(0)))
    expect(viewOf(1)).not.toEqual(viewOf(2))
  })

  test('numbered views keep the face whole, nearly frontal and lit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (n) => {
        const view = viewOf(n)
        expect(Math.abs(view.yaw)).toBeLessThanOrEqual(6)
        expect(view.scale).toBeGreaterThan(0.9)
        expect(view.scale).toBeLessThan(1.3)
        expect(view.light.brightness).toBeGreaterThan(0.85)
        expect(view.eyeOpenness).toBeGreaterThan(0.8)
      }),
    )
  })

  test('somebody before the camera blinks once every few seconds and moves without jumps', () => {
    const views = Array.from({ length: 1000 }, (_, i) => liveView(i * 20))
    const closings = views.filter((view, i) => i > 0 && view.eyeOpenness < 0.3 && views[i - 1]!.eyeOpenness >= 0.3)
    expect(closings.length).toBeGreaterThanOrEqual(4)
    expect(closings.length).toBeLessThanOrEqual(7)
    expect(views.filter((view) => view.eyeOpenness === 1).length).toBeGreaterThan(880)
    views.slice(1).forEach((view, i) => {
      expect(Math.abs(view.yaw - views[i]!.yaw)).toBeLessThan(0.3)
      expect(Math.abs(view.place[0] - views[i]!.place[0])).toBeLessThan(0.002)
    })
  })
})
