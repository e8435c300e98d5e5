/** Eyes, brows, nose and mouth of a drawn face. */
import { hex, mixed, type SkinTones } from './portraitColour.ts'
import { type Head, unit } from './portraitHead.ts'

const eyeLine = -18
const mouthLine = 66
/** Below this the eye is drawn as closed: a lid and its seam. */
const closedBelow = 0.08

function eye(head: Head, side: -1 | 1, tones: SkinTones): string {
  const { subject, view, on } = head
  const { eyeWidth: w, eyeGap, eyeTilt } = subject
  const x = side * eyeGap
  const open = view.eyeOpenness
  const h = subject.eyeHeight
  const inner = [x - side * w, eyeLine + 1.5] as const
  const outer = [x + side * w, eyeLine - eyeTilt] as const
  const middle = (inner[1] + outer[1]) / 2
  // The upper lid comes down to the lower one, which hardly moves.
  const low = middle + h * (1.4 - 0.2 * (1 - open))
  const high = middle + h * 1.2 - h * 2.75 * open
  const arc = (y: number) => `${on(x - side * w * 0.5, y)} ${on(x + side * w * 0.45, y)} ${on(...outer)}`
  const upper = `M${on(...inner)}C${arc(high)}`
  const socketLid = `M${on(...inner)}C${arc(middle - h * 2)}C${on(x + side * w * 0.45, low)} ${on(x - side * w * 0.5, low)} ${on(...inner)}Z`
  const opening = `${upper}C${on(x + side * w * 0.45, low)} ${on(x - side * w * 0.5, low)} ${on(...inner)}Z`
  const [px, py] = head.place(x, middle + h * 0.05, head.surface(x, middle) + 2)
  const clip = `eye${side > 0 ? 'R' : 'L'}`
  const seam = `M${on(...inner)}C${arc(open < closedBelow ? low : high)}`
  const iris = hex(subject.iris)
  const ball =
    open < closedBelow
      ? ''
      : `<clipPath id="${clip}"><path d="${opening}"/></clipPath><path d="${opening}" fill="#f1ece6"/><g clip-path="url(#${clip})">` +
        `<circle cx="${unit(px)}" cy="${unit(py)}" r="${unit(h * 1.2)}" fill="${iris}" stroke="#1d120c" stroke-width="1.3"/>` +
        `<circle cx="${unit(px)}" cy="${unit(py)}" r="${unit(h * 0.52)}" fill="#0e0906"/>` +
        `<circle cx="${unit(px + 2.6)}" cy="${unit(py - 3)}" r="1.9" fill="#fff" opacity=".9"/>` +
        `<path d="${upper}" fill="none" stroke="#000" stroke-width="${unit(h * 0.7)}" opacity=".25"/></g>`
  const crease = `M${on(inner[0], inner[1] - 5)}C${on(x - side * w * 0.5, middle - h * 2.5)} ${on(x + side * w * 0.5, middle - h * 2.6)} ${on(outer[0] + side * 3, outer[1] - 4)}`
  const bag = `M${on(inner[0] + side * 3, middle + h * 1.9)}Q${on(x, middle + h * 2.7)} ${on(outer[0] - side * 2, middle + h * 1.7)}`
  return (
    `<path d="${socketLid}" fill="${tones.base}"/><path d="${socketLid}" fill="${tones.shade}" opacity=".4"/>${ball}` +
    `<path d="${seam}" fill="none" stroke="#21130c" stroke-width="3" stroke-linecap="round"/>` +
    `<path d="${crease}" fill="none" stroke="${tones.deep}" stroke-width="1.7" opacity="${unit(0.1 + 0.45 * open)}"/>` +
    `<path d="${bag}" fill="none" stroke="${tones.deep}" stroke-width="1.6" opacity="${unit(0.2 + subject.wrinkles * 0.5)}"/>`
  )
}

function brow(head: Head, side: -1 | 1): string {
  const { subject, on } = head
  const { eyeWidth, eyeGap, browHeight: y, browThickness: t, browTilt } = subject
  const x = side * eyeGap
  const reach = eyeWidth * 1.35
  const end = y - browTilt
  return (
    `<path d="M${on(x - side * reach, y + t * 0.5)}C${on(x - side * reach * 0.4, y - t * 0.7)} ${on(x + side * reach * 0.4, end - t)} ${on(x + side * reach, end + 3)}` +
    `C${on(x + side * reach * 0.4, end + t * 0.1)} ${on(x - side * reach * 0.3, y + t * 0.6)} ${on(x - side * reach, y + t)}Z" ` +
    `fill="${hex(mixed(subject.hair, 0x140c08, 0.35))}" opacity=".86" filter="url(#fine)"/>`
  )
}

