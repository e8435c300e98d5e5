/** How far an import is, how long it may still take, and holding it up. */
import { Pause, Play, Unplug } from 'lucide-react'
import { useRef } from 'react'
import { isErrorCode } from '../../../contract/errors.ts'
import type { EventPayload } from '../../../contract/events.ts'
import type { Job } from '../../../contract/jobs.ts'
import { reasonWords } from '../../locale/errors/words.ts'
import { count, fill, text } from '../../locale/text.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { SureButton } from '../../ui/SureButton.tsx'

/** Below this an estimate would jump about. */
const rowsToEstimate = 5

export interface ImportProgressProps {
  readonly job: Job
  /** The newest progress that was told. */
  readonly live: EventPayload<'job.progress'> | undefined
  readonly doing: boolean
  readonly onAct: (name: 'job.pause' | 'job.resume' | 'job.cancel' | 'import.resume') => void
}

export function ImportProgress({ job, live, doing, onAct }: ImportProgressProps) {
  const { done, total } = live?.id === job.id ? live : job
  const minutes = useMinutesLeft(job.state === 'running', done, total)
  if (job.state === 'failed') {
    const reason = job.error !== null && isErrorCode(job.error) ? reasonWords(job.error) : (job.error ?? '')
    return (
      <Banner tone="warn">
        <p className="sp">{fill(text.bulk.failed, { reason })}</p>
        <button type="button" className="btn btn-sm" disabled={doing} onClick={() => onAct('import.resume')}>
          {fill(text.bulk.resume, { row: done + 1 })}
        </button>
      </Banner>
    )
  }
  const paused = job.state === 'paused'
  return (
    <section className="card pad5 col g3" aria-label={text.vault.kinds.import.title}>
      <div className="row g2">
        <h2 className="num">{total === 0 ? text.vault.counting : fill(text.vault.done, { done, total })}</h2>
        <span className="chip">{text.vault.states[job.state]}</span>
        <span className="sp" />
        <span className="sm sec num" role="status">
          {minutes !== undefined && count(text.bulk.left, minutes)}
        </span>
        <button type="button" className="btn" disabled={doing} onClick={() => onAct(paused ? 'job.resume' : 'job.pause')}>
          {paused ? <Play className="i i16" aria-hidden="true" /> : <Pause className="i i16" aria-hidden="true" />}
          {paused ? text.vault.resume : text.vault.pause} <Key chord="P" />
        </button>
        <SureButton words={text.vault.cancel} sure={text.vault.cancelSure} disabled={doing} onSure={() => onAct('job.cancel')} />
      </div>
      <progress
        className="progress"
        aria-label={text.vault.kinds.import.title}
        max={Math.max(1, total)}
        value={total === 0 ? undefined : done}
      />
      <p className="sm sec">
        <Unplug className="i i16" aria-hidden="true" /> {fill(text.bulk.safe, { row: done + 1 })}
      </p>
    </section>
  )
}

/** By the pace since this screen shows the import; undefined until there is one. */
function useMinutesLeft(running: boolean, done: number, total: number): number | undefined {
  const from = useRef<{ done: number; atMs: number }>(undefined)
  if (!running) from.current = undefined
  else from.current ??= { done, atMs: performance.now() }
  if (from.current === undefined || done - from.current.done < rowsToEstimate) return undefined
  const msPerRow = (performance.now() - from.current.atMs) / (done - from.current.done)
  return Math.max(1, Math.ceil(((total - done) * msPerRow) / 60_000))
}
