/** Enrolled: the number, large, and what was kept. */
import { UserRoundPlus } from 'lucide-react'
import { number, text } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Picture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { nextPerson, useEnrol } from './enrolStore.ts'
import { Receipt } from './Receipt.tsx'
import { StepRail } from './StepRail.tsx'
import { bestShot } from './shotStrip.ts'

const keys = () => [
  { chord: 'Enter', words: text.enrol.done.next },
  { chord: 'Ctrl P', words: text.receipt.print },
]

/** To the next person, with the receipt first where the site prints each. */
function goOn(): void {
  if (useLook.getState().receipts) window.print()
  nextPerson()
}

export function EnrolDone() {
  const { result, name, shots, enrolledAt } = useEnrol()
  useKeys([
    ['Enter', goOn],
    ['Escape', nextPerson],
  ])
  const prints = useLook((state) => state.receipts)
  const best = bestShot(shots)
  return (
    <Screen name={text.areas.enrol} keys={keys()}>
      <div className="row steprow">
        <StepRail />
      </div>
      <div className="done-grid">
        <section className="card enrolled">
          <div className="done-head" role="status">
            <Mark size={104} />
            <div className="sp">
              <div className="done-title">{text.enrol.done.title}</div>
              <div className="done-number ltr">
                <Private>{result?.id}</Private>
              </div>
            </div>
            <div className="done-picture">
              <Picture bytes={best?.sample ?? null} words={text.picture.captured} />
            </div>
          </div>
          <dl className="kv done-facts">
            <dt>{text.enrol.done.name}</dt>
            <dd>{name.trim() === '' ? <span className="mut">{text.enrol.done.noName}</span> : <Private>{name.trim()}</Private>}</dd>
            <dt>{text.enrol.done.shots}</dt>
            <dd>{number(shots.length)}</dd>
            <dt>{text.enrol.done.pictureSource}</dt>
            <dd>{[...new Set(shots.map((shot) => text.enrol.done.sources[shot.captureSource]))].join(', ')}</dd>
          </dl>
          <span className="sp" />
          <div className="panel-foot row">
            <span className="sp" />
            {/* biome-ignore lint/a11y/noAutofocus: the main action of a finished enrolment */}
            <button type="button" className="btn btn-p btn-lg" autoFocus onClick={goOn}>
              <UserRoundPlus className="i" aria-hidden="true" />
              {prints ? text.receipt.printNext : text.enrol.done.next} <Key chord="Enter" />
            </button>
          </div>
        </section>
        {result !== undefined && enrolledAt !== undefined && <Receipt id={result.id} at={enrolledAt} />}
      </div>
    </Screen>
  )
}
