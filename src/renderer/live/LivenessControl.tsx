/** Starts a challenge and tells how it goes and how it ended. A deterrence: the words never say more. */
import { Footprints } from 'lucide-react'
import { useState } from 'react'
import type { Unable } from '../../contract/liveness.ts'
import type { SessionId } from '../../contract/types.ts'
import { fill, text } from '../locale/text.ts'
import { call } from '../state/station.ts'
import { Key } from '../ui/Key.tsx'
import { useKeys } from '../ui/keys.ts'
import { useLive } from './live.ts'
import { useSession } from './useLiveSession.ts'

const choices = ['none', 'blink', 'turn', 'nod', 'all'] as const
type Choice = (typeof choices)[number]
const unableOf: Readonly<Record<Choice, Unable[]>> = {
  none: [],
  blink: ['blink'],
  turn: ['turn'],
  nod: ['nod'],
  all: ['blink', 'turn', 'nod'],
}

export function LivenessControl() {
  const [choice, setChoice] = useState<Choice>('none')
  const sessionId = useSession((state) => state.sessionId) as SessionId | undefined
  const virtualCamera = useSession((state) => state.virtualCamera)
  const liveness = useLive((state) => state.report?.liveness ?? null)
  const running = liveness !== null && liveness.state !== 'passed' && liveness.state !== 'failed'
  const act = () => {
    if (sessionId === undefined) return
    // A session that is gone opens again by itself; the challenge is asked for again then.
    const asked = running ? call('liveness.cancel', { sessionId }) : call('liveness.start', { sessionId, unable: unableOf[choice] })
    asked.catch(() => undefined)
  }
  useKeys([['L', act]])
  return (
    <div className="live-check">
      {virtualCamera !== null && <span className="tag">{fill(text.camera.virtual, { name: virtualCamera })}</span>}
      {liveness !== null && (
        <span className="tag" role="status" data-liveness={liveness.state}>
          {liveness.state === 'passed' && text.liveness.passed}
          {liveness.state === 'failed' && (liveness.failure === null ? '' : text.liveness.failures[liveness.failure])}
          {running && fill(text.liveness.progress, { done: liveness.done, all: liveness.all })}
        </span>
      )}
      <div className="row">
        <label>
          <span className="sr">{text.liveness.unable}</span>
          <select className="in sm" value={choice} disabled={running} onChange={(event) => setChoice(event.target.value as Choice)}>
            {choices.map((name) => (
              <option key={name} value={name}>
                {text.liveness.unables[name]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="btn btn-sm" disabled={sessionId === undefined} onClick={act} title={text.liveness.title}>
          <Footprints className="i i16" aria-hidden="true" />
          {running ? text.liveness.cancel : text.liveness.start} <Key chord="L" />
        </button>
      </div>
    </div>
  )
}
