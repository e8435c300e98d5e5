/** The instruction over the stage: large, for the subject, and spoken politely when it changes. */
import { useSubjectWords } from '../locale/subjectLanguage.ts'
import { SayIcon } from './SayIcon.tsx'
import { useSay } from './useSay.ts'

export function Say() {
  const { instruction, words } = useSay()
  const spoken = useSubjectWords()
  return (
    <div className="say">
      <SayIcon instruction={instruction} />
      <div className="t" role="status" aria-live="polite" aria-atomic="true" {...spoken}>
        {words}
      </div>
    </div>
  )
}
