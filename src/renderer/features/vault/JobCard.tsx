/** The job that is running or paused: how far it is, and what can be done with it. */
import type { EventPayload } from '../../../contract/events.ts'
import type { Job } from '../../../contract/jobs.ts'
import { fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

export interface JobCardProps {
  readonly job: Job | undefined
  /** The newest progress that was told. */
  readonly live: EventPayload<'job.progress'> | undefined
  readonly changeable: boolean
  readonly onChanged: () => Promise<void>
}

/** Copies of the whole vault are made in one go. */
const unpausable: readonly Job['kind'][] = ['rekey', 'backUp']

export function JobCard({ job, live, changeable, onChanged }: JobCardProps) {
  const { doing, refusal, run, dismiss } = useDoing()
  if (job === undefined) return <p className="sec">{text.vault.none}</p>
  const { done, total } = live?.id === job.id ? live : job
  const { title } = text.vault.kinds[job.kind]
  const act = (name: 'job.pause' | 'job.resume' | 'job.cancel') =>
    void run(async () => {
      await call(name, { id: job.id })
      await onChanged()
    })
  return (
    <div className="col g3">
      <div className="row">
        <h2>{title}</h2>
        <span className="chip">{text.vault.states[job.state]}</span>
        <span className="sp" />
        <span className="sm num">{total === 0 ? text.vault.counting : fill(text.vault.done, { done, total })}</span>
      </div>
      <progress className="progress" aria-label={title} max={Math.max(1, total)} value={total === 0 ? undefined : done} />
      {changeable && (
        <div className="row g2">
          {job.state === 'paused' ? (
            <button type="button" className="btn" disabled={doing} onClick={() => act('job.resume')}>
              {text.vault.resume}
            </button>
          ) : (
            !unpausable.includes(job.kind) && (
              <button type="button" className="btn" disabled={doing} onClick={() => act('job.pause')}>
                {text.vault.pause}
              </button>
            )
          )}
          <SureButton words={text.vault.cancel} sure={text.vault.cancelSure} disabled={doing} onSure={() => act('job.cancel')} />
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </div>
  )
}
