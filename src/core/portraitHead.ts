/** The solid that a drawn face lies on: points of the face are turned with the head before they are drawn. */
import type { PortraitParameters, PortraitView } from './portraitParameters.ts'

/** Half the depth of the head over half its width. */
const depthRatio = 0.95
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** A number of the drawing: a tenth of a unit is finer than a pixel. */
export function unit(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Puts points of the face into the plane of the picture. */
export interface Head {
  readonly subject: PortraitParameters
  readonly view: PortraitView
  /** A point on the surface of the face, `lift` units in front of it, as `x y`. */
  on(x: number, y: number, lift?: number): string
  /** A point at a given depth: 0 is the plane of the ears, 1 the front of the face. */
  at(x: number, y: number, depth: number): string
  /** The same as numbers. */
  place(x: number, y: number, z: number): readonly [number, number]
  /** Depth of the surface, in units. */
  surface(x: number, y: number): number
}

/** Makes the solid of a subject in a view. */
export function headOf(subject: PortraitParameters, view: PortraitView): Head {
  const depthUnits = subject.faceWidth * depthRatio
  const [sinYaw, cosYaw] = [Math.sin(radians(view.yaw)), Math.cos(radians(view.yaw))]
  const [sinPitch, cosPitch] = [Math.sin(radians(view.pitch)), Math.cos(radians(view.pitch))]
  const place = (x: number, y: number, z: number) => {
    const turned = x * cosYaw + z * sinYaw
    const depth = z * cosYaw - x * sinYaw
    return [turned, y * cosPitch - depth * sinPitch] as const
  }
  const surface = (x: number, y: number) => {
    const rest = 1 - (x / subject.faceWidth) ** 2 * 0.9 - (y / (subject.faceHeight * 1.25)) ** 2 * 0.7
    return depthUnits * Math.sqrt(Math.max(0.04, rest))
  }
  const text = ([x, y]: readonly [number, number]) => `${unit(x)} ${unit(y)}`
  return {
    subject,
    view,
    place,
    surface,
    on: (x, y, lift = 0) => text(place(x, y, surface(x, y) + lift)),
    at: (x, y, depth) => text(place(x, y, depth * depthUnits)),
  }
}

/** The outline of the face from skull to chin, closed. */
export function faceOutline({ subject, at }: Head): string {
  const { faceWidth: w, faceHeight: h, jaw } = subject
  const j = w * jaw
  return [
    `M${at(0, -h, 0)}`,
    `C${at(w * 0.74, -h, 0)} ${at(w, -h * 0.56, 0)} ${at(w, -12, 0.05)}`,
    `C${at(w, 24, 0.1)} ${at(w * 0.5 + j * 0.55, 52, 0.2)} ${at(j * 0.96, h * 0.68, 0.35)}`,
    `C${at(j * 0.82, h * 0.95, 0.5)} ${at(j * 0.46, h * 1.1, 0.6)} ${at(0, h * 1.1, 0.62)}`,
    `C${at(-j * 0.46, h * 1.1, 0.6)} ${at(-j * 0.82, h * 0.95, 0.5)} ${at(-j * 0.96, h * 0.68, 0.35)}`,
    `C${at(-w * 0.5 - j * 0.55, 52, 0.2)} ${at(-w, 24, 0.1)} ${at(-w, -12, 0.05)}`,
    `C${at(-w, -h * 0.56, 0)} ${at(-w * 0.74, -h, 0)} ${at(0, -h, 0)}Z`,
  ].join('')
}
