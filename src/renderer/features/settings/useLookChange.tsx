import { useState } from 'react'
import type { DeskSettings } from '../../../contract/rows/desk.ts'
import { text } from '../../locale/text.ts'
import { changeLook } from '../../state/look.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

/** Changes of the desk are kept at once. @returns what makes one, and what is told of it */
export function useLookChange() {
  const { refusal, run, dismiss } = useDoing()
  const [saved, setSaved] = useState(false)
  const change = (changes: Partial<DeskSettings>) => {
    setSaved(false)
    void run(async () => {
      await changeLook(changes)
      setSaved(true)
    })
  }
  const told = (
    <>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <p className="sm sec" role="status">
        {saved && text.settings.saved}
      </p>
    </>
  )
  return { change, told }
}
