/** No face can be captured: the reason, the proof, and who confirms it. */
import { Camera, FileText, ImagePlus, Trash2, TriangleAlert } from 'lucide-react'
import { ExceptionReason } from '../../../contract/intake.ts'
import { Stage } from '../../live/Stage.tsx'
import { text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Picture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { askForPictures } from '../../ui/pictureFile.ts'
import { Screen } from '../../ui/Screen.tsx'
import { DraftState } from './DraftState.tsx'
import { closeRefusal, useEnrol } from './enrolStore.ts'
import { addProof, chooseException, leaveException, photographProof, propose, removeProof, setExceptionNote } from './exception.ts'
import { StepRail } from './StepRail.tsx'

const keys = () => [
  { chord: 'Ctrl Enter', words: text.exception.propose },
  { chord: 'Space', words: text.exception.proofPhoto },
  { chord: 'Ctrl O', words: text.exception.proofFile },
  { chord: 'Esc', words: text.exception.back },
]

const chooseFile = () => void askForPictures(false).then(addProof)
const takeProof = (files: readonly File[]) => void addProof(files)

export function ExceptionStep() {
  const { refusal, number, name, busy } = useEnrol()
  const { confirmedBy } = useFormPolicy((state) => state.exceptions)
  useKeys([
    ['Ctrl Enter', () => void propose()],
    ['Space', () => void photographProof()],
    ['Ctrl O', chooseFile],
    ['Escape', refusal === undefined ? leaveException : closeRefusal],
  ])
  return (
    <Screen name={text.areas.enrol} keys={keys()} onPictures={takeProof}>
      <div className="row steprow">
        <StepRail />
        <span className="sp" />
        <DraftState />
        <span className="chip out">
          {text.enrol.details}{' '}
          <Private>
            <span className="ltr">{number.trim()}</span>
            {name.trim() !== '' && ' '}
            {name.trim() !== '' && <span dir="auto">{name.trim()}</span>}
          </Private>
        </span>
      </div>
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      <div className="enrol">
        <Proof />
        <aside className="card form-side" aria-label={text.exception.title}>
          <div className="pad5 col g4">
            <h1>{text.exception.title}</h1>
            <p className="sm sec">{text.exception.text}</p>
            <Reason />
          </div>
          <div className="panel-foot">
            <p className="sm row g2 top">
              <TriangleAlert className="i i16" aria-hidden="true" />
              {confirmedBy === 'supervisor' ? text.exception.waits : text.exception.atOnce}
            </p>
            <Missing />
            <button type="button" className="btn btn-p btn-lg btn-w" disabled={busy !== undefined} onClick={() => void propose()}>
              {confirmedBy === 'supervisor' ? text.exception.propose : text.exception.enrol} <Key chord="Ctrl Enter" />
            </button>
            <button type="button" className="btn btn-w" disabled={busy !== undefined} onClick={leaveException}>
              {text.exception.back} <Key chord="Esc" />
            </button>
          </div>
        </aside>
      </div>
    </Screen>
  )
}

function Missing() {
  const notice = useEnrol((state) => state.notice)
  return (
    <p className="help e" role="alert">
      {notice}
    </p>
  )
}

function Reason() {
  const { exception, exceptionNote } = useEnrol()
  return (
    <>
      <fieldset className="col g1">
        <legend className="sm m">{text.exception.reason}</legend>
        {ExceptionReason.options.map((reason) => (
          <label className={reason === exception ? 'opt low on' : 'opt low'} key={reason}>
            <input type="radio" className="rad" name="exception" checked={reason === exception} onChange={() => chooseException(reason)} />
            {text.exception.reasons[reason]}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="exception-words">
          {text.exception.words} {exception !== 'other' && <span className="mut">({text.enrol.optional})</span>}
        </label>
        <textarea
          id="exception-words"
          className="in short"
          dir="auto"
          rows={2}
          maxLength={500}
          value={exceptionNote}
          required={exception === 'other'}
          onChange={(event) => setExceptionNote(event.target.value)}
        />
      </div>
    </>
  )
}

/** The picture of a document, from a file or before the camera. */
function Proof() {
  const { proof, busy } = useEnrol()
  const hidden = useDesk((state) => state.hidden)
  const required = useFormPolicy((state) => state.exceptions.proof === 'required')
  return (
    <section className="card stage proof-stage" aria-label={text.exception.proof}>
      <div className="proof-head">
        <h2 className="row g2">
          <FileText className="i" aria-hidden="true" />
          {text.exception.proof}
        </h2>
        <p className="sm sec">{required ? text.exception.proofRequired : text.exception.proofOptional}</p>
      </div>
      {proof === null ? (
        <Stage>
          <span className="pill c">{text.exception.proofCamera}</span>
        </Stage>
      ) : (
        <div className="proof-picture">
          {hidden ? <span className="b">{text.hidden}</span> : <Picture bytes={proof} words={text.exception.proofPicture} />}
        </div>
      )}
      <div className="dock dock-low">
        {proof === null ? (
          <>
            <button type="button" className="btn btn-lg" disabled={busy !== undefined} onClick={() => void photographProof()}>
              <Camera className="i" aria-hidden="true" />
              {text.exception.proofPhoto} <Key chord="Space" />
            </button>
            <button type="button" className="btn" disabled={busy !== undefined} onClick={chooseFile}>
              <ImagePlus className="i i16" aria-hidden="true" />
              {text.exception.proofFile} <Key chord="Ctrl O" />
            </button>
          </>
        ) : (
          <button type="button" className="btn" disabled={busy !== undefined} onClick={removeProof}>
            <Trash2 className="i i16" aria-hidden="true" />
            {text.exception.proofRemove}
          </button>
        )}
      </div>
    </section>
  )
}
