/** The captured shots; each can be removed. */
import { Star, TriangleAlert, X } from 'lucide-react'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import { fill, text } from '../../locale/text.ts'
import { Picture } from '../../ui/Picture.tsx'
import { takeAway } from './enrolling.ts'
import { useEnrol } from './enrolStore.ts'
import { bestShot, shotsMax, worstOf } from './shotStrip.ts'

export function ShotStrip() {
  const shots = useEnrol((state) => state.shots)
  const best = shots.length > 1 ? bestShot(shots) : undefined
  return (
    <>
      <div className="col g1 dock-t">
        <span className="b">{text.enrol.captured}</span>
        <span className="sec sm" role="status">
          {fill(text.enrol.capturedCount, { n: shots.length, max: shotsMax })}
        </span>
      </div>
      <ul className="shots">
        {shots.map((shot, index) => (
          <li className={shot === best ? 'shot best' : 'shot'} key={shot.captureId}>
            <Picture bytes={shot.sample} words={fill(text.picture.shot, { n: index + 1 })} />
            {shot === best && (
              <span className="bm">
                <Star className="i" aria-hidden="true" />
                {text.enrol.best}
              </span>
            )}
            <ShotWarning shot={shot} />
            <button
              type="button"
              className="rm"
              onClick={() => takeAway(shot.captureId)}
              aria-label={fill(text.enrol.remove, { n: index + 1 })}
            >
              <X className="i" aria-hidden="true" />
            </button>
          </li>
        ))}
        {Array.from({ length: shotsMax - shots.length }, (_, index) => shots.length + index + 1).map((place) => (
          <li className="shot empty" key={place}>
            <span aria-hidden="true">{place}</span>
            <span className="sr">{text.enrol.empty}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What is worst about a shot, in words, behind a mark. */
function ShotWarning({ shot }: { readonly shot: CaptureSummary }) {
  const worst = worstOf(shot)
  if (worst === undefined) return null
  const { name, [worst.side]: remedy } = text.quality.components[worst.component]
  const words = fill(text.quality.first, { what: name, remedy })
  return (
    <span className="wm" title={words}>
      <TriangleAlert className="i i16" aria-hidden="true" />
      <span className="sr">{words}</span>
    </span>
  )
}
