/** Who decides on a possible duplicate: a supervisor who signs at this desk, or later in the inbox; without accounts whoever works here. */
import { Inbox } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import type { SubjectId } from '../../../contract/types.ts'
import { text } from '../../locale/text.ts'
import { useOperator } from '../../state/operator.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { AuditNote } from '../decision/AuditNote.tsx'
import { chooseDecision, forgetChosen, isComplete, useChosen } from '../decision/choices.ts'
import { DecisionFields } from '../decision/DecisionFields.tsx'
import { decideHere, leaveForInbox } from './duplicate.ts'
import { backToCapture, useEnrol } from './enrolStore.ts'

const options = ['same', 'different'] as const

export function DuplicateDecision({ candidate }: { readonly candidate: SubjectId }) {
  const { busy, item } = useEnrol()
  const chosen = useChosen()
  const needsSignature = useOperator(({ current }) => current?.needed === true)
  const [name, setName] = useState('')
  const [secret, setSecret] = useState('')
  const [note, setNote] = useState('')
  useEffect(() => forgetChosen, [])
  const signed = !needsSignature || (name.trim() !== '' && secret !== '')
  const ready = isComplete(chosen) && signed && busy === undefined
  const record = async () => {
    const { decision, reason, words } = chosen
    if (!ready || decision === undefined || reason === undefined) return
    const subject = decision === 'same' ? { subject: candidate } : {}
    const decided = await decideHere({ decision, reason, note: words, ...subject }, needsSignature ? { name, secret } : undefined)
    // A secret that did not do is typed anew.
    if (!decided) setSecret('')
  }
  const leave = () => void leaveForInbox(note)
  useKeys([
    ['1', () => chooseDecision('same')],
    ['2', () => chooseDecision('different')],
    ['I', leave],
    ['Ctrl Enter', () => void record()],
    // What lies in the inbox already is decided, not captured again.
    ['Escape', item === undefined ? backToCapture : undefined],
  ])
  return (
    <section className="card decision" aria-label={text.enrol.review.decision}>
      <div className="decision-body pad5 col g3">
        {item !== undefined && (
          <p className="banner info" role="status">
            <Inbox className="i" aria-hidden="true" />
            <span>{text.decision.inInbox}</span>
          </p>
        )}
        <DecisionFields title={text.decision.title} options={options} candidate={candidate} />
        {needsSignature && (
          <SignatureFields name={name} secret={secret} onName={setName} onSecret={setSecret} onEnter={() => void record()} />
        )}
        {item === undefined && (
          <div className="field">
            <label htmlFor="decision-note">
              {text.decision.note} <span className="mut">({text.enrol.optional})</span>
            </label>
            <input
              id="decision-note"
              className="in"
              dir="auto"
              value={note}
              maxLength={500}
              autoComplete="off"
              aria-describedby="decision-note-help"
              onChange={(event) => setNote(event.target.value)}
            />
            <span className="help" id="decision-note-help">
              {text.decision.leaveText}
            </span>
          </div>
        )}
      </div>
      <div className="panel-foot">
        <AuditNote />
        <div className="decision-buttons">
          {item === undefined && (
            <button type="button" className="btn" onClick={backToCapture}>
              {text.enrol.review.back} <Key chord="Esc" />
            </button>
          )}
          <button type="button" className="btn" disabled={busy !== undefined} onClick={leave}>
            <Inbox className="i i16" aria-hidden="true" />
            {busy === 'leaving' ? text.decision.leaving : text.decision.leave} <Key chord="I" />
          </button>
          <button type="button" className="btn btn-p" disabled={!ready} onClick={() => void record()}>
            {busy === 'enrolling' ? text.decision.recording : text.decision.record} <Key chord="Ctrl Enter" />
          </button>
        </div>
      </div>
    </section>
  )
}

export interface SignatureFieldsProps {
  readonly name: string
  readonly secret: string
  readonly onName: (name: string) => void
  readonly onSecret: (secret: string) => void
  readonly onEnter: () => void
}

/** Name and secret of a supervisor, for one decision; the operator stays signed in. */
function SignatureFields({ name, secret, onName, onSecret, onEnter }: SignatureFieldsProps) {
  const id = useId()
  return (
    <fieldset className="signature col g2">
      <legend className="b">{text.decision.supervisor}</legend>
      <p className="sm sec">{text.decision.supervisorText}</p>
      <div className="signature-fields">
        <div className="field">
          <label htmlFor={`${id}-name`}>{text.decision.name}</label>
          <input
            id={`${id}-name`}
            className="in"
            value={name}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-secret`}>{text.decision.secret}</label>
          <input
            id={`${id}-secret`}
            className="in"
            type="password"
            value={secret}
            maxLength={1024}
            autoComplete="off"
            onChange={(event) => onSecret(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && !event.ctrlKey && onEnter()}
          />
        </div>
      </div>
    </fieldset>
  )
}
