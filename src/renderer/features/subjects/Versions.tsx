/** The versions of a subject's references: which one is in use, going back to an older one, removing one for good. */
import { useState } from 'react'
import type { OutputOf } from '../../../contract/table.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { day, fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

type History = OutputOf<'subject.get'>['history']

export interface VersionsProps {
  readonly id: SubjectId
  readonly history: History
  readonly changeable: boolean
  readonly onChanged: () => Promise<void>
}

/** One line for each version, the newest first; a version may have several references, of one capture each. */
export function versionsOf(history: History): History {
  const first = new Map(history.map((reference) => [reference.version, reference] as const).reverse())
  return [...first.values()].sort((a, b) => b.version - a.version)
}

export function Versions({ id, history, changeable, onChanged }: VersionsProps) {
  const { doing, refusal, run, dismiss } = useDoing()
  const [told, setTold] = useState('')
  const change = (work: () => Promise<unknown>, words: string) =>
    void run(async () => {
      await work()
      await onChanged()
      setTold(words)
    })
  return (
    <section className="col g2" aria-label={text.subjects.versions}>
      <h3>{text.subjects.versions}</h3>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <ul>
        {versionsOf(history).map(({ version, active, model, captureSource, createdAt }) => (
          <li className="work" key={version}>
            <span>
              <span className="row g2 wrap">
                <span className="m">{fill(text.subjects.version, { n: version })}</span>
                <span className={active ? 'chip' : 'chip out'}>{active ? text.subjects.active : text.subjects.superseded}</span>
              </span>
              <span className="sm sec block">
                {day(createdAt)}, {fill(text.subjects.madeBy, { source: text.subjects.sources[captureSource], model })}
              </span>
            </span>
            {changeable && !active && (
              <span className="col g1">
                <SureButton
                  words={text.subjects.rollBack}
                  sure={fill(text.subjects.rollBackSure, { n: version })}
                  disabled={doing}
                  onSure={() =>
                    change(() => call('reference.rollBack', { id, toVersion: version }), fill(text.subjects.rolledBack, { n: version }))
                  }
                />
                <SureButton
                  words={text.subjects.remove}
                  sure={text.subjects.removeSure}
                  disabled={doing}
                  onSure={() =>
                    change(() => call('reference.remove', { id, superseded: version }), fill(text.subjects.removed, { n: version }))
                  }
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className="sm sec" role="status">
        {told}
      </p>
    </section>
  )
}
