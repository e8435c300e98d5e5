/** How the enrolment ended: the number, large, and what was kept; or who decides on it now. */
import { Hourglass, UserRoundPlus, XCircle } from 'lucide-react'
import { number, text } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Picture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { nextPerson } from './enrolling.ts'
import { type EnrolOutcome, useEnrol } from './enrolStore.ts'
import { Receipt } from './Receipt.tsx'
import { StepRail } from './StepRail.tsx'
import { bestShot } from './shotStrip.ts'

const keys = (stored: boolean) => [
  { chord: 'Enter', words: text.enrol.done.next },
  ...(stored ? [{ chord: 'Ctrl P', words: text.receipt.print }] : []),
]

const isStored = ({ kind }: EnrolOutcome) => kind === 'enrolled' || kind === 'added' || kind === 'exception'

const printsEach = () => {
  const { outcome } = useEnrol.getState()
  return useLook.getState().receipts && outcome !== undefined && isStored(outcome)
}

/** To the next person, with the receipt first where the site prints each. */
function goOn(): void {
  if (printsEach()) window.print()
  nextPerson()
}

export function EnrolDone() {
  const { outcome, enrolledAt } = useEnrol()
  useKeys([
    ['Enter', goOn],
    ['Escape', nextPerson],
  ])
  const receipts = useLook((state) => state.receipts)
  if (outcome === undefined) return null
  const stored = isStored(outcome)
  return (
    <Screen name={text.areas.enrol} keys={keys(stored)}>
      <div className="row steprow">
        <StepRail />
      </div>
      <div className={stored ? 'done-grid' : 'done-grid alone'}>
        <section className="card enrolled" data-outcome={outcome.kind}>
          <Head outcome={outcome} />
          {stored ? <Facts /> : <p className="done-facts sec">{wordsOf(outcome)}</p>}
          <span className="sp" />
          <div className="panel-foot row">
            <span className="sp" />
            {/* biome-ignore lint/a11y/noAutofocus: the main action of a finished enrolment */}
            <button type="button" className="btn btn-p btn-lg" autoFocus onClick={goOn}>
              <UserRoundPlus className="i" aria-hidden="true" />
              {receipts && stored ? text.receipt.printNext : text.enrol.done.next} <Key chord="Enter" />
            </button>
          </div>
        </section>
        {stored && enrolledAt !== undefined && <Receipt id={outcome.id} at={enrolledAt} />}
      </div>
    </Screen>
  )
}

const wordsOf = ({ kind }: EnrolOutcome) => (kind === 'waiting' ? text.outcome.waitingText : text.outcome.rejectedText)

const titleOf = ({ kind }: EnrolOutcome): string =>
  ({
    enrolled: text.enrol.done.title,
    added: text.outcome.added,
    exception: text.outcome.exception,
    waiting: text.outcome.waiting,
    rejected: text.outcome.rejected,
  })[kind]

function Head({ outcome }: { readonly outcome: EnrolOutcome }) {
  const shots = useEnrol((state) => state.shots)
  const Icon = outcome.kind === 'waiting' ? Hourglass : XCircle
  return (
    <div className="done-head" role="status">
      {isStored(outcome) ? <Mark size={104} /> : <Icon className="done-icon" aria-hidden="true" />}
      <div className="sp">
        <div className="done-title">{titleOf(outcome)}</div>
        <div className="done-number ltr">
          <Private>{outcome.id}</Private>
        </div>
      </div>
      {shots.length > 0 && (
        <div className="done-picture">
          <Picture bytes={bestShot(shots)?.sample ?? null} words={text.picture.captured} />
        </div>
      )}
    </div>
  )
}

function Facts() {
  const { name, shots } = useEnrol()
  return (
    <dl className="kv done-facts">
      <dt>{text.enrol.done.name}</dt>
      <dd>{name.trim() === '' ? <span className="mut">{text.enrol.done.noName}</span> : <Private>{name.trim()}</Private>}</dd>
      <dt>{text.enrol.done.shots}</dt>
      <dd>{number(shots.length)}</dd>
      {shots.length > 0 && (
        <>
          <dt>{text.enrol.done.pictureSource}</dt>
          <dd>{[...new Set(shots.map((shot) => text.enrol.done.sources[shot.captureSource]))].join(', ')}</dd>
        </>
      )}
    </dl>
  )
}
