/** What to do, or the verdict: told by word, shape, pattern and colour. With details covered every verdict looks the same. */
import { ScanFace } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { OutputOf } from '../../../contract/table.ts'
import { SayIcon } from '../../live/SayIcon.tsx'
import { useSession } from '../../live/useLiveSession.ts'
import { useSay } from '../../live/useSay.ts'
import { useSubjectText, useSubjectWords } from '../../locale/subjectLanguage.ts'
import { fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { useLook } from '../../state/look.ts'
import { Key } from '../../ui/Key.tsx'
import { NextByItself } from './handsFree.tsx'
import { type VerdictName, VerdictShape } from './VerdictShape.tsx'
import { playVerdict } from './verdictSound.ts'
import { compareCamera, nextPerson, tryAgain, useVerify } from './verifyStore.ts'

const looks = { match: 'v-pos', nonMatch: 'v-neg', inconclusive: 'v-inc' } as const

export function VerdictPanel() {
  const verdict = useVerify((state) => state.verdict)
  const hidden = useDesk((state) => state.hidden)
  useVerdictSound(verdict, hidden)
  if (verdict === undefined) return <ReadyPanel />
  return hidden ? <CoveredPanel /> : <DecidedPanel name={verdict.decision} />
}

/** Sounds once for each verdict; covering and uncovering it sounds nothing. */
function useVerdictSound(verdict: OutputOf<'subject.verify'> | undefined, hidden: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new verdict sounds
  useEffect(() => {
    if (verdict !== undefined && useLook.getState().sounds) playVerdict(hidden ? 'covered' : verdict.decision)
  }, [verdict])
}

/** Enter does this after a verdict. */
export function mainAction(name: VerdictName): void {
  if (name === 'match') nextPerson()
  else tryAgain()
}

function ReadyPanel() {
  const { subject, busy } = useVerify()
  const hidden = useDesk((state) => state.hidden)
  const ready = useSession((state) => state.sessionId !== undefined)
  const { instruction, words } = useSay()
  const spoken = useSubjectWords()
  const button = useRef<HTMLButtonElement>(null)
  // A disabled button takes no focus: where the camera is ready after the subject, the focus comes with the camera.
  // It is given once for each subject and try, so that a camera that comes back takes it from no field.
  const owed = subject !== undefined && busy === undefined
  const given = useRef(false)
  useEffect(() => {
    if (!owed) given.current = false
    if (!owed || !ready || given.current) return
    given.current = true
    button.current?.focus()
  }, [owed, ready])
  return (
    <div className="verdict v-wait">
      {subject === undefined ? <VerdictShape name="ready" /> : <SayIcon instruction={instruction} className="shape say-shape" />}
      <div role="status" aria-live="polite" aria-atomic="true" className="sp">
        {subject === undefined ? (
          <div className="w w-wait">{text.verify.first}</div>
        ) : (
          <div className="w w-wait" {...spoken}>
            {words}
          </div>
        )}
        <div className="d sec">
          {subject === undefined ? text.verify.firstText : fill(text.verify.comparingWith, { id: hidden ? text.hidden : subject.id })}
        </div>
      </div>
      {subject !== undefined && (
        <div className="col g2 v-actions">
          <button
            type="button"
            ref={button}
            className="btn btn-p btn-lg"
            disabled={!ready || busy !== undefined}
            onClick={() => void compareCamera()}
          >
            <ScanFace className="i" aria-hidden="true" />
            {busy === 'comparing' ? text.verify.comparing : text.verify.compare} <Key chord="Enter" />
          </button>
        </div>
      )}
    </div>
  )
}

function DecidedPanel({ name }: { readonly name: VerdictName }) {
  const id = useVerify((state) => state.subject?.id ?? '')
  const words = text.verify[name]
  return (
    <div className={`verdict ${looks[name]}`} data-verdict={name}>
      <VerdictShape name={name} />
      <div role="alert" aria-live="assertive" className="sp">
        <div className="w">{words.word}</div>
        <div className="d">{fill(words.text, { id })}</div>
      </div>
      <Actions name={name} main="btn btn-lg v-btn" second="btn v-btn2" />
    </div>
  )
}

function CoveredPanel() {
  const said = useSubjectText()
  const spoken = useSubjectWords()
  return (
    <div className="verdict v-wait" data-verdict="covered">
      <VerdictShape name="covered" />
      <div role="alert" className="sp" {...spoken}>
        <div className="w w-wait">{said.verify.hiddenWord}</div>
        <div className="d sec">{said.verify.hiddenText}</div>
      </div>
      {/* One action for every verdict: a button's word would tell it. */}
      <div className="col g2 v-actions">
        <button type="button" className="btn btn-lg" onClick={nextPerson}>
          {text.verify.next} <Key chord="Enter" />
        </button>
      </div>
    </div>
  )
}

function Actions({ name, main, second }: { readonly name: VerdictName; readonly main: string; readonly second: string }) {
  const handsFree = useDesk((state) => state.handsFree)
  return (
    <div className="col g2 v-actions">
      {/* biome-ignore lint/a11y/noAutofocus: the main action of a verdict, announced with it */}
      <button type="button" className={main} autoFocus onClick={() => mainAction(name)}>
        {text.verify[name].main} <Key chord="Enter" />
      </button>
      {name === 'match' && handsFree && <NextByItself />}
      {name !== 'match' && (
        <button type="button" className={second} onClick={nextPerson}>
          {text.verify.next} <Key chord="N" />
        </button>
      )}
    </div>
  )
}
