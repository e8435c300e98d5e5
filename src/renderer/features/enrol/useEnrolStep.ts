/** The step that is shown: consent and the form of the site come first wherever they are still to be given. */
import { builtInFormVersion } from '../../../contract/form.ts'
import { useConsentText } from '../../state/consentText.ts'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { useEnrol } from './enrolStore.ts'

export type ShownStep = 'consent' | 'details' | 'capture' | 'exception' | 'review' | 'done'

export function useEnrolStep(): ShownStep {
  const { step, consent, detailsDone } = useEnrol()
  const asked = useConsentText((state) => state.text)
  const ownForm = useFormPolicy((state) => state.version !== builtInFormVersion)
  if (step === 'review' || step === 'done') return step
  // A draft of before the text changed holds an answer to another one.
  if (asked && consent?.version !== asked.version) return 'consent'
  return ownForm && !detailsDone ? 'details' : step
}
