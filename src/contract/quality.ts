/**
 * Quality components of ISO/IEC 29794-5 as they cross boundaries: their names, what is told of them, and the presets that judge them.
 * Names are those of the standard in short; a raw value is in the unit that OFIQ gives it, a score is 0 to 100 and -1 where a component
 * could not be measured. Limits are set on raw values: scores of one component do not compare with those of another.
 */
import { z } from 'zod'

export const componentNames = [
  'backgroundUniformity',
  'illuminationUniformity',
  'luminanceMean',
  'luminanceVariance',
  'underExposure',
  'overExposure',
  'dynamicRange',
  'sharpness',
  'naturalColour',
  'singleFace',
  'eyesOpen',
  'mouthClosed',
  'interEyeDistance',
  'headSize',
  'leftwardCrop',
  'rightwardCrop',
  'marginAbove',
  'marginBelow',
  'yaw',
  'pitch',
  'roll',
] as const
export const ComponentName = z.enum(componentNames)
export type ComponentName = z.infer<typeof ComponentName>

/** Components of the standard that need models which no pack brings: they are not measured, and nothing is shown for them. */
export const componentsNotMeasured = {
  unifiedQualityScore: 'a quality network (MagFace)',
  compressionArtifacts: 'a network for compression artefacts',
  expressionNeutrality: 'networks for expressions',
  eyesVisible: 'a segmentation of what covers the face',
  mouthOcclusionPrevention: 'a segmentation of what covers the face',
  faceOcclusionPrevention: 'a segmentation of what covers the face',
  noHeadCoverings: 'a parsing of face and head',
} as const

/**
 * Components that depend on skin tone, on the shape of the eyes or on the room as much as on the care that was taken.
 * No preset may refuse anybody for one of them: they only warn.
 */
export const onlyWarning: readonly ComponentName[] = [
  'naturalColour',
  'luminanceMean',
  'luminanceVariance',
  'dynamicRange',
  'underExposure',
  'overExposure',
  'eyesOpen',
]

const MeasuredComponent = z.object({
  /** null where it could not be measured. */
  raw: z.number().nullable(),
  score: z.number().int().min(-1).max(100),
})
export type MeasuredComponent = z.infer<typeof MeasuredComponent>

export const MeasuredComponents = z.partialRecord(ComponentName, MeasuredComponent)
export type MeasuredComponents = z.infer<typeof MeasuredComponents>

/** What is measured of the chosen face; shown, and kept with the reference. */
export const CaptureQuality = z.object({
  /** One number for the service endpoints, which ask for it: 0 unusable to 1 very good. It is our own and judges nothing here. */
  qualityScore: z.number().min(0).max(1),
  components: MeasuredComponents,
})
export type CaptureQuality = z.infer<typeof CaptureQuality>

const Bounds = z.object({ min: z.number().optional(), max: z.number().optional() })
export type Bounds = z.infer<typeof Bounds>

const Limit = z
  .object({
    component: ComponentName,
    /** Raw values that are good. */
    good: Bounds,
    /** Raw values outside are refused; without it the component only warns. */
    refuse: Bounds.optional(),
    /** Raw distance from the limit at which a bar is full or empty. */
    span: z.number().positive(),
  })
  .refine(({ good }) => good.min !== undefined || good.max !== undefined, 'good has a min or a max')
  .refine(({ good }) => good.min === undefined || good.max === undefined || good.min < good.max, 'good.min is below good.max')
  .refine(({ component, refuse }) => refuse === undefined || !onlyWarning.includes(component), 'this component only warns')
  .refine(
    ({ good, refuse }) => (refuse?.min ?? -Infinity) <= (good.min ?? Infinity) && (refuse?.max ?? Infinity) >= (good.max ?? -Infinity),
    'what is good is not refused',
  )
export type Limit = z.infer<typeof Limit>

export const PresetId = z.enum(['passport', 'enrolment', 'verification'])
export type PresetId = z.infer<typeof PresetId>

/** A preset: which components are judged, and from what raw value on. */
export const QualityPreset = z
  .object({
    format: z.literal(1),
    id: PresetId,
    name: z.string().min(1).max(60),
    /** Where the limits come from. */
    provenance: z.string().min(1),
    limits: z.array(Limit).min(1),
  })
  .refine(({ limits }) => new Set(limits.map(({ component }) => component)).size === limits.length, 'a component has one limit')
