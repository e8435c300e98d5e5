/** Somebody in the gallery looks alike: side by side, with the strength of evidence; a person decides, and nothing is preselected. */
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Candidate } from '../../../contract/rows/subject.ts'
import { strengthPerComparison } from '../../evidence/strength.ts'
import { strengthText } from '../../evidence/strengthText.ts'
import { day, fill, text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { useSubject } from '../../state/useSubject.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Picture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { CompareDetails } from '../decision/CompareDetails.tsx'
import { Evidence } from '../decision/Evidence.tsx'
import { PicturePair } from '../decision/PicturePair.tsx'
import { DuplicateDecision } from './DuplicateDecision.tsx'
import { closeRefusal, useEnrol } from './enrolStore.ts'
import { StepRail } from './StepRail.tsx'
import { bestShot } from './shotStrip.ts'

const keys = () => [
  { chord: '1', words: text.decision.compare.same },
  { chord: '2', words: text.decision.compare.different },
  { chord: 'Ctrl Enter', words: text.decision.record },
  { chord: 'I', words: text.decision.leave },
  { chord: 'Esc', words: text.enrol.review.back, spare: true },
]

export function ReviewStep() {
  const { candidates, shots, refusal, number, name, form } = useEnrol()
  const [index, setIndex] = useState(0)
  const candidate = candidates[index] ?? candidates[0]
  const subject = useSubject(candidate?.id)
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
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a small screen the details are scrolled by their keys */}
        <section className="card pad5 col g4 review-pair" aria-label={text.decision.compare.title} tabIndex={0}>
          <PicturePair
            now={<Picture bytes={bestShot(shots)?.sample ?? null} words={text.enrol.review.this} />}
            candidate={candidate?.id}
            stored={subject.picture}
            note={
              <span className="sm sec">{subject.summary && fill(text.identify.enrolledOn, { date: day(subject.summary.createdAt) })}</span>
            }
          />
          {candidates.length > 1 && <Others candidates={candidates} index={index} onPick={setIndex} />}
          <CompareDetails now={{ id: number.trim(), name: name.trim() === '' ? null : name.trim(), form }} stored={subject.summary} />
        </section>
        <div className="col g4 review-side">
          {candidate !== undefined && (
            <div className="card pad5">
              <Evidence fmr={candidate.fmr} />
            </div>
          )}
          {candidate !== undefined && <DuplicateDecision candidate={candidate.id} />}
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
