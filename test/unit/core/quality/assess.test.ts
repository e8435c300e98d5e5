import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { componentNames, onlyWarning, PresetId, QualityPreset } from '../../../../src/contract/quality.ts'
import { assess, assessComponent } from '../../../../src/core/quality/assess.ts'
import { presetOf } from '../../../../src/core/quality/presets.ts'
import { measured } from '../../../../src/core/quality/scores.ts'

const limit = { component: 'headSize', good: { min: 0.28, max: 0.4 }, refuse: { min: 0.2, max: 0.5 }, span: 0.1 } as const
const at = (raw: number) => assessComponent(limit, { headSize: measured('headSize', raw) })

describe('a judged component', () => {
  test('has 50 at its limit, and knows on which side it lies', () => {
    expect(at(0.28)).toMatchObject({ verdict: 'good', bar: 50, side: 'low' })
    expect(at(0.4).bar).toBeCloseTo(50)
    expect(at(0.24)).toMatchObject({ verdict: 'warn', side: 'low' })
    expect(at(0.24).bar).toBeCloseTo(30)
    expect(at(0.19)).toMatchObject({ verdict: 'refuse', side: 'low' })
    expect(at(0.6)).toMatchObject({ verdict: 'refuse', side: 'high', bar: 0 })
  })

  test('a right head size may have a low score: the limit is on the raw value', () => {
    expect(at(0.31)).toMatchObject({ verdict: 'good', score: 11 })
  })

  test('warns where it could not be measured', () => {
    expect(assessComponent(limit, {})).toMatchObject({ raw: null, score: -1, verdict: 'warn', bar: 0 })
    expect(measured('headSize', Number.NaN)).toEqual({ raw: null, score: -1 })
  })

  test('has to be better than its limit by a margin where it failed before', () => {
    const before = { headSize: measured('headSize', 0.285) }
    expect(assessComponent(limit, before).verdict).toBe('good')
    expect(assessComponent(limit, before, 0.12).verdict).toBe('warn')
  })
})

describe('presets', () => {
  test.each(PresetId.options)('%s names its limits and where they come from', (id) => {
    const preset = presetOf(id)
    expect(preset.id).toBe(id)
    expect(preset.provenance).not.toBe('')
  })

  test('refuse nobody for what depends on skin, eyes or room', () => {
    const preset = presetOf('passport')
    for (const component of onlyWarning) {
      const unfair = { ...preset, limits: [{ component, good: { min: 1 }, refuse: { min: 0 }, span: 1 }] }
      expect(QualityPreset.safeParse(unfair).success).toBe(false)
    }
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(...PresetId.options), (raw, id) => {
        const components = Object.fromEntries(onlyWarning.map((name) => [name, measured(name, raw)]))
        expect(assess(presetOf(id), components).verdict).not.toBe('refuse')
      }),
    )
  })

  test('are refused with a limit that refuses what is good, twice the same component, or nothing', () => {
    const preset = presetOf('passport')
    const one = { component: 'yaw', good: { max: 5 }, span: 1 }
    for (const limits of [[{ ...one, refuse: { max: 4 } }], [one, one], [{ ...one, good: {} }], [{ ...one, span: 0 }], []])
      expect(QualityPreset.safeParse({ ...preset, limits }).success).toBe(false)
    expect(QualityPreset.safeParse({ ...preset, limits: [one] }).success).toBe(true)
  })

  test('put the worst failing component first', () => {
    const raw = fc.record(Object.fromEntries(componentNames.map((name) => [name, fc.double({ min: -40, max: 200, noNaN: true })])))
    const rank = { refuse: 0, warn: 1, good: 2 }
    fc.assert(
      fc.property(raw, fc.constantFrom(...PresetId.options), (values, id) => {
        const components = Object.fromEntries(componentNames.map((name) => [name, measured(name, values[name])]))
        const { verdict, components: judged } = assess(presetOf(id), components)
        expect(verdict).toBe(judged[0]!.verdict)
        for (const [index, component] of judged.entries()) {
          const next = judged[index + 1]
          if (next === undefined) continue
          expect(rank[component.verdict]).toBeLessThanOrEqual(rank[next.verdict])
          if (component.verdict === next.verdict) expect(component.distance).toBeLessThanOrEqual(next.distance)
        }
        for (const { verdict: own, bar } of judged) expect(own === 'good' ? bar >= 50 : bar <= 50).toBe(true)
      }),
    )
  })
})

test('scores are whole and within 0 and 100 for any raw value', () => {
  fc.assert(
    fc.property(fc.constantFrom(...componentNames), fc.double({ min: 0, max: 1e6, noNaN: true }), (name, raw) => {
      const { score } = measured(name, raw)
      expect(Number.isInteger(score)).toBe(true)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(100)
    }),
  )
})
