/** What was changed last of the subject that is open, with the way back of a restriction. */
import { Undo2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { SubjectId } from '../../../contract/types.ts'
import { fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { Private } from '../../ui/Private.tsx'

/** What was changed last. */
export type Told = { readonly what: 'restricted' | 'lifted' } | { readonly what: 'corrected'; readonly fields: readonly string[] }

export function ToldBanner({
  told,
  id,
  onUndone,
}: {
  readonly told: Told
  readonly id: SubjectId
  readonly onUndone: () => Promise<void>
}) {
  const undo = useRef<HTMLButtonElement>(null)
  const { doing, refusal, run, dismiss } = useDoing()
  useEffect(() => {
    if (told.what === 'restricted') undo.current?.focus()
  }, [told])
  const words =
    told.what === 'corrected'
      ? fill(text.correction.done, { fields: told.fields.join(', ') })
      : fill(told.what === 'restricted' ? text.restriction.restricted : text.restriction.lifted, { id })
  const takeBack = () =>
    void run(async () => {
      await call('subject.liftRestriction', { id, reason: text.restriction.undoReason })
      await onUndone()
    })
  return (
    <>
      <Banner tone="info">
        <div className="col g2 sp">
          <p>
            <Private>{words}</Private>
          </p>
          {told.what === 'restricted' && (
            <div>
              <button type="button" className="btn btn-sm" ref={undo} disabled={doing} onClick={takeBack}>
                <Undo2 className="i i16 turns" aria-hidden="true" />
                {text.restriction.undo}
              </button>
            </div>
          )}
        </div>
      </Banner>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </>
  )
}
