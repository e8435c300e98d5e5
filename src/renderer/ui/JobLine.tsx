/** A job of the vault in the foot of the window: what it is and how far it is. */
import { text } from '../locale/text.ts'
import { useStation } from '../state/station.ts'

export function JobLine() {
  const job = useStation((state) => state.job)
  if (job === undefined) return null
  const percent = job.total === 0 ? '' : ` ${Math.floor((100 * job.done) / job.total)} %`
  return (
    <span className="num" role="status">
      {text.jobs[job.kind]}
      {percent}
      {job.state === 'paused' && `, ${text.jobs.paused}`}
    </span>
  )
}
