/** One subject: what is stored, its versions, its picture when it is asked for, and what the role may do. */
import { CirclePause, Download, Eye, EyeOff, PencilLine, Trash2, UserRoundPlus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { OutputOf } from '../../../contract/table.ts'
import type { Role, SubjectId } from '../../../contract/types.ts'
import { day, fill, number, text } from '../../locale/text.ts'
import { goTo } from '../../state/desk.ts'
import { useRole } from '../../state/operator.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { setNumber } from '../enrol/enrolStore.ts'
import { CorrectDialog } from './CorrectDialog.tsx'
import { EraseDialog } from './EraseDialog.tsx'
import { type Asking, RestrictedBanner, RestrictionDialog } from './Restriction.tsx'
import { SubjectIntake } from './SubjectIntake.tsx'
import { type Told, ToldBanner } from './ToldBanner.tsx'
import { Versions } from './Versions.tsx'

const mayCapture: readonly Role[] = ['operator', 'supervisor', 'administrator']
const mayChange: readonly Role[] = ['supervisor', 'administrator']
const recordFile = 'vultus-subject.json'

export interface SubjectPanelProps {
  readonly id: string
  readonly onClose: () => void
  readonly onChanged: () => void
  readonly onErased: () => void
}

export function SubjectPanel({ id, onClose, onChanged, onErased }: SubjectPanelProps) {
  const subjectId = id as SubjectId
  const role = useRole()
  const asked = useAsked('subject.get', { id: subjectId })
  const [asking, setAsking] = useState<'erase' | 'correct' | Asking>()
  const [told, setTold] = useState<Told>()
  const [saved, setSaved] = useState('')
  const subject = asked.value
  const restricted = subject?.restrictedSince !== undefined
  const changes = mayChange.includes(role)
  const title = useRef<HTMLHeadingElement>(null)
  const changed = async () => {
    await asked.again()
    onChanged()
  }
  /** The button that was pressed may be gone: the keys go on from the head of the panel. */
  const tell = async (what: Told) => {
    setTold(what)
    await changed()
    // The way back of a restriction takes the keys itself.
    if (what.what !== 'restricted') title.current?.focus()
  }
  const saving = useDoing()
  const save = () =>
    void saving.run(async () => {
      const exported = await call('subject.export', { id: subjectId })
      saveFile(recordFile, [`${JSON.stringify(exported, null, 2)}\n`], 'application/json')
      setSaved(fill(text.subjects.exported, { file: recordFile }))
    })
  return (
    <section className="card pad5 col g4" aria-label={text.areas.subjects}>
      <div className="row">
        <h2 className="sp" ref={title} tabIndex={-1}>
          <Private>
            <span className="ltr">{id}</span>
          </Private>
        </h2>
        <button type="button" className="btn-x" aria-label={text.subjects.close} onClick={onClose}>
          <X className="i i16" aria-hidden="true" />
        </button>
      </div>
      <RefusalBanner refusal={asked.refusal} />
      {subject === undefined && asked.refusal === undefined && <p className="sec">{text.office.loading}</p>}
      {subject !== undefined && (
        <>
          {told !== undefined && <ToldBanner told={told} id={subjectId} onUndone={() => tell({ what: 'lifted' })} />}
          {subject.restriction != null && (
            <RestrictedBanner
              restriction={subject.restriction}
              named={subject.named ?? []}
              {...(changes ? { onLift: () => setAsking('lift') } : {})}
            />
          )}
          <dl className="kv">
            <dt>{text.subjects.name}</dt>
            <dd>{subject.name === null ? text.subjects.noName : <Private>{subject.name}</Private>}</dd>
            <dt>{text.subjects.enrolled}</dt>
            <dd>{day(subject.createdAt)}</dd>
            <dt>{text.subjects.references}</dt>
            <dd>{number(subject.references)}</dd>
            <dt>{text.consent.step}</dt>
            <dd>{consentWords(subject.consents)}</dd>
          </dl>
          <SubjectIntake subject={subject} />
          {restricted ? <p className="help">{text.restriction.noPicture}</p> : <PictureOnDemand id={subjectId} />}
          <Versions id={subjectId} history={subject.history} changeable={changes && !restricted} onChanged={changed} />
          <div className="row g2 wrap">
            {mayCapture.includes(role) && !restricted && (
              <button
                type="button"
                className="btn"
                onClick={() => {
                  setNumber(id)
                  goTo('enrol')
                }}
              >
                <UserRoundPlus className="i i16" aria-hidden="true" />
                {text.subjects.recapture}
              </button>
            )}
            {changes && (
              <button type="button" className="btn" onClick={() => setAsking('correct')}>
                <PencilLine className="i i16" aria-hidden="true" />
                {text.correction.open}
              </button>
            )}
            {changes && (
              <button type="button" className="btn" disabled={saving.doing} onClick={save}>
                <Download className="i i16" aria-hidden="true" />
                {text.subjects.export}
              </button>
            )}
            {changes && !restricted && (
              <button type="button" className="btn" onClick={() => setAsking('restrict')}>
                <CirclePause className="i i16" aria-hidden="true" />
                {text.restriction.restrict}
              </button>
            )}
            {changes && (
              <button type="button" className="btn btn-danger" onClick={() => setAsking('erase')}>
                <Trash2 className="i i16" aria-hidden="true" />
                {text.subjects.erase}
              </button>
            )}
          </div>
          <RefusalBanner refusal={saving.refusal} onClose={saving.dismiss} />
          {changes && (
            <p className="sm sec" role="status">
              {saved === '' ? text.subjects.exportText : saved}
            </p>
          )}
        </>
      )}
      {subject !== undefined && asking === 'correct' && (
        <CorrectDialog
          subject={subject}
          onDone={(fields) => tell({ what: 'corrected', fields })}
          onClose={() => {
            setAsking(undefined)
            // Somebody else may have been faster: what is shown is what is kept.
            void asked.again()
          }}
        />
      )}
      {(asking === 'restrict' || asking === 'lift') && (
        <RestrictionDialog
          id={subjectId}
          asking={asking}
          onDone={(done) => tell({ what: done === 'restrict' ? 'restricted' : 'lifted' })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'erase' && (
        <EraseDialog
          id={subjectId}
          onErased={onErased}
          onClose={(erased) => {
            setAsking(undefined)
            if (erased) onClose()
          }}
        />
      )}
    </section>
  )
}

function consentWords(consents: OutputOf<'subject.get'>['consents']): string {
  const newest = consents.at(-1)
  return newest === undefined ? text.consent.never : fill(text.consent.version, { n: newest.version, date: day(newest.at) })
}

/** A picture is read, and its reading written down, only when somebody asks to see it. */
function PictureOnDemand({ id }: { readonly id: SubjectId }) {
  const [bytes, setBytes] = useState<Uint8Array | null>()
  const { doing, refusal, run, dismiss } = useDoing()
  const shown = bytes !== undefined
  const toggle = () => {
    if (shown) setBytes(undefined)
    else void run(async () => setBytes((await call('subject.picture', { id })).sample))
  }
  return (
    <div className="col g2">
      {shown && (
        <div className="subject-picture">
          <StoredPicture bytes={bytes} words={fill(text.picture.ofSubject, { id })} />
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <button type="button" className="btn btn-w" disabled={doing} aria-expanded={shown} onClick={toggle}>
        {shown ? <EyeOff className="i i16" aria-hidden="true" /> : <Eye className="i i16" aria-hidden="true" />}
        {shown ? text.subjects.hidePicture : text.subjects.showPicture}
      </button>
      <p className="help">{text.subjects.pictureText}</p>
    </div>
  )
}
