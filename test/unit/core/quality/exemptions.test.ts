import { expect, it } from 'vitest'
import { ExemptionReason } from '../../../../src/contract/quality.ts'
import { assess } from '../../../../src/core/quality/assess.ts'
import { exempted } from '../../../../src/core/quality/exemptions.ts'
import { presetOf } from '../../../../src/core/quality/presets.ts'

const preset = presetOf('enrolment')

it('every reason takes something away from the preset and adds nothing; nobody is exempted by no reason', () => {
  expect(exempted(preset, null)).toBe(preset)
  for (const reason of ExemptionReason.options) {
    const left = exempted(preset, reason).limits
    expect(left.length, reason).toBeLessThan(preset.limits.length)
    for (const limit of left) expect(preset.limits).toContain(limit)
  }
})

it('what the person is exempted from refuses nobody, and the rest still does', () => {
  const turned = { yaw: { raw: 80, score: 0 } }
  expect(assess(preset, turned).verdict).toBe('refuse')
  expect(assess(exempted(preset, 'eyeCondition'), turned).verdict).toBe('refuse')
  expect(assess(exempted(preset, 'child'), turned).verdict).not.toBe('refuse')
  expect(assess(exempted(preset, 'other'), turned)).toMatchObject({ verdict: 'good', components: [] })
})
