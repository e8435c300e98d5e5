/** What is kept of an enrolment beside the pictures: the form by its version, an exception with its proof, a supervisor's decision. */
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { nameField, numberField, type SubjectForm } from '../../../contract/form.ts'
import type { Named } from '../../../contract/named.ts'
import type { OutputOf } from '../../../contract/table.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { nameOf } from '../../locale/names.ts'
import { day, text } from '../../locale/text.ts'
import { labelIn, valueWords } from '../../state/formPolicy.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'

export function SubjectIntake({ subject }: { readonly subject: OutputOf<'subject.get'> }) {
  const { form, exception, decision, named = [] } = subject
  return (
    <>
      {form && <FilledInOf form={form} />}
      {exception && (
        <section className="col g2" aria-label={text.intakeOf.exception}>
          <h3>{text.intakeOf.exception}</h3>
          <p>
            <Private>
              {text.exception.reasons[exception.reason]}
              {exception.note !== '' && <span dir="auto">: {exception.note}</span>}
            </Private>{' '}
            <When at={exception.confirmedAt} by={exception.confirmedBy} named={named} />
          </p>
          {exception.hasProof && <ProofOnDemand id={subject.id} />}
        </section>
      )}
      {decision && (
        <section className="col g1" aria-label={text.intakeOf.decision}>
          <h3>{text.intakeOf.decision}</h3>
          <p>
            <Private>
              {text.intakeOf.decisions[decision.decision]}: {text.decision.reasons[decision.reason]}
              {decision.note !== '' && <span dir="auto">. {decision.note}</span>}
            </Private>{' '}
            <When at={decision.at} by={decision.by} named={named} />
          </p>
        </section>
      )}
    </>
  )
}

/** When it was decided, and by whom. */
function When({ at, by, named }: { readonly at: string; readonly by: string | null; readonly named: readonly Named[] }) {
  return (
    <span className="sm sec">
      {day(at)}
      {by != null && (
        <>
          {', '}
          <span dir="auto">{nameOf(named, by)}</span>
        </>
      )}
    </span>
  )
}

/** What was filled in, with the labels of the version that it was checked by. */
export function FilledInOf({ form }: { readonly form: SubjectForm }) {
  const { value: stored } = useAsked('policy.form', { formVersion: form.version })
  const values = Object.entries(form.values)
  if (values.length === 0) return null
  const fields = stored?.policy.fields.filter(({ id }) => id !== numberField && id !== nameField) ?? []
  // In the order of the form; what it does not know any more comes last, by its id.
  const known = fields.filter(({ id }) => form.values[id] !== undefined)
  const others = values.filter(([id]) => !known.some((field) => field.id === id))
  return (
    <section className="col g2" aria-label={text.intakeOf.form}>
      <h3>{text.intakeOf.form}</h3>
      <dl className="kv">
        {known.map((field) => {
          const label = labelIn(field.label)
          return (
            <div className="kv-row" key={field.id}>
              <dt lang={label.lang}>{label.words}</dt>
              <dd dir="auto">
                <Private>{valueWords(field, form.values[field.id] ?? '')}</Private>
              </dd>
            </div>
          )
        })}
        {others.map(([id, value]) => (
          <div className="kv-row" key={id}>
            <dt className="ltr">{id}</dt>
            <dd dir="auto">
              <Private>{String(value)}</Private>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The document is read, and its reading written down, only when somebody asks to see it. */
function ProofOnDemand({ id }: { readonly id: SubjectId }) {
  const [bytes, setBytes] = useState<Uint8Array | null>()
  const { doing, refusal, run, dismiss } = useDoing()
  const shown = bytes !== undefined
  const toggle = () => {
    if (shown) setBytes(undefined)
    else void run(async () => setBytes((await call('exception.proof', { id })).proof))
  }
  return (
    <>
      {shown && (
        <div className="proof-shown">
          <StoredPicture bytes={bytes} words={text.exception.proofPicture} />
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <button type="button" className="btn btn-w" disabled={doing} aria-expanded={shown} onClick={toggle}>
        {shown ? <EyeOff className="i i16" aria-hidden="true" /> : <Eye className="i i16" aria-hidden="true" />}
        {shown ? text.intakeOf.hideProof : text.intakeOf.showProof}
      </button>
    </>
  )
}
