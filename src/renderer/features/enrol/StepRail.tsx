import { Check } from 'lucide-react'
import { text } from '../../locale/text.ts'
import { useEnrol } from './enrolStore.ts'

const steps = [
  ['capture', text.enrol.stepCapture],
  ['review', text.enrol.stepReview],
  ['done', text.enrol.stepDone],
] as const

/** The rail of steps above each of them. */
export function StepRail() {
  const step = useEnrol((state) => state.step)
  const current = steps.findIndex(([name]) => name === step)
  return (
    <ol className="steps" aria-label={text.enrol.steps}>
      {steps.map(([name, words], index) => (
        <li
          key={name}
          className={index < current ? 'done' : index === current ? 'cur' : ''}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className="dot">{index < current ? <Check className="i i16" aria-hidden="true" /> : index + 1}</span>
          <span className="sl">{words}</span>
        </li>
      ))}
    </ol>
  )
}
