/** Correcting the details of a subject: the form of the site as the enrolment shows it, filled in with what is kept. */
import { PencilLine } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { FieldProblem, FormPolicy } from '../../../contract/form.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { fill, text } from '../../locale/text.ts'
import { labelIn } from '../../state/formPolicy.ts'
import { useRole } from '../../state/operator.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { keepEscape } from '../../ui/keys.ts'
import { Private } from '../../ui/Private.tsx'
import { today } from '../enrol/enrolForm.ts'
import { FieldInput } from '../enrol/FieldInput.tsx'
import { correctable, correctionOf, valuesOf } from './correction.ts'

export interface CorrectDialogProps {
  readonly subject: OutputOf<'subject.get'>
  /** @param fields labels of what is different now */
  readonly onDone: (fields: readonly string[]) => Promise<void>
  readonly onClose: () => void
}

export function CorrectDialog({ subject, onDone, onClose }: CorrectDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const role = useRole()
  const { value: stored, refusal } = useAsked('policy.form', {})
  useEffect(() => dialog.current?.showModal(), [])
  const close = () => dialog.current?.close()
  return (
    <dialog className="dialog rights" ref={dialog} aria-labelledby="correction-title" onKeyDown={keepEscape} onClose={onClose}>
      <div className="col g4">
        <h1 id="correction-title">
          <Private>{fill(text.correction.title, { id: subject.id })}</Private>
        </h1>
        <RefusalBanner refusal={refusal} />
        {stored !== undefined && (
          <CorrectForm
            subject={subject}
            policy={correctable(stored.policy, role)}
            version={stored.version}
            onClose={close}
            onDone={async (fields) => {
              close()
              await onDone(fields)
            }}
          />
        )}
      </div>
    </dialog>
  )
}

interface CorrectFormProps extends CorrectDialogProps {
  readonly policy: FormPolicy
  readonly version: number
}

function CorrectForm({ subject, policy, version, onDone, onClose }: CorrectFormProps) {
  const [typed, setTyped] = useState(() => valuesOf(policy, subject))
  const [problems, setProblems] = useState<Readonly<Record<string, FieldProblem>>>({})
  const { doing, refusal, run, dismiss } = useDoing()
  const correction = correctionOf(policy, subject, typed, today())
  const usable = correction.differs && !doing
  const first = policy.fields[0]?.id
  useEffect(() => {
    if (first !== undefined) document.getElementById(elementId(first))?.focus()
  }, [first])
  const send = () => {
    if (!usable) return
    const { name, form, problems: found } = correction
    setProblems(found)
    const wrong = policy.fields.find(({ id }) => found[id] !== undefined)
    if (wrong !== undefined) return document.getElementById(elementId(wrong.id))?.focus()
    void run(async () => {
      const { fields } = await call('subject.correct', {
        id: subject.id,
        formVersion: version,
        ...(name === undefined ? {} : { name }),
        ...(form === undefined ? {} : { form }),
        ...(subject.revision == null ? {} : { revision: subject.revision }),
      })
      await onDone(fields.map((id) => labelOf(policy, id)))
    })
  }
  return (
    <form
      className="col g4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="form-fields">
        {policy.fields.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            id={elementId(field.id)}
            value={typed[field.id] ?? ''}
            problem={problems[field.id]}
            onLeave={() => setProblems(correction.problems)}
            onValue={(value) => {
              setTyped((before) => ({ ...before, [field.id]: value }))
              setProblems(({ [field.id]: _, ...rest }) => rest)
            }}
          />
        ))}
      </div>
      <p className="help">{text.correction.help}</p>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div className="row g3 wrap">
        <button type="button" className="btn btn-lg" disabled={doing} onClick={onClose}>
          {text.correction.cancel}
        </button>
        <span className="sp" />
        <button type="submit" className="btn btn-lg btn-p" disabled={!usable}>
          <PencilLine className="i" aria-hidden="true" />
          {text.correction.button} <Key chord="Enter" />
        </button>
      </div>
    </form>
  )
}

const elementId = (field: string) => `correct-${field}`

function labelOf({ fields }: FormPolicy, id: string): string {
  const field = fields.find((one) => one.id === id)
  return field === undefined ? id : labelIn(field.label).words
}