export type QualityPreset = z.infer<typeof QualityPreset>

/** Why somebody is not held to some components. What it is about may be health or faith: it is sealed with the reference and stands nowhere else. */
export const ExemptionReason = z.enum(['child', 'wheelchair', 'headCovering', 'eyeCondition', 'other'])
export type ExemptionReason = z.infer<typeof ExemptionReason>

export const Exemption = z.object({
  reason: ExemptionReason,
  /** In words of whoever enrolled; needed where the reason says nothing. */
  note: z.string().nullable(),
})
export type Exemption = z.infer<typeof Exemption>

export const QualityVerdict = z.enum(['good', 'warn', 'refuse'])
export type QualityVerdict = z.infer<typeof QualityVerdict>

/** One component judged by a preset. */
export const AssessedComponent = z.object({
  component: ComponentName,
  raw: z.number().nullable(),
  score: z.number().int().min(-1).max(100),
  verdict: QualityVerdict,
  /** Raw distance to the nearest limit of what is good, in spans: negative beyond it. -1 where it could not be measured. */
  distance: z.number(),
  /** For a bar: 50 is the limit, 100 a span inside, 0 a span beyond. */
  bar: z.number().min(0).max(100),
  /** On which side the value lies too far, or would first. */
  side: z.enum(['low', 'high']),
})
export type AssessedComponent = z.infer<typeof AssessedComponent>

export const Assessment = z.object({
  preset: PresetId,
  verdict: QualityVerdict,
  /** The worst first. */
  components: z.array(AssessedComponent),
})
export type Assessment = z.infer<typeof Assessment>

interface Told {
  readonly name: string
  readonly unit: string
  readonly low: string
  readonly high: string
}

const both = (name: string, unit: string, remedy: string): Told => ({ name, unit, low: remedy, high: remedy })

/** What people are told, in English: the name, the unit of the raw value, and what to do where it is too low or too high. */
export const componentWords: Readonly<Record<ComponentName, Told>> = {
  backgroundUniformity: both('Plain background', 'mean gradient', 'Use a plain, empty background.'),
  illuminationUniformity: both('Even light', 'share', 'Light both sides of the face equally.'),
  luminanceMean: { name: 'Brightness', unit: 'of 1', low: 'Add light to the face.', high: 'Reduce the light.' },
  luminanceVariance: { name: 'Contrast', unit: 'variance', low: 'Avoid flat or dim light.', high: 'Soften the light.' },
  underExposure: both('Dark parts', 'share', 'Add light to the face.'),
  overExposure: both('Glare', 'share', 'Reduce the light; avoid glare.'),
  dynamicRange: both('Range of tones', 'bits', 'Improve the light; clean the lens.'),
  sharpness: both('In focus', 'ratio', 'Hold still; check the focus.'),
  naturalColour: both('Natural colour', 'distance', 'Remove coloured light; set the white balance.'),
  singleFace: both('One person only', 'share', 'Only one person in the picture.'),
  eyesOpen: both('Eyes open', 'ratio', 'Open both eyes and look ahead.'),
  mouthClosed: both('Mouth closed', 'ratio', 'Close the mouth, relax the lips.'),
  interEyeDistance: both('Size of the face', 'px', 'Move closer to the camera.'),
  headSize: { name: 'Distance to camera', unit: 'of height', low: 'Move closer to the camera.', high: 'Move back a little.' },
  leftwardCrop: both('Room at the left', 'eye distances', 'Move slightly to your left.'),
  rightwardCrop: both('Room at the right', 'eye distances', 'Move slightly to your right.'),
  marginAbove: both('Room above', 'face lengths', 'Leave more space above the head.'),
  marginBelow: both('Room below', 'face lengths', 'Show more below the chin.'),
  yaw: { name: 'Turned', unit: 'degrees', low: 'Turn slightly to your left.', high: 'Turn slightly to your right.' },
  pitch: { name: 'Raised or lowered', unit: 'degrees', low: 'Lower your chin slightly.', high: 'Raise your chin slightly.' },
  roll: { name: 'Tilted', unit: 'degrees', low: 'Tilt your head to your right.', high: 'Tilt your head to your left.' },
}
