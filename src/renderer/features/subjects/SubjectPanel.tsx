/** One subject: what is stored, its versions, its picture when it is asked for, and what the role may do. */
import { Download, Eye, EyeOff, Trash2, UserRoundPlus, X } from 'lucide-react'
import { useState } from 'react'
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
import { EraseDialog } from './EraseDialog.tsx'
import { SubjectIntake } from './SubjectIntake.tsx'
import { Versions } from './Versions.tsx'

const mayCapture: readonly Role[] = ['operator', 'supervisor', 'administrator']
const mayErase: readonly Role[] = ['supervisor', 'administrator']
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
  const [erasing, setErasing] = useState(false)
  const [saved, setSaved] = useState('')
  const subject = asked.value
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
        <h2 className="sp">
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
          <PictureOnDemand id={subjectId} />
          <Versions
            id={subjectId}
            history={subject.history}
            changeable={mayErase.includes(role)}
            onChanged={async () => {
              await asked.again()
              onChanged()
            }}
          />
          <div className="row g2 wrap">
            {mayCapture.includes(role) && (
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
            {mayErase.includes(role) && (
              <button type="button" className="btn" disabled={saving.doing} onClick={save}>
                <Download className="i i16" aria-hidden="true" />
                {text.subjects.export}
              </button>
            )}
            {mayErase.includes(role) && (
              <button type="button" className="btn btn-danger" onClick={() => setErasing(true)}>
                <Trash2 className="i i16" aria-hidden="true" />
                {text.subjects.erase}
              </button>
            )}
          </div>
          <RefusalBanner refusal={saving.refusal} onClose={saving.dismiss} />
          {mayErase.includes(role) && (
            <p className="sm sec" role="status">
              {saved === '' ? text.subjects.exportText : saved}
            </p>
          )}
        </>
      )}
      {erasing && (
        <EraseDialog
          id={subjectId}
          onErased={onErased}
          onClose={(erased) => {
            setErasing(false)
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
