/** Somebody in the gallery looks alike: side by side, with the strength of evidence; a person decides, and nothing is preselected. */
import { ScrollText, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Candidate } from '../../../contract/rows/subject.ts'
import { StrengthScale } from '../../evidence/StrengthScale.tsx'
import { strengthPerComparison } from '../../evidence/strength.ts'
import { strengthText } from '../../evidence/strengthText.ts'
import { day, fill, text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { wantedFmr } from '../../state/subjectId.ts'
import { useSubject } from '../../state/useSubject.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Picture, StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { backToCapture, choose, closeRefusal, recordChoice, useEnrol } from './enrolStore.ts'
import { StepRail } from './StepRail.tsx'
import { bestShot } from './shotStrip.ts'

const keys = () => [
  { chord: '1', words: text.enrol.review.same },
  { chord: '2', words: text.enrol.review.different },
  { chord: 'Ctrl Enter', words: text.enrol.review.record },
  { chord: 'Esc', words: text.enrol.review.back },
]

export function ReviewStep() {
  const { candidates, shots, refusal, number } = useEnrol()
  const [index, setIndex] = useState(0)
  const candidate = candidates[index]
  const subject = useSubject(candidate?.id)
  useKeys([
    ['1', () => choose('same')],
    ['2', () => choose('different')],
    ['Ctrl Enter', () => void recordChoice()],
    ['Escape', backToCapture],
  ])
  return (
    <Screen name={text.areas.enrol} keys={keys()}>
      <div className="row steprow">
        <StepRail />
        <span className="chip out">
          {text.enrol.details}{' '}
          <Private>
            <span className="ltr">{number.trim()}</span>
          </Private>
        </span>
      </div>
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      <div className="banner warn" role="alert">
        <TriangleAlert className="i" aria-hidden="true" />
        <p>
          <b>{text.enrol.review.banner}</b> {text.enrol.review.bannerText}
        </p>
      </div>
      <div className="review">
        <section className="card pad5 col g4 review-pair">
          <div className="pair">
            <figure>
              <figcaption className="b">{text.enrol.review.this}</figcaption>
              <div className="ph">
                <Picture bytes={bestShot(shots)?.sample ?? null} words={text.enrol.review.this} />
              </div>
            </figure>
            <div className="joint" aria-hidden="true">
              ≈
            </div>
            {candidate !== undefined && (
              <figure>
                <figcaption className="row">
                  <span className="b sp">
                    <Private>
                      {subject.summary?.name ?? fill(text.enrol.review.reference, { id: candidate.id })}
                      <span className="ltr sec"> {subject.summary?.name ? candidate.id : ''}</span>
                    </Private>
                  </span>
                  <span className="sm sec">
                    {subject.summary && fill(text.identify.enrolledOn, { date: day(subject.summary.createdAt) })}
                  </span>
                </figcaption>
                <div className="ph">
                  <StoredPicture bytes={subject.picture} words={fill(text.picture.ofSubject, { id: candidate.id })} />
                </div>
              </figure>
            )}
          </div>
          {candidates.length > 1 && <Others candidates={candidates} index={index} onPick={setIndex} />}
        </section>
        <div className="col g4 review-side">
          {candidate !== undefined && <Evidence candidate={candidate} />}
          <Decision />
        </div>
      </div>
    </Screen>
  )
}

interface OthersProps {
  readonly candidates: readonly Candidate[]
  readonly index: number
  readonly onPick: (index: number) => void
}

function Others({ candidates, index, onPick }: OthersProps) {
  const fmrMin = useStation((state) => state.fmrMin)
  return (
    <div className="col g2">
      <h3>{text.enrol.review.others}</h3>
      <div className="others">
        {candidates.map((candidate, place) => (
          <button type="button" key={candidate.id} className="btn btn-sm" aria-pressed={place === index} onClick={() => onPick(place)}>
            <Private>
              <span className="ltr">{candidate.id}</span> · {strengthText(strengthPerComparison(candidate.fmr, fmrMin))}
            </Private>
          </button>
        ))}
      </div>
    </div>
  )
}

function Evidence({ candidate }: { readonly candidate: Candidate }) {
  const fmrMin = useStation((state) => state.fmrMin)
  return (
    <section className="card pad5 col g3">
      <div>
        <div className="sm sec">{text.enrol.review.strength}</div>
        <div className="ev num">
          <Private>{strengthText(strengthPerComparison(candidate.fmr, fmrMin))}</Private>
        </div>
        <div>
          <b>{text.enrol.review.chance}</b> <span className="sec">{text.enrol.review.perComparison}</span>
        </div>
      </div>
      <Private>{fmrMin !== null && <StrengthScale fmr={candidate.fmr} fmrThreshold={wantedFmr} fmrMin={fmrMin} />}</Private>
      <p className="sm sec">
        {text.enrol.review.twins} {text.identify.limit}
      </p>
    </section>
  )
}

const options = () =>
  [
    ['same', text.enrol.review.same, text.enrol.review.sameText],
    ['different', text.enrol.review.different, text.enrol.review.differentText],
  ] as const

function Decision() {
  const { choice, busy } = useEnrol()
  return (
    <section className="card pad5 col g3 decision">
      <fieldset className="col g2">
        <legend className="b">{text.enrol.review.decision}</legend>
        {options().map(([value, words, help], index) => (
          <label className={choice === value ? 'opt on' : 'opt'} key={value}>
            <input type="radio" name="duplicate" className="rad" checked={choice === value} onChange={() => choose(value)} />
            <span className="sp">
              <span className="m">{words}</span>
              <span className="sm sec block">{help}</span>
            </span>
            <Key chord={String(index + 1)} />
          </label>
        ))}
      </fieldset>
      <span className="sp" />
      <p className="sm sec row g2 note">
        <ScrollText className="i i16" aria-hidden="true" />
        {text.enrol.review.audit}
      </p>
      <div className="decision-buttons">
        <button type="button" className="btn" onClick={backToCapture}>
          {text.enrol.review.back} <Key chord="Esc" />
        </button>
        <button
          type="button"
          className="btn btn-p"
          disabled={choice === undefined || busy !== undefined}
          onClick={() => void recordChoice()}
        >
          {busy === 'enrolling' ? text.enrol.enrolling : text.enrol.review.record} <Key chord="Ctrl Enter" />
        </button>
      </div>
    </section>
  )
}
