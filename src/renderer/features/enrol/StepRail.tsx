import { Check } from 'lucide-react'
import { builtInFormVersion } from '../../../contract/form.ts'
import { text } from '../../locale/text.ts'
import { useConsentText } from '../../state/consentText.ts'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { type ShownStep, useEnrolStep } from './useEnrolStep.ts'

/** The rail of steps above each of them. An exception stands in the place of the capture. */
export function StepRail() {
  const step = useEnrolStep()
  const asked = useConsentText((state) => Boolean(state.text))
  const ownForm = useFormPolicy((state) => state.version !== builtInFormVersion)
  const capture = step === 'exception' ? 'exception' : 'capture'
  const names: readonly ShownStep[] = [
    ...(asked ? ['consent' as const] : []),
    ...(ownForm ? ['details' as const] : []),
    capture,
    'review',
    'done',
  ]
  const current = names.indexOf(step)
  const words: Readonly<Record<ShownStep, string>> = {
    consent: text.consent.step,
    details: text.form.step,
    capture: text.enrol.stepCapture,
    exception: text.exception.step,
    review: text.enrol.stepReview,
    done: text.enrol.stepDone,
  }
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
