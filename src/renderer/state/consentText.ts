/** The text that subjects are asked for consent with; asked for when enrolling begins, and again when it was changed. */
import { create } from 'zustand'
import type { ConsentText } from '../../contract/rows/consent.ts'
import { call, refusalFor } from './station.ts'

/** undefined while it is not known; null where nobody is asked. */
export const useConsentText = create<{ readonly text: ConsentText | null | undefined }>()(() => ({ text: undefined }))

export async function refreshConsentText(): Promise<void> {
  try {
    useConsentText.setState(await call('consent.text', {}))
  } catch (error) {
    // The station refuses an enrolment without the consent that it needs: what is shown meanwhile does no harm.
    refusalFor(error)
  }
}
