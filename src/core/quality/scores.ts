/** From raw values to ISO scores 0 to 100, as OFIQ 1.0.3 maps them (its code, where comments and code differ). */
import type { ComponentName, MeasuredComponent } from '../../contract/quality.ts'

const sigmoid = (x: number, centre: number, width: number) => 1 / (1 + Math.exp((centre - x) / width))
/** Rounds to a whole score; 0 never has a sign. */
const whole = (value: number) => Math.min(100, Math.max(0, Math.round(value))) + 0
const mapped = (x: number, height: number, offset: number, slope: number, centre: number, width: number) =>
  whole(height * (offset + slope * sigmoid(x, centre, width)))
const rising = (x: number, centre: number, width: number) => mapped(x, 100, 0, 1, centre, width)
const cosineSquared = (degrees: number) => whole(100 * Math.max(0, Math.cos((degrees * Math.PI) / 180)) ** 2)

const mappings: Readonly<Record<ComponentName, (raw: number) => number>> = {
  backgroundUniformity: (x) => mapped(x, 190, 1, -1, 10, 100),
  illuminationUniformity: (x) => whole(100 * x ** 0.3),
  luminanceMean: (x) => whole(100 * sigmoid(x, 0.2, 0.05) * (1 - sigmoid(x, 0.8, 0.05))),
  luminanceVariance: (x) => whole(100 * Math.sin((Math.PI * 60 * x) / (60 * x + 1))),
  underExposure: (x) => mapped(x, 120, 0.832, -1, 0.92, 0.05),
  overExposure: (x) => whole(1 / (x + 0.01)),
  dynamicRange: (x) => whole(12.5 * x),
  // OFIQ's own sharpness is a random forest: this score belongs to the substitute alone.
  sharpness: (x) => whole(100 * sigmoid(Math.log(Math.max(x, 1e-9)), Math.log(0.012), 0.35)),
  naturalColour: (x) => mapped(x, 200, 1, -1, 0, 10),
  singleFace: (x) => whole(100 * (1 - x)),
  eyesOpen: (x) => rising(x, 0.02, 0.01),
  mouthClosed: (x) => mapped(x, 100, 1, -1, 0.2, 0.06),
  interEyeDistance: (x) => rising(x, 70, 20),
  headSize: (x) => mapped(Math.abs(x - 0.45), 200, 1, -1, 0, 0.05),
  leftwardCrop: (x) => rising(x, 0.9, 0.1),
  rightwardCrop: (x) => rising(x, 0.9, 0.1),
  marginAbove: (x) => rising(x, 1.4, 0.1),
  marginBelow: (x) => rising(x, 1.8, 0.1),
  yaw: cosineSquared,
  pitch: cosineSquared,
  roll: cosineSquared,
}

/** The score of a raw value; whole, 0 to 100. */
export function scoreOf(component: ComponentName, raw: number): number {
  return mappings[component](raw)
}

/** A raw value with its score; what is no finite number could not be measured and has score -1, as OFIQ says it. */
export function measured(component: ComponentName, raw: number | undefined): MeasuredComponent {
  if (raw === undefined || !Number.isFinite(raw)) return { raw: null, score: -1 }
  return { raw, score: scoreOf(component, raw) }
}
