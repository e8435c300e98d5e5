import { Check } from 'lucide-react'
import { text } from '../../locale/text.ts'
import { useEnrol } from './enrolStore.ts'

const names = ['capture', 'review', 'done'] as const

/** The rail of steps above each of them. */
export function StepRail() {
  const step = useEnrol((state) => state.step)
  const current = names.indexOf(step)
  const words = [text.enrol.stepCapture, text.enrol.stepReview, text.enrol.stepDone]
  return (
    <ol className="steps" aria-label={text.enrol.steps}>
      {names.map((name, index) => (
        <li
          key={name}
          className={index < current ? 'done' : index === current ? 'cur' : ''}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className="dot">{index < current ? <Check className="i i16" aria-hidden="true" /> : index + 1}</span>
          <span className="sl">{words[index]}</span>
        </li>
      ))}
    </ol>
  )
}
