/** Verification without hands: who shows a code is compared by itself, and after a match the next person may come. */
import { useEffect, useRef, useState } from 'react'
import { useLive } from '../../live/live.ts'
import { useGuidance } from '../../live/useLiveSession.ts'
import { count, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { compareCamera, nextPerson, useVerify } from './verifyStore.ts'

/** So long a match stays before the next person; it can be held. Everything but a match waits for the operator. */
const matchStaysS = 5

/** Guides the person at the camera; hands free it also compares as soon as guidance says that the picture is good. */
export function useVerificationGuidance(): void {
  const handsFree = useDesk((state) => state.handsFree)
  const wanted = useVerify(({ subject, verdict, busy, refusal }) => {
    return subject !== undefined && verdict === undefined && busy === undefined && refusal === undefined
  })
  useGuidance('verification', handsFree && wanted, { always: handsFree })
  const captures = useLive((state) => state.captures)
  const seen = useRef(captures)
  useEffect(() => {
    const asked = captures > seen.current
    seen.current = captures
    if (handsFree && wanted && asked) void compareCamera()
  }, [captures, handsFree, wanted])
}

/** Counts down to the next person after a match, and can be held. */
export function NextByItself() {
  const [left, setLeft] = useState(matchStaysS)
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000)
    return () => clearInterval(timer)
  }, [held])
  useEffect(() => {
    if (left <= 0) nextPerson()
  }, [left])
  return (
    <button type="button" className="btn v-btn2" aria-pressed={held} onClick={() => setHeld(!held)}>
      {held ? text.verify.held : count(text.verify.nextIn, Math.max(0, left))}
    </button>
  )
}
