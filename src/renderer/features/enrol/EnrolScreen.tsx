/** Enrol: consent where it is asked for, capture, review of a possible duplicate, done. */
import { useEffect } from 'react'
import { refreshConsentText, useConsentText } from '../../state/consentText.ts'
import { CaptureStep } from './CaptureStep.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { EnrolDone } from './EnrolDone.tsx'
import { useEnrol } from './enrolStore.ts'
import { ReviewStep } from './ReviewStep.tsx'

export function EnrolScreen() {
  const { step, consent } = useEnrol()
  const asked = useConsentText((state) => state.text)
  useEffect(() => void refreshConsentText(), [])
  switch (step) {
    case 'capture':
      return asked && consent === undefined ? <ConsentStep asked={asked} /> : <CaptureStep />
    case 'review':
      return <ReviewStep />
    case 'done':
      return <EnrolDone />
  }
}
