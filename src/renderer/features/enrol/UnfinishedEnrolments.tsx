/** What was begun and not finished, at the top of a desk on which nothing is begun: the way back into it after a crash, a lock, a reload. */
import { History } from 'lucide-react'
import type { DraftSummary } from '../../../contract/rows/draft.ts'
import { ago } from '../../locale/ago.ts'
import { count, fill, text } from '../../locale/text.ts'
import { useDesk } from '../../state/desk.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'
import { continueDraft, discardDraft, refreshDrafts, useDrafts } from './draftKeeper.ts'
import { isBegun, useEnrol } from './enrolStore.ts'

export function UnfinishedEnrolments() {
  const drafts = useDrafts((state) => state.drafts)
  const begun = useEnrol((state) => isBegun(state) || state.draft !== undefined)
  const { doing, refusal, run, dismiss } = useDoing()
  if (begun || drafts === undefined || drafts.length === 0) return null
  // The newest is what somebody comes back for.
  const newestFirst = [...drafts].sort((a, b) => (a.changedAt < b.changedAt ? 1 : -1))
  const act = (work: () => Promise<void>) =>
    void run(async () => {
      await work().catch(async (error: unknown) => {
        await refreshDrafts()
        throw error
      })
    })
  return (
    <section className="drafts banner info" aria-label={text.drafts.title}>
      <History className="i" aria-hidden="true" />
      <div className="sp col g2">
        {newestFirst.length > 1 && <h2 className="b">{text.drafts.title}</h2>}
        <ul className="col g2">
          {newestFirst.map((draft) => (
            <Draft
              key={draft.draft}
              draft={draft}
              doing={doing}
              onContinue={() => act(() => continueDraft(draft))}
              onDiscard={() => act(() => discardDraft(draft.draft))}
            />
          ))}
        </ul>
        <RefusalBanner refusal={refusal} onClose={dismiss} />
      </div>
    </section>
  )
}

interface DraftProps {
  readonly draft: DraftSummary
  readonly doing: boolean
  readonly onContinue: () => void
  readonly onDiscard: () => void
}

function Draft({ draft, doing, onContinue, onDiscard }: DraftProps) {
  const hidden = useDesk((state) => state.hidden)
  const named = draft.name.trim() || draft.id.trim()
  const name = named === '' ? text.drafts.unnamed : hidden ? text.hidden : named
  const facts = { age: ago(draft.changedAt), shots: count(text.drafts.shots, draft.captures) }
  return (
    <li className="row g3 wrap">
      <span className="sp">
        <b className="block">{fill(text.drafts.continueOf, { name })}</b>
        <span className="sm sec">
          {draft.own || draft.operator === null ? fill(text.drafts.begun, facts) : fill(text.drafts.by, { ...facts, who: draft.operator })}
        </span>
      </span>
      <button type="button" className="btn btn-p btn-sm" disabled={doing} onClick={onContinue}>
        {text.drafts.continue}
      </button>
      <SureButton small words={text.drafts.discard} sure={text.drafts.discardSure} disabled={doing} onSure={onDiscard} />
    </li>
  )
}
