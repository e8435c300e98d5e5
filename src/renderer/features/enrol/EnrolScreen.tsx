/** Enrol: capture, review of a possible duplicate, done. */
import { CaptureStep } from './CaptureStep.tsx'
import { EnrolDone } from './EnrolDone.tsx'
import { useEnrol } from './enrolStore.ts'
import { ReviewStep } from './ReviewStep.tsx'

export function EnrolScreen() {
  const step = useEnrol((state) => state.step)
  switch (step) {
    case 'capture':
      return <CaptureStep />
    case 'review':
      return <ReviewStep />
    case 'done':
      return <EnrolDone />
  }
}
