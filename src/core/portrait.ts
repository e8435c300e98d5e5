/**
 * Drawn faces: SVG portraits that face detectors and landmark models take for people, for the demo and for tests,
 * where a real person's picture has no place. Pure text; draws alike in librsvg and in Chromium.
 */
import { hex, mixed, type SkinTones, skinTones } from './portraitColour.ts'
import { features } from './portraitFeatures.ts'
import { backHair, beard, frontHair, glasses } from './portraitHair.ts'
import { faceOutline, type Head, headOf, unit } from './portraitHead.ts'
import { normalised, normalisedView, type PortraitParameters, type PortraitView } from './portraitParameters.ts'
import { frontalView } from './portraitViews.ts'

/** The picture that a view's scale of 1 refers to. */
const referenceWidth = 640
const referenceHeight = 480

/** Blurs: fine takes the edge off lines, edge that of beards, soft makes shades, wide models the round of the head. */
const blurs = { fine: 0.9, edge: 1.8, soft: 3.4, wide: 9 } as const

function definitions(view: PortraitView, tones: SkinTones): string {
  const filters = Object.entries(blurs).map(
    ([id, deviation]) =>
      `<filter id="${id}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
  )
  const centre = 50 - view.yaw * 0.5 + view.light.side * 14
  const away = view.light.side < 0
  return (
    filters.join('') +
    `<radialGradient id="skin" cx="${unit(centre)}%" cy="38%" r="72%"><stop offset="0" stop-color="${tones.light}"/><stop offset=".55" stop-color="${tones.base}"/><stop offset="1" stop-color="${tones.shade}"/></radialGradient>` +
    `<radialGradient id="ground" cx="50%" cy="40%" r="80%"><stop offset="0" stop-color="${hex(mixed(view.background, 0xffffff, 0.22))}"/><stop offset="1" stop-color="${hex(mixed(view.background, 0x000000, 0.26))}"/></radialGradient>` +
    `<linearGradient id="side" x1="${away ? 0 : 1}" y1="0" x2="${away ? 1 : 0}" y2=".1"><stop offset=".2" stop-color="#fff" stop-opacity=".25"/><stop offset=".5" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".6"/></linearGradient>`
  )
}

/** Dark and light specks out of one turbulence, as a sensor makes them in weak light. */
function grain(view: PortraitView): string {
  const strength = view.grain
  if (strength === 0) return ''
  const gain = (1.1 * strength).toFixed(2)
  const offset = (0.57 * strength).toFixed(2)
  return (
    `<filter id="grain" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="${view.grainSeed}" result="noise"/>` +
    `<feColorMatrix in="noise" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ${gain} 0 0 0 -${offset}" result="dark"/>` +
    `<feColorMatrix in="noise" values="0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 0 ${gain} 0 0 -${offset}" result="bright"/>` +
    `<feMerge><feMergeNode in="dark"/><feMergeNode in="bright"/></feMerge></filter>` +
    `<rect width="100%" height="100%" filter="url(#grain)" opacity=".45"/>`
  )
}

/** Half the width of the neck: a broad jaw stands on a broad one. */
function neckWidth({ faceWidth, jaw }: PortraitParameters): number {
  return faceWidth * (0.42 + jaw * 0.14)
}

/** The neck again, in front of hair that hangs behind it. */
function neckOver({ subject }: Head, tones: SkinTones): string {
  if (subject.hairStyle !== 'long' && subject.hairStyle !== 'bob') return ''
  const [neck, h] = [neckWidth(subject), subject.faceHeight]
  return `<path d="M-${unit(neck)} ${unit(h * 0.6)}L-${unit(neck + 3)} ${unit(h * 1.4)}Q0 ${unit(h * 1.7)} ${unit(neck + 3)} ${unit(h * 1.4)}L${unit(neck)} ${unit(h * 0.6)}Z" fill="${tones.shade}"/>`
}

function shoulders({ subject, at }: Head, tones: SkinTones): string {
  const { faceHeight: h, clothes } = subject
  const neck = neckWidth(subject)
  const base = h * 1.5
  return (
    `<path d="M-260 420Q-250 ${unit(base + 60)} -112 ${unit(base + 20)}Q-64 ${unit(base + 6)} -${unit(neck)} ${unit(base - 14)}L${unit(neck)} ${unit(base - 14)}Q64 ${unit(base + 6)} 112 ${unit(base + 20)}Q250 ${unit(base + 60)} 260 420Z" fill="${hex(clothes)}"/>` +
    `<path d="M${at(-neck, h * 0.6, 0)}L-${unit(neck + 5)} ${unit(base - 12)}Q0 ${unit(base + 40)} ${unit(neck + 5)} ${unit(base - 12)}L${at(neck, h * 0.6, 0)}Z" fill="${tones.shade}"/>` +
    `<path d="M-${unit(neck + 8)} ${unit(base - 14)}Q0 ${unit(base + 48)} ${unit(neck + 8)} ${unit(base - 14)}" fill="none" stroke="${hex(mixed(clothes, 0x000000, 0.35))}" stroke-width="7"/>` +
    `<ellipse cx="0" cy="${unit(h * 1.12)}" rx="${unit(neck * 1.05)}" ry="20" fill="${tones.deep}" opacity=".55" filter="url(#soft)"/>`
  )
}

