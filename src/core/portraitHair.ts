/** Hair, beard and glasses of a drawn face. */
import { hex, mixed } from './portraitColour.ts'
import { type Head, unit } from './portraitHead.ts'
import type { PortraitParameters } from './portraitParameters.ts'

type HairStyle = PortraitParameters['hairStyle']

/** Hairline from the right temple over the forehead to the left one: heights are shares of the face's height, from right to left. */
const hairlines: Readonly<Record<Exclude<HairStyle, 'none'>, readonly [number, number, number, number, number]>> = {
  short: [-0.5, -0.74, -0.76, -0.78, -0.5],
  receding: [-0.62, -0.99, -0.86, -0.99, -0.62],
  parted: [-0.34, -0.6, -0.92, -0.72, -0.42],
  bob: [-0.42, -0.56, -0.55, -0.56, -0.42],
  long: [-0.28, -0.66, -0.95, -0.66, -0.28],
  curly: [-0.46, -0.64, -0.66, -0.64, -0.46],
  bun: [-0.58, -0.84, -0.88, -0.84, -0.58],
}

/** How far the hair stands off the skull. */
const volume: Readonly<Record<HairStyle, number>> = { none: 0, short: 9, receding: 5, parted: 13, bob: 17, long: 16, curly: 22, bun: 5 }

/** A deterministic number in 0..1 for the strand or curl with that index. */
const scatter = (index: number) => {
  const x = Math.sin(index * 127.1 + 11.7) * 43758.5453
  return x - Math.floor(x)
}

/** What hangs behind neck and shoulders. */
export function backHair(head: Head): string {
  const { subject, at } = head
  const { hairStyle, faceWidth: w, faceHeight: h } = subject
  const colour = hex(mixed(subject.hair, 0x000000, 0.2))
  const end = { long: 2.05, bob: 0.98 }[hairStyle as string]
  if (hairStyle === 'bun') {
    const [x, y] = head.place(0, -h - 20, -12)
    return `<circle cx="${unit(x)}" cy="${unit(y)}" r="${unit(w * 0.4)}" fill="${colour}"/>`
  }
  if (end === undefined) return ''
  const out = w + volume[hairStyle]
  return `<path d="M${at(0, -h - 16, -0.2)}C${at(out * 1.1, -h - 14, -0.2)} ${at(out + 8, -30, -0.2)} ${at(out + 6, h * 0.5, -0.2)}L${at(out, h * end, -0.2)}Q${at(0, h * end + 14, -0.2)} ${at(-out, h * end, -0.2)}L${at(-out - 6, h * 0.5, -0.2)}C${at(-out - 8, -30, -0.2)} ${at(-out * 1.1, -h - 14, -0.2)} ${at(0, -h - 16, -0.2)}Z" fill="${colour}"/>`
}

function curls({ subject, place }: Head): string {
  const { faceWidth: w, faceHeight: h } = subject
  const colours = [subject.hair, mixed(subject.hair, 0xffffff, 0.1), mixed(subject.hair, 0x000000, 0.25)].map(hex)
  return Array.from({ length: 34 }, (_, i) => {
    const angle = Math.PI * (1.04 - (1.08 * i) / 33)
    const reach = 0.94 + 0.26 * scatter(i)
    const [x, y] = place(Math.cos(angle) * w * reach * 1.06, -14 - Math.sin(angle) * h * reach * 0.92, 8)
    return `<circle cx="${unit(x)}" cy="${unit(y)}" r="${unit(13 + 9 * scatter(i + 50))}" fill="${colours[i % 3]}"/>`
  }).join('')
}

