/** A row that looks like somebody in the gallery: its picture beside theirs, and the decision. */
import { useState } from 'react'
import { ImportGrounds, type ReportedRow } from '../../../contract/bulkImport.ts'
import type { JobId } from '../../../contract/jobs.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { useKeys } from '../../ui/keys.ts'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

export interface DecideRowProps {
  readonly job: JobId
  readonly row: ReportedRow
  readonly onDecided: () => Promise<void>
  readonly onClose: () => void
}

export function DecideRow({ job, row, onDecided, onClose }: DecideRowProps) {
  const [grounds, setGrounds] = useState<(typeof ImportGrounds)['options'][number]>('pictures')
  const picture = useAsked('import.picture', { job, row: row.row })
  const { doing, refusal, run, dismiss } = useDoing()
  useKeys([['Escape', onClose]])
  const decide = (decision: 'different' | 'dismiss' | 'same', subject?: SubjectId) =>
    void run(async () => {
      await call('import.decide', { job, row: row.row, decision, grounds, ...(subject === undefined ? {} : { subject }) })
      await onDecided()
    })
  return (
    <section className="card pad5 col g3" aria-label={text.bulk.decideTitle}>
      <h2>{text.bulk.decideTitle}</h2>
      <p className="sm sec">{text.bulk.decideText}</p>
      <div className="bulk-faces">
        <figure className="col g2">
          <StoredPicture bytes={picture.value?.sample} words={fill(text.bulk.ofRow, { row: row.row })} />
          <figcaption className="sm">
            {fill(text.bulk.ofRow, { row: row.row })} <Private>{row.number}</Private>
          </figcaption>
        </figure>
        {row.candidates.map(({ id }) => (
          <Candidate key={id} id={id} disabled={doing} onSame={() => decide('same', id)} />
        ))}
      </div>
      {row.candidates.length === 0 && <p className="sm sec">{text.bulk.nobody}</p>}
      <RefusalBanner refusal={picture.refusal} />
      <label className="field">
        <span className="sm m">{text.bulk.grounds}</span>
        <select className="in" value={grounds} onChange={(event) => setGrounds(ImportGrounds.parse(event.target.value))}>
          {ImportGrounds.options.map((one) => (
            <option key={one} value={one}>
              {text.bulk.groundsOf[one]}
            </option>
          ))}
        </select>
      </label>
      <div className="row g2 wrap">
        <button type="button" className="btn" disabled={doing} onClick={() => decide('different')}>
          {text.bulk.different}
        </button>
        <SureButton words={text.bulk.dismiss} sure={text.bulk.dismissSure} disabled={doing} onSure={() => decide('dismiss')} />
        <button type="button" className="btn" onClick={onClose}>
          {text.bulk.close}
        </button>
      </div>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </section>
  )
}

function Candidate(props: { readonly id: SubjectId; readonly disabled: boolean; readonly onSame: () => void }) {
  const { id, disabled, onSame } = props
  const picture = useAsked('subject.picture', { id })
  return (
    <figure className="col g2">
      <StoredPicture bytes={picture.value?.sample} words={fill(text.bulk.ofSubject, { id })} />
      <figcaption>
        <button type="button" className="btn" disabled={disabled} onClick={onSame}>
          {fill(text.bulk.same, { id })}
        </button>
      </figcaption>
      <RefusalBanner refusal={picture.refusal} />
    </figure>
  )
}
