/** The presets, read from their data files and checked when they are loaded. */
import { type PresetId, QualityPreset } from '../../contract/quality.ts'
import enrolment from './presets/enrolment.json' with { type: 'json' }
import passport from './presets/passport.json' with { type: 'json' }
import verification from './presets/verification.json' with { type: 'json' }

const presets: Readonly<Record<PresetId, QualityPreset>> = {
  passport: QualityPreset.parse(passport),
  enrolment: QualityPreset.parse(enrolment),
  verification: QualityPreset.parse(verification),
}

export const presetOf = (id: PresetId): QualityPreset => presets[id]
