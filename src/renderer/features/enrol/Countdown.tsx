/** The moment before a picture is taken by itself: it is shown, and it can be stopped. */
import { useEffect, useRef, useState } from 'react'
import { useLive } from '../../live/live.ts'
import { toggleAuto } from '../../live/useLiveSession.ts'
import { text } from '../../locale/text.ts'
import { Key } from '../../ui/Key.tsx'
import { captureShot } from './enrolling.ts'
import { useEnrol } from './enrolStore.ts'

/** Long enough to see it and to press a key. */
export const countdownMs = 1200

export interface Countdown {
  readonly counting: boolean
  /** Takes no picture, and none by itself until that is switched on again. */
  readonly stop: () => void
}

/**
 * Takes the first shot a moment after guidance asks for one; the operator takes the others. Who leaves the picture meanwhile stops it too,
 * and guidance asks again.
 * @param on whether a picture is wanted and may be taken by itself
 */
export function useAutoCapture(on: boolean): Countdown {
  const { captures, face } = useLive()
  const seen = useRef(captures)
  const [counting, setCounting] = useState(false)
  useEffect(() => {
    const asked = captures > seen.current
    seen.current = captures
    if (on && asked) setCounting(true)
  }, [captures, on])
  useEffect(() => {
    if (!counting) return
    if (!on || !face) return setCounting(false)
    const timer = setTimeout(() => {
      setCounting(false)
      void captureShot()
    }, countdownMs)
    return () => clearTimeout(timer)
  }, [counting, on, face])
  const stop = () => {
    setCounting(false)
    toggleAuto()
    useEnrol.setState({ notice: text.enrol.stopped })
  }
  return { counting, stop }
}

export function CountdownPill({ counting, stop }: Countdown) {
  if (!counting) return null
  return (
    <span className="pill c countdown">
      <span className="countdown-bar" aria-hidden="true">
        <i style={{ animationDuration: `${countdownMs}ms` }} />
      </span>
      <span role="status">{text.picture.capturing}</span>
      <button type="button" className="btn btn-sm" onClick={stop}>
        {text.enrol.stop} <Key chord="Esc" />
      </button>
    </span>
  )
}
