/** Enrol: consent where it is asked for, the form of the site where it has one, capture or an exception, review of a possible duplicate, done. */
import { useEffect } from 'react'
import { refreshConsentText, useConsentText } from '../../state/consentText.ts'
import { refreshFormPolicy } from '../../state/formPolicy.ts'
import { CaptureStep } from './CaptureStep.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { DetailsStep } from './DetailsStep.tsx'
import { refreshDrafts } from './draftKeeper.ts'
import { EnrolDone } from './EnrolDone.tsx'
import { ExceptionStep } from './ExceptionStep.tsx'
import { useProposedNumber } from './proposedNumber.ts'
import { ReviewStep } from './ReviewStep.tsx'
import { useEnrolStep } from './useEnrolStep.ts'

export function EnrolScreen() {
  const step = useEnrolStep()
  const asked = useConsentText((state) => state.text)
  useProposedNumber(step === 'details' || step === 'capture')
  useEffect(() => {
    void refreshConsentText()
    void refreshFormPolicy()
    void refreshDrafts()
  }, [])
  switch (step) {
    case 'consent':
      return asked ? <ConsentStep asked={asked} /> : null
    case 'details':
      return <DetailsStep />
    case 'capture':
      return <CaptureStep />
    case 'exception':
      return <ExceptionStep />
    case 'review':
      return <ReviewStep />
    case 'done':
      return <EnrolDone />
  }
}