function ears({ subject, place }: Head, tones: SkinTones): string {
  return ([-1, 1] as const)
    .map((side) => {
      const [x, y] = place(side * (subject.faceWidth + 3), 2, -4)
      return `<ellipse cx="${unit(x)}" cy="${unit(y)}" rx="11" ry="24" fill="${tones.base}"/><ellipse cx="${unit(x)}" cy="${unit(y)}" rx="5.5" ry="15" fill="${tones.shade}" opacity=".7"/>`
    })
    .join('')
}

/** Light and shade that make the face round, to be clipped to its outline. */
function modelling({ subject, place, surface }: Head, tones: SkinTones): string {
  const { faceWidth: w, faceHeight: h, jaw, eyeGap } = subject
  const spot = (x: number, y: number, rx: number, ry: number, colour: string, opacity: number) => {
    const [cx, cy] = place(x, y, surface(x, y))
    return `<ellipse cx="${unit(cx)}" cy="${unit(cy)}" rx="${unit(rx)}" ry="${unit(ry)}" fill="${colour}" opacity="${opacity}"/>`
  }
  const both = (x: number, y: number, rx: number, ry: number, colour: string, opacity: number) =>
    spot(-x, y, rx, ry, colour, opacity) + spot(x, y, rx, ry, colour, opacity)
  return (
    `<g filter="url(#wide)">${both(w * 0.84, 44, w * 0.22, 46, tones.shade, 0.55)}${both(w * jaw * 0.6, h * 0.86, 20, 18, tones.shade, 0.4)}` +
    `${both(eyeGap, -25, 25, 15, tones.deep, 0.34)}${both(w * 0.5, 34, 19, 13, tones.blush, 0.4)}${spot(0, h * 0.8, 22, 8, tones.shade, 0.5)}` +
    `${spot(0, 46, 12, 6, tones.shade, 0.5)}${spot(0, -h * 0.62, w * 0.5, 18, tones.light, 0.4)}${both(w * 0.46, 8, 15, 10, tones.light, 0.3)}</g>`
  )
}

/** Light from a side, and more or less of it, over the whole picture. */
function veil({ light }: PortraitView): string {
  const side = Math.abs(light.side)
  const level = Math.min(0.85, Math.abs(light.brightness - 1))
  const sheet = (fill: string, opacity: number) =>
    opacity === 0 ? '' : `<rect width="100%" height="100%" fill="${fill}" opacity="${opacity.toFixed(2)}"/>`
  return sheet('url(#side)', side) + sheet(light.brightness < 1 ? '#000' : '#fff', level)
}

/**
 * Draws a subject.
 * @param view how it is seen; the frontal enrolment picture where it is left out
 * @returns the text of an SVG picture of view.width by view.height pixels; the same input gives the same text
 */
export function portraitSvg(subject: PortraitParameters, view: PortraitView = frontalView): string {
  const seen = normalisedView(view)
  const head = headOf(normalised(subject), seen)
  const { width, height } = seen
  const scale = Math.min(width / referenceWidth, height / referenceHeight) * seen.scale
  const [x, y] = [seen.place[0] * width, seen.place[1] * height]
  const tones = skinTones(head.subject.skin)
  const outline = faceOutline(head)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${definitions(seen, tones)}<clipPath id="face"><path d="${outline}"/></clipPath></defs>` +
    `<rect width="100%" height="100%" fill="url(#ground)"/><g transform="translate(${unit(x)} ${unit(y)}) scale(${scale.toFixed(4)})">` +
    `${shoulders(head, tones)}<g transform="rotate(${unit(seen.roll)} 0 90)">${backHair(head)}${neckOver(head, tones)}${ears(head, tones)}` +
    `<path d="${outline}" fill="url(#skin)"/><g clip-path="url(#face)">${modelling(head, tones)}${beard(head)}</g>` +
    `${features(head, tones)}${frontHair(head)}${glasses(head)}</g></g>${veil(seen)}${grain(seen)}</svg>`
  )
}
