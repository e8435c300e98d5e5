/** Nobody above the threshold: what that means and what can be done. */
import { type LucideIcon, ScanSearch, UserCheck, UserRoundPlus } from 'lucide-react'
import { fill, text } from '../../locale/text.ts'
import { goTo } from '../../state/desk.ts'
import { Key } from '../../ui/Key.tsx'
import { clearSearch } from './identifyStore.ts'

export function NoCandidate({ gallerySize }: { readonly gallerySize: number }) {
  return (
    <section className="card col none" aria-label={text.identify.none}>
      <div className="none-head row g6">
        <svg viewBox="0 0 84 84" width="84" height="84" fill="none" stroke="var(--line-strong)" strokeWidth="3.4" aria-hidden="true">
          <path d="M4 24V4h20M60 4h20v20M80 60v20H60M24 80H4V60" />
          <ellipse cx="42" cy="42" rx="19" ry="25" strokeDasharray="7 6" />
        </svg>
        <div role="status">
          <div className="none-title">{text.identify.none}</div>
          <p className="none-text sec">{gallerySize === 0 ? text.identify.noneEmpty : fill(text.identify.noneText, { n: gallerySize })}</p>
        </div>
      </div>
      <hr />
      {gallerySize > 0 && (
        <div className="none-part col g2">
          <h2>{text.identify.means}</h2>
          <p>
            <b>{text.identify.meansLead}</b> {text.identify.meansText}
          </p>
        </div>
      )}
      <div className="none-part col g3">
        <h2>{text.identify.can}</h2>
        <WayOn Icon={ScanSearch} title={text.identify.canAgain} words={text.identify.canAgainText} chord="Space" onClick={clearSearch} />
        <WayOn
          Icon={UserCheck}
          title={text.identify.canVerify}
          words={text.identify.canVerifyText}
          chord="Alt 2"
          onClick={() => goTo('verify')}
        />
        <WayOn
          Icon={UserRoundPlus}
          title={text.identify.canEnrol}
          words={text.identify.canEnrolText}
          chord="Alt 1"
          onClick={() => goTo('enrol')}
        />
      </div>
    </section>
  )
}

interface WayOnProps {
  readonly Icon: LucideIcon
  readonly title: string
  readonly words: string
  readonly chord: string
  readonly onClick: () => void
}

function WayOn({ Icon, title, words, chord, onClick }: WayOnProps) {
  return (
    <button type="button" className="opt" onClick={onClick}>
      <Icon className="i" aria-hidden="true" />
      <span className="sp">
        <span className="m block">{title}</span>
        <span className="sm sec block">{words}</span>
      </span>
      <Key chord={chord} />
    </button>
  )
}
