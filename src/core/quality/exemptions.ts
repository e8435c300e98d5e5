/** Which components nobody is held to for a reason that lies in the person, not in the care that was taken. */
import type { ComponentName, ExemptionReason, QualityPreset } from '../../contract/quality.ts'

const exempt: Readonly<Record<ExemptionReason, readonly ComponentName[] | 'all'>> = {
  // Small heads, and movement that no word stops.
  child: ['interEyeDistance', 'headSize', 'eyesOpen', 'mouthClosed', 'yaw', 'pitch', 'roll', 'sharpness', 'singleFace'],
  // The seat and its head rest stand in the picture and set the distance and the height.
  wheelchair: ['backgroundUniformity', 'headSize', 'marginAbove', 'marginBelow', 'leftwardCrop', 'rightwardCrop', 'pitch', 'roll'],
  headCovering: ['illuminationUniformity', 'marginAbove', 'underExposure', 'luminanceVariance', 'dynamicRange'],
  eyeCondition: ['eyesOpen', 'interEyeDistance', 'overExposure'],
  other: 'all',
}

/** The preset without what the person is exempted from. @param reason null for nobody */
export function exempted(preset: QualityPreset, reason: ExemptionReason | null): QualityPreset {
  if (reason === null) return preset
  const left = exempt[reason]
  return { ...preset, limits: left === 'all' ? [] : preset.limits.filter(({ component }) => !left.includes(component)) }
}
