import { Check } from 'lucide-react'
import { text } from '../../locale/text.ts'
import { useConsentText } from '../../state/consentText.ts'
import { useEnrol } from './enrolStore.ts'

const withoutConsent = ['capture', 'review', 'done'] as const
const withConsent = ['consent', ...withoutConsent] as const

/** The rail of steps above each of them. */
export function StepRail() {
  const { step, consent } = useEnrol()
  const asked = useConsentText((state) => Boolean(state.text))
  const names: readonly (typeof withConsent)[number][] = asked ? withConsent : withoutConsent
  const current = asked && step === 'capture' && consent === undefined ? 0 : names.indexOf(step)
  const words = { consent: text.consent.step, capture: text.enrol.stepCapture, review: text.enrol.stepReview, done: text.enrol.stepDone }
  return (
    <ol className="steps" aria-label={text.enrol.steps}>
      {names.map((name, index) => (
        <li
          key={name}
          className={index < current ? 'done' : index === current ? 'cur' : ''}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className="dot">{index < current ? <Check className="i i16" aria-hidden="true" /> : index + 1}</span>
          <span className="sl">{words[name]}</span>
        </li>
      ))}
    </ol>
  )
}
