/** How the components of quality answer to a picture that is made worse step by step. */
import type { WorseningName, WorseSteps } from '../../contract/evaluation.ts'
import { type ComponentName, componentNames, type MeasuredComponents } from '../../contract/quality.ts'
import { presetOf } from '../quality/presets.ts'

/** Others that are listed, those that moved most. */
const othersListed = 3

const spanOf = new Map(presetOf('passport').limits.map(({ component, span }) => [component, span]))

/** How far a component has moved, in spans of the passport preset. */
export function movedSpans(component: ComponentName, from: MeasuredComponents, to: MeasuredComponents): number {
  return ((to[component]?.raw ?? 0) - (from[component]?.raw ?? 0)) / (spanOf.get(component) ?? 1)
}

export interface WorseningRule {
  readonly name: WorseningName
  readonly component: ComponentName
  /** Whether the raw value grows (its magnitude, for angles) or falls. */
  readonly grows: boolean
  /** Components that measure the same change in another way. */
  readonly alike: readonly ComponentName[]
}

/** @param measured the untouched picture first */
export function worseSteps({ name, component, grows, alike }: WorseningRule, measured: readonly MeasuredComponents[]): WorseSteps {
  const raw = measured.map((components) => components[component]?.raw ?? null)
  const sizes = raw.map((value) => (value === null ? Number.NaN : Math.abs(value)))
  const monotonic = sizes.every((value, at) => at === 0 || (grows ? value >= sizes[at - 1]! : value <= sizes[at - 1]!))
  const others = componentNames
    .filter((other) => other !== component)
    .map((other) => ({
      component: other,
      spans: Math.max(...measured.map((components) => Math.abs(movedSpans(other, measured[0]!, components)))),
      alike: alike.includes(other),
    }))
    .sort((a, b) => b.spans - a.spans)
  const unlike = others.filter((other) => !other.alike)
  return { name, component, raw, monotonic, othersMost: others.slice(0, othersListed), unlikeSpansMax: unlike[0]?.spans ?? 0 }
}
