/** Judges measured components by a preset. What is not measured warns: nobody is refused for a value that nobody has. */
import type {
  AssessedComponent,
  Assessment,
  Bounds,
  Limit,
  MeasuredComponents,
  QualityPreset,
  QualityVerdict,
} from '../../contract/quality.ts'

const rankOf: Readonly<Record<QualityVerdict, number>> = { refuse: 0, warn: 1, good: 2 }

/** Signed raw distance to the nearest bound, positive inside, and the side of that bound. */
function distanceTo({ min, max }: Bounds, raw: number): { distance: number; side: 'low' | 'high' } {
  const low = min === undefined ? Infinity : raw - min
  const high = max === undefined ? Infinity : max - raw
  return low <= high ? { distance: low, side: 'low' } : { distance: high, side: 'high' }
}

/**
 * Judges one component.
 * @param stricter tightens what is good by a share of the span, for hysteresis
 */
export function assessComponent(limit: Limit, measured: MeasuredComponents, stricter = 0): AssessedComponent {
  const { component, good, refuse, span } = limit
  const { raw, score } = measured[component] ?? { raw: null, score: -1 }
  if (raw === null) return { component, raw, score, verdict: 'warn', distance: -1, bar: 0, side: 'low' }
  const { distance, side } = distanceTo(good, raw)
  const spans = distance / span
  const refused = refuse !== undefined && distanceTo(refuse, raw).distance < 0
  const verdict = refused ? 'refuse' : spans >= stricter ? 'good' : 'warn'
  return { component, raw, score, verdict, distance: spans, bar: Math.min(100, Math.max(0, 50 + 50 * spans)), side }
}

/** Judges a face by a preset, the worst component first. */
export function assess(preset: QualityPreset, measured: MeasuredComponents): Assessment {
  const components = preset.limits
    .map((limit) => assessComponent(limit, measured))
    .sort((a, b) => rankOf[a.verdict] - rankOf[b.verdict] || a.distance - b.distance)
  return { preset: preset.id, verdict: components[0]?.verdict ?? 'good', components }
}