function nose(head: Head, tones: SkinTones): string {
  const { subject, on } = head
  const { noseWidth: w, noseLength: end } = subject
  const ridge = `M${on(-7, -24, 4)}C${on(-9, 2, 10)} ${on(-13 * w, end - 12, 8)} ${on(-16 * w, end - 3, 4)}Q${on(-6, end + 6, 12)} ${on(0, end + 5, 14)}C${on(-4, end - 16, 22)} ${on(-2, -2, 12)} ${on(0, -25, 6)}Z`
  const nostril = (side: -1 | 1) => {
    const [x, y] = head.place(side * 8.5 * w, end + 3, head.surface(8, end) + 9)
    return `<ellipse cx="${unit(x)}" cy="${unit(y)}" rx="${unit(4.4 * w)}" ry="2.5" fill="${tones.deep}"/>`
  }
  const wing = (side: -1 | 1) => `M${on(side * 17 * w, end - 7, 4)}Q${on(side * 21 * w, end + 3, 2)} ${on(side * 12 * w, end + 5, 7)}`
  const [tipX, tipY] = head.place(1, end - 10, head.surface(0, end) + 20)
  return (
    `<g filter="url(#soft)"><path d="${ridge}" fill="${tones.shade}" opacity=".62"/>` +
    `<ellipse cx="${unit(tipX)}" cy="${unit(tipY)}" rx="${unit(4.5 * w)}" ry="9" fill="#fff" opacity=".3"/></g>` +
    `<g filter="url(#fine)">${nostril(-1)}${nostril(1)}<path d="${wing(-1)}${wing(1)}" fill="none" stroke="${tones.deep}" stroke-width="2.3" opacity=".6"/></g>`
  )
}

function mouth(head: Head, tones: SkinTones): string {
  const { subject, view, on } = head
  const { smile } = view
  const w = subject.mouthWidth * (1 + 0.12 * Math.max(0, smile))
  const y = mouthLine
  const corner = y - smile * 6
  const thick = subject.lipFullness
  const lips = hex(subject.lips)
  const seam = `${on(-w * 0.35, y + 1 + smile * 3)} ${on(w * 0.35, y + 1 + smile * 3)} ${on(w, corner)}`
  const back = `${on(w * 0.35, y + 1 + smile * 3)} ${on(-w * 0.35, y + 1 + smile * 3)} ${on(-w, corner)}`
  const upper = `M${on(-w, corner)}C${on(-w * 0.5, y - 7 * thick)} ${on(-w * 0.2, y - 10 * thick)} ${on(0, y - 6 * thick, 3)}C${on(w * 0.2, y - 10 * thick)} ${on(w * 0.5, y - 7 * thick)} ${on(w, corner)}C${back}Z`
  const lower = `M${on(-w, corner)}C${seam}C${on(w * 0.5, y + 15 * thick)} ${on(-w * 0.5, y + 15 * thick)} ${on(-w, corner)}Z`
  const [shineX, shineY] = head.place(0, y + 6 * thick, head.surface(0, y) + 3)
  return (
    `<path d="${upper}" fill="${hex(mixed(subject.lips, 0x30100c, 0.22))}"/><path d="${lower}" fill="${lips}"/>` +
    `<g filter="url(#fine)"><path d="M${on(-w - 1, corner)}C${seam}" fill="none" stroke="#3f1814" stroke-width="2.5" stroke-linecap="round"/>` +
    `<ellipse cx="${unit(shineX)}" cy="${unit(shineY)}" rx="${unit(w * 0.4)}" ry="${unit(2.2 * thick)}" fill="#fff" opacity=".26"/>` +
    `<path d="M${on(-w - 2, corner - 2)}q-2.5 3 0 6M${on(w + 2, corner - 2)}q2.5 3 0 6" fill="none" stroke="${tones.deep}" stroke-width="1.8" opacity=".5"/></g>`
  )
}

/** Lines of age: forehead, between nose and mouth, beside the eyes. */
function wrinkles(head: Head, tones: SkinTones): string {
  const { subject, on } = head
  if (subject.wrinkles <= 0.05) return ''
  const { eyeGap, eyeWidth, mouthWidth: m, noseWidth, noseLength } = subject
  const forehead = [-70, -80].map((y) => `M${on(-40, y)}Q${on(0, y - 7)} ${on(40, y)}`)
  const fold = ([-1, 1] as const).map(
    (s) => `M${on(s * 20 * noseWidth, noseLength - 6)}C${on(s * (m - 2), 44)} ${on(s * (m + 7), 56)} ${on(s * (m + 7), 74)}`,
  )
  const corner = ([-1, 1] as const).map((s) => {
    const x = s * (eyeGap + eyeWidth + 3)
    return `M${on(x, -20)}L${on(x + s * 8, -26)}M${on(x, -16)}L${on(x + s * 9, -15)}`
  })
  return `<path d="${[...forehead, ...fold, ...corner].join('')}" fill="none" stroke="${tones.deep}" stroke-width="2" opacity="${unit(subject.wrinkles * 0.6)}" filter="url(#fine)"/>`
}

/** The features in the order in which they lie on each other. */
export function features(head: Head, tones: SkinTones): string {
  return `${eye(head, -1, tones)}${eye(head, 1, tones)}${brow(head, -1)}${brow(head, 1)}${nose(head, tones)}${mouth(head, tones)}${wrinkles(head, tones)}`
}
