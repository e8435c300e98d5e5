/** The captured shots; each can be removed. */
import { Star, X } from 'lucide-react'
import { fill, text } from '../../locale/text.ts'
import { Picture } from '../../ui/Picture.tsx'
import { takeAway, useEnrol } from './enrolStore.ts'
import { bestShot, shotsMax } from './shotStrip.ts'

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
