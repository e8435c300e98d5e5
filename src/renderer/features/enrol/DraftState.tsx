/** Whether this enrolment is kept, and the way to keep it for later. */
import { Save } from 'lucide-react'
import { clockTime, fill, text } from '../../locale/text.ts'
import { SureButton } from '../../ui/SureButton.tsx'
import { setAside } from './draftKeeper.ts'
import { nextPerson } from './enrolling.ts'
import { isBegun, useEnrol } from './enrolStore.ts'

export function DraftState() {
  const { savedAt, saving, draftIsOthers, busy } = useEnrol()
  const begun = useEnrol(isBegun)
  if (!begun && savedAt === undefined) return null
  const words =
    saving === 'saving'
      ? text.drafts.saving
      : saving === 'failed'
        ? text.drafts.notSaved
        : savedAt === undefined
          ? ''
          : fill(text.drafts.saved, { time: clockTime(savedAt) })
  return (
    <div className="draft-state">
      <span
        className={saving === 'failed' ? 'sm draft-word failed' : 'sm sec draft-word'}
        data-draft={saving ?? (savedAt === undefined ? 'none' : 'saved')}
        title={`${words}. ${text.drafts.kept}`}
      >
        <Save className="i i16" aria-hidden="true" /> <span className={saving === 'failed' ? 'tx' : 'sr'}>{words}</span>
      </span>
      <button
        type="button"
        className="btn btn-sm"
        title={text.drafts.asideText}
        disabled={busy !== undefined || draftIsOthers}
        onClick={() => void setAside()}
      >
        {text.drafts.aside}
      </button>
      <SureButton small words={text.drafts.discard} sure={text.drafts.discardSure} disabled={busy !== undefined} onSure={nextPerson} />
    </div>
  )
}
