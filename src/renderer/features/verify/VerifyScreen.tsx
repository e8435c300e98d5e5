/** Verify: a claim by number, the reference beside the person at the camera, the verdict above. */
import { CircleAlert, ImageUp, WifiOff } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { CameraChoice } from '../../camera/CameraChoice.tsx'
import { useCodes } from '../../code/useCodes.ts'
import { LivenessControl } from '../../live/LivenessControl.tsx'
import { Stage } from '../../live/Stage.tsx'
import { day, fill, number, text, timeOfDay } from '../../locale/text.ts'
import { toggleHandsFree, toggleMesh, useDesk } from '../../state/desk.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { optionId } from '../../ui/OptionList.tsx'
import { Picture, StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { askForPictures } from '../../ui/pictureFile.ts'
import { Screen } from '../../ui/Screen.tsx'
import { SubjectLanguageChoice } from '../../ui/SubjectLanguageChoice.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { ClaimNames, namesId } from './ClaimNames.tsx'
import { isName, useClaimNames } from './claimNames.ts'
import { useVerificationGuidance } from './handsFree.tsx'
import { Outcome } from './Outcome.tsx'
import { mainAction, VerdictPanel } from './VerdictPanel.tsx'
import {
  claim,
  claimCode,
  claimSubject,
  closeRefusal,
  compareCamera,
  compareFile,
  nextPerson,
  setClaim,
  tryAgain,
  useVerify,
} from './verifyStore.ts'

const signs = { match: '=', nonMatch: '≠', inconclusive: '?' } as const

const chooseFile = () => void askForPictures(false).then(compareFirst)
const compareFirst = (files: readonly File[]) => {
  const [file] = files
  if (file !== undefined) void compareFile(file)
}

export function VerifyScreen() {
  const { subject, picture, verdict, refusal, probe } = useVerify()
  const hidden = useDesk((state) => state.hidden)
  useVerificationGuidance()
  useCodes(subject === undefined, (code) => void claimCode(code))
  const act = () => {
    if (verdict === undefined) void (subject === undefined ? claim() : compareCamera())
    else if (hidden) nextPerson()
    else mainAction(verdict.decision)
  }
  useKeys([
    ['Enter', act],
    ['Space', () => (verdict === undefined ? void compareCamera() : undefined)],
    ['N', verdict === undefined ? undefined : nextPerson],
    ['Escape', () => (verdict === undefined ? nextPerson() : tryAgain())],
    ['Ctrl O', chooseFile],
    ['M', toggleMesh],
    ['A', toggleHandsFree],
  ])
  const keys = [
    { chord: 'Enter', words: text.keys.main },
    ...(verdict === undefined ? [{ chord: 'Space', words: text.verify.compare }] : [{ chord: 'N', words: text.verify.next }]),
    { chord: 'Ctrl O', words: text.picture.use },
    { chord: 'Esc', words: verdict === undefined ? text.keys.clear : text.keys.back },
    { chord: 'F9', words: text.keys.hide },
  ]
  return (
    <Screen name={text.areas.verify} keys={keys} onPictures={compareFirst}>
      <VerdictPanel />
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      <div className="vgrid">
        <ClaimCard />
        <section className="card col vs-card" aria-label={text.verify.reference}>
          <div className="vs">
            <figure className="col g2">
              <figcaption className="row">
                <span className="b sp">{text.verify.reference}</span>
                <span className="sm sec">{subject !== undefined && day(subject.createdAt)}</span>
              </figcaption>
              <div className="vs-picture">
                <StoredPicture bytes={picture} words={fill(text.picture.ofSubject, { id: subject?.id ?? '' })} />
              </div>
            </figure>
            <div className="vs-joint">
              <div className="joint">
                {verdict === undefined || hidden ? '·' : signs[verdict.decision]}
                <span className="sr">{text.verify.signs[verdict === undefined || hidden ? 'none' : verdict.decision]}</span>
              </div>
            </div>
            <figure className="col g2">
              <figcaption className="row">
                <span className="b sp">{text.verify.atCamera}</span>
                <ProbeTime />
              </figcaption>
              {probe === undefined ? (
                <Stage>
                  <LivenessControl />
                </Stage>
              ) : (
                <div className={`probe ${verdict === undefined || hidden ? '' : `probe-${verdict.decision}`}`}>
                  <Picture bytes={probe.sample} words={text.picture.captured} />
                </div>
              )}
            </figure>
          </div>
          <Outcome />
        </section>
      </div>
    </Screen>
  )
}

function ProbeTime() {
  const { probe, probeAt } = useVerify()
  if (probe === undefined || probeAt === undefined) return <CameraChoice />
  return (
    <span className="sm sec num">
      {probe.captureSource === 'file' ? text.picture.fromFile : fill(text.picture.fromCamera, { time: timeOfDay(probeAt) })}
    </span>
  )
}

function ClaimCard() {
  const { number: typed, numberProblem, subject, busy, verdict } = useVerify()
  const hidden = useDesk((state) => state.hidden)
  const handsFree = useDesk((state) => state.handsFree)
  const field = useRef<HTMLInputElement>(null)
  const names = useClaimNames(typed, subject === undefined && !hidden)
  const [active, setActive] = useState(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer has other people
  useEffect(() => setActive(-1), [names])
  const choose = (index: number) => {
    const chosen = names.people[index]
    if (chosen !== undefined) void claimSubject(chosen.id)
  }
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (names.people.length === 0) return
    if (step !== 0) setActive(Math.max(-1, Math.min(names.people.length - 1, active + step)))
    else if (event.key === 'Enter' && active >= 0) choose(active)
    else return
    event.preventDefault()
  }
  const cleared = typed === '' && subject === undefined
  useEffect(() => {
    if (cleared || numberProblem !== undefined) field.current?.focus()
  }, [cleared, numberProblem])
  return (
    <section className="card pad5 col g4 claim" aria-label={text.verify.claim}>
      <div className="row">
        <h2 className="sp">{text.verify.claim}</h2>
        <SubjectLanguageChoice />
      </div>
      <form
        className="field"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void (subject === undefined ? claim() : compareCamera())
        }}
      >
        <label htmlFor="claim-number">{text.verify.number}</label>
        <input
          id="claim-number"
          ref={field}
          className={`in lg ltr ${hidden ? 'covered-field' : ''} ${numberProblem === undefined ? '' : 'err'}`}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          data-space-free={isName(typed) ? undefined : ''}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={names.people.length > 0}
          aria-controls={namesId}
          aria-activedescendant={active >= 0 ? optionId(namesId, active) : undefined}
          onKeyDown={press}
          aria-invalid={numberProblem !== undefined}
          aria-describedby="claim-help"
          onChange={(event) => setClaim(event.target.value)}
        />
        {numberProblem === undefined ? (
          <span className="help" id="claim-help">
            {text.verify.numberHelp}
          </span>
        ) : (
          <span className="help e" id="claim-help" role="alert">
            <CircleAlert className="i i16" aria-hidden="true" />
            {numberProblem}
          </span>
        )}
        <ClaimNames found={names} active={active} onChosen={choose} />
      </form>
      <button type="button" className="btn btn-w" disabled={busy !== undefined || verdict !== undefined} onClick={chooseFile}>
        <ImageUp className="i" aria-hidden="true" />
        {text.picture.use} <Key chord="Ctrl O" />
      </button>
      <div className="col g1">
        <Switch on={handsFree} words={text.verify.handsFree} chord="A" onChange={toggleHandsFree} />
        <span className="help">{text.verify.handsFreeHelp}</span>
      </div>
      {subject !== undefined && (
        <>
          <hr />
          <dl className="kv">
            <dt>{text.verify.name}</dt>
            <dd className="m">
              {subject.name === null ? <span className="mut">{text.verify.noName}</span> : <Private>{subject.name}</Private>}
            </dd>
            <dt>{text.verify.references}</dt>
            <dd>{number(subject.references)}</dd>
            <dt>{text.verify.enrolled}</dt>
            <dd>{day(subject.createdAt)}</dd>
          </dl>
        </>
      )}
      <span className="sp" />
      <p className="sm sec row g2 top">
        <WifiOff className="i i16" aria-hidden="true" />
        <span>{text.verify.local}</span>
      </p>
    </section>
  )
}