/** The hair round the face: cap, hairline, strands. */
export function frontHair(head: Head): string {
  const { subject, at } = head
  const { hairStyle, faceWidth: w, faceHeight: h } = subject
  if (hairStyle === 'none') return ''
  const [r, rm, m, lm, l] = hairlines[hairStyle]
  const out = w + volume[hairStyle]
  const top = -h - volume[hairStyle] * 1.15
  const side = { long: h * 1.5, bob: h * 0.72 }[hairStyle as string] ?? (hairStyle === 'parted' ? 6 : -8)
  const inner = side > 10 ? w * 0.99 : w * 0.95
  const cap = [
    `M${at(out, side, 0)}`,
    `C${at(out + 6, -h * 0.7, 0)} ${at(out * 0.72, top, 0)} ${at(0, top, 0)}`,
    `C${at(-out * 0.72, top, 0)} ${at(-out - 6, -h * 0.7, 0)} ${at(-out, side, 0)}`,
    `L${at(-inner, side - 4, 0.2)}`,
    `C${at(-w * 0.97, h * l * 0.6, 0.25)} ${at(-w * 0.9, h * l, 0.4)} ${at(-w * 0.74, h * l, 0.5)}`,
    `Q${at(-w * 0.5, h * lm, 0.7)} ${at(0, h * m, 0.75)}`,
    `Q${at(w * 0.5, h * rm, 0.7)} ${at(w * 0.74, h * r, 0.5)}`,
    `C${at(w * 0.9, h * r, 0.4)} ${at(w * 0.97, h * r * 0.6, 0.25)} ${at(inner, side - 4, 0.2)}Z`,
  ].join('')
  const strands = Array.from({ length: 9 }, (_, i) => {
    const x = (i / 4 - 1) * w * 0.8
    const lean = (scatter(i) - 0.5) * 18
    return `M${at(x * 0.45, top + 9 + (x / w) ** 2 * 14, 0.1)}Q${at(x * 0.8 + lean * 0.5, -h * 0.98, 0.3)} ${at(x, -h * 0.84, 0.45)}`
  }).join('')
  const sheen = hex(mixed(subject.hair, 0xffffff, 0.28))
  return (
    `<g filter="url(#fine)"><path d="${cap}" fill="${hex(subject.hair)}"/>${hairStyle === 'curly' ? curls(head) : ''}` +
    `<path d="${strands}" fill="none" stroke="${sheen}" stroke-width="2.4" opacity=".3"/></g>`
  )
}

/** The beard, to be clipped to the outline of the face. */
export function beard({ subject, on, at }: Head): string {
  const { beard: style, faceWidth: w, faceHeight: h, jaw, mouthWidth: m, noseLength } = subject
  if (style === 'none') return ''
  const colour = hex(mixed(subject.hair, 0x120a06, 0.25))
  const moustache = `M${on(-m - 5, 62)}C${on(-m * 0.6, noseLength + 11)} ${on(-6, noseLength + 10)} ${on(0, noseLength + 13)}C${on(6, noseLength + 10)} ${on(m * 0.6, noseLength + 11)} ${on(m + 5, 62)}C${on(m * 0.5, 57)} ${on(-m * 0.5, 57)} ${on(-m - 5, 62)}Z`
  const goatee = `M${on(-m * 0.75, 80)}Q${on(0, 76)} ${on(m * 0.75, 80)}L${on(m * 0.7, h * 0.98)}Q${on(0, h * 1.3)} ${on(-m * 0.7, h * 0.98)}Z`
  const j = w * Math.max(jaw, 0.7)
  const full = `M${at(-w * 1.1, 4, 0.1)}C${on(-w * 0.86, 30)} ${on(-m - 18, 44)} ${on(-m - 6, 54)}C${on(-m * 0.6, noseLength + 11)} ${on(m * 0.6, noseLength + 11)} ${on(m + 6, 54)}C${on(m + 18, 44)} ${on(w * 0.86, 30)} ${at(w * 1.1, 4, 0.1)}L${at(j * 1.3, h * 1.3, 0.5)}L${at(-j * 1.3, h * 1.3, 0.5)}Z`
  const shapes = { stubble: full, moustache, goatee: moustache + goatee, full }[style]
  return `<path d="${shapes}" fill="${colour}" opacity="${style === 'stubble' ? 0.32 : 0.88}" filter="url(#${style === 'stubble' ? 'soft' : 'edge'})"/>`
}

/** Glasses with clear lenses; the eyes stay visible. */
export function glasses({ subject, on, at, place, surface }: Head): string {
  const { glasses: style, eyeGap, eyeWidth, faceWidth: w } = subject
  if (style === 'none') return ''
  const half = Math.min(eyeWidth * 1.4, eyeGap - 7)
  const frame = ([-1, 1] as const).map((side) => {
    const x = side * eyeGap
    if (style === 'square') {
      return `<path d="M${on(x - half, -31, 9)}L${on(x + half, -31, 9)}L${on(x + half * 0.92, -1, 9)}L${on(x - half * 0.92, -1, 9)}Z"/>`
    }
    const [cx, cy] = place(x, -16, surface(x, -16) + 9)
    return `<ellipse cx="${unit(cx)}" cy="${unit(cy)}" rx="${unit(half)}" ry="${unit(Math.min(half, 24))}"/>`
  })
  const inner = eyeGap - half
  const bridge = `M${on(-inner, -20, 10)}Q${on(0, -27, 14)} ${on(inner, -20, 10)}`
  const arms = ([-1, 1] as const).map((side) => `M${on(side * (eyeGap + half), -22, 9)}L${at(side * w, -20, 0.05)}`)
  return `<g fill="#fff" fill-opacity=".05" stroke="#1c1a1a" stroke-width="${style === 'square' ? 4.5 : 3}" stroke-linejoin="round">${frame.join('')}<path d="${bridge}${arms.join('')}" fill="none"/></g>`
}
