/** Why this subject is not held to all quality checks. What is chosen is sealed with the reference and stands nowhere else. */
import { ExemptionReason } from '../../../contract/quality.ts'
import { text } from '../../locale/text.ts'
import { chooseExemption, setExemptionNote, useEnrol } from './enrolStore.ts'

export function ExemptionFields() {
  const { exemption, exemptionNote } = useEnrol()
  return (
    <>
      <div className="field">
        <label htmlFor="enrol-exemption">{text.exemption.label}</label>
        <select
          id="enrol-exemption"
          className="in"
          value={exemption ?? ''}
          onChange={(event) => chooseExemption(ExemptionReason.safeParse(event.target.value).data ?? null)}
        >
          <option value="">{text.exemption.none}</option>
          {ExemptionReason.options.map((reason) => (
            <option key={reason} value={reason}>
              {text.exemption.reasons[reason]}
            </option>
          ))}
        </select>
      </div>
      {exemption !== null && (
        <div className="field">
          <label htmlFor="enrol-exemption-note">
            {text.exemption.note} {exemption !== 'other' && <span className="mut">({text.enrol.optional})</span>}
          </label>
          <input
            id="enrol-exemption-note"
            className="in"
            value={exemptionNote}
            autoComplete="off"
            maxLength={200}
            required={exemption === 'other'}
            onChange={(event) => setExemptionNote(event.target.value)}
          />
        </div>
      )}
    </>
  )
}
