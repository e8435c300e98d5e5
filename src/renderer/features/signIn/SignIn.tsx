/** Who is working here: name and password or PIN, while nobody is signed in or the desk is locked. */
import { CameraOff, LockKeyhole, WifiOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Refusal } from '../../../contract/errors.ts'
import { clockTime, fill, longDay, text } from '../../locale/text.ts'
import { signIn, signOut, useOperator } from '../../state/operator.ts'
import { refusalFor } from '../../state/station.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { LanguageChoice } from '../../ui/LanguageChoice.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { PassphraseField } from '../setup/PassphraseField.tsx'
import { NameField } from './NameField.tsx'
import { remaining, waitMsOf } from './waiting.ts'

export function SignIn() {
  return (
    <div className="sign-in">
      <Idle />
      <main className="sign-in-form" aria-label={text.signIn.title}>
        <div className="sign-in-language">
          <LanguageChoice />
        </div>
        <SignInForm />
      </main>
    </div>
  )
}

/** What a covered desk shows: the time, and that nothing is going on. */
function Idle() {
  const now = useClock(1000)
  return (
    <section className="sign-in-idle">
      <span className="brand">
        <Mark />
        {text.product}
      </span>
      <div>
        <time className="sign-in-clock">{clockTime(now)}</time>
        <p className="sign-in-day sec">{longDay(now)}</p>
      </div>
      <p className="row g6 sec sm wrap">
        <span className="row g2">
          <LockKeyhole className="i i16" aria-hidden="true" /> {text.signIn.covered}
        </span>
        <span className="row g2">
          <CameraOff className="i i16" aria-hidden="true" /> {text.signIn.cameraOff}
        </span>
        <span className="row g2">
          <WifiOff className="i i16" aria-hidden="true" /> {text.signIn.offline}
        </span>
      </p>
    </section>
  )
}

function SignInForm() {
  const current = useOperator((state) => state.current)
  const kept = useOperator((state) => state.owner !== null)
  const locked = current?.state === 'locked'
  const [name, setName] = useState(current?.name ?? '')
  const [secret, setSecret] = useState('')
  const [working, setWorking] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [waitMs, setWaitMs] = useWait()
  const usable = name.trim() !== '' && secret !== '' && waitMs === 0 && !working
  const enter = async () => {
    if (!usable) return
    setWorking(true)
    setRefusal(undefined)
    try {
      await signIn(name, secret)
    } catch (error) {
      setRefusal(refusalFor(error))
      setWaitMs(waitMsOf(error))
      setSecret('')
    } finally {
      setWorking(false)
    }
  }
  return (
    <form
      className="col g5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void enter()
      }}
    >
      <div className="col g1">
        <h1>{text.signIn.title}</h1>
        <p className="sec">{locked && current.name !== null ? lockedWords(current.name, current.lockedAt) : text.signIn.words}</p>
        {kept && <p className="sec">{text.signIn.kept}</p>}
      </div>
      <NameField
        value={name}
        focused={!locked}
        onChange={(typed) => {
          setName(typed)
          // Each name waits for itself.
          setWaitMs(0)
        }}
      />
      <PassphraseField
        id="operator-secret"
        fresh={false}
        focused={locked}
        label={text.signIn.secret}
        value={secret}
        onChange={setSecret}
        invalid={refusal?.code === 'signIn.wrong'}
      />
      <RefusalBanner refusal={refusal} />
      {waitMs > 0 && (
        <p className="banner warn" role="timer">
          <LockKeyhole className="i" aria-hidden="true" />
          <span>
            {text.signIn.wait} <b className="num">{remaining(waitMs)}</b>
          </span>
        </p>
      )}
      <button type="submit" className="btn btn-p btn-lg btn-w" disabled={!usable}>
        {text.signIn.button} <Key chord="Enter" />
      </button>
      <span className="sm sec" role="status">
        {working && text.signIn.working}
      </span>
      {kept && (
        <button type="button" className="btn btn-w" onClick={() => void signOut()}>
          {text.signIn.clear}
        </button>
      )}
    </form>
  )
}

function lockedWords(name: string, lockedAt: string | null): string {
  return fill(text.signIn.locked, { name, time: lockedAt === null ? '' : clockTime(new Date(lockedAt)) })
}

function useClock(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** What is left of a wait, counted down; setting it starts it anew. */
function useWait(): readonly [waitMs: number, setWaitMs: (waitMs: number) => void] {
  const [endMs, setEndMs] = useState(0)
  const [nowMs, setNowMs] = useState(0)
  const waiting = endMs > nowMs
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(() => setNowMs(performance.now()), 250)
    return () => clearInterval(timer)
  }, [waiting])
  const set = (waitMs: number) => {
    const startMs = performance.now()
    setNowMs(startMs)
    setEndMs(startMs + waitMs)
  }
  return [waiting ? endMs - nowMs : 0, set]
}
