/** Long work of the vault, and what its last check found. */
import { useEffect, useRef } from 'react'
import type { Job } from '../../../contract/jobs.ts'
import { day, text, timeOfDay } from '../../locale/text.ts'
import { useRole } from '../../state/operator.ts'
import { useStation } from '../../state/station.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { JobCard } from './JobCard.tsx'
import { LastCheck } from './LastCheck.tsx'
import { StartWork } from './StartWork.tsx'

const mayReadReports: readonly string[] = ['auditor', 'administrator']

export function VaultScreen() {
  const role = useRole()
  const live = useStation((state) => state.job)
  const asked = useAsked('job.list', {})
  const reports = useAsked('vault.reports', mayReadReports.includes(role) ? {} : undefined)
  const jobs = asked.value?.jobs
  const now = jobs?.find(({ state }) => state === 'running' || state === 'paused')
  // Progress comes by events; the list is asked for anew when a job begins, ends or changes its state.
  const state = live === undefined ? 'none' : `${live.id} ${live.state}`
  const seen = useRef(state)
  useEffect(() => {
    if (seen.current === state) return
    seen.current = state
    void asked.again()
  }, [state, asked.again])
  const administrator = role === 'administrator'
  return (
    <Screen name={text.areas.vault} keys={[]}>
      <div className="office-head">
        <h1>{text.vault.title}</h1>
        <p className="sm sec">{text.vault.subtitle}</p>
      </div>
      <RefusalBanner refusal={asked.refusal} />
      <div className="office">
        <section className="card pad5 col g4" aria-label={text.vault.now}>
          <JobCard job={now} live={live} changeable={administrator} onChanged={asked.again} />
          {administrator ? (
            <StartWork busy={now !== undefined} onStarted={asked.again} onChecked={reports.again} />
          ) : (
            <p className="sm sec">{text.vault.onlyAdministrator}</p>
          )}
          <History jobs={jobs?.filter((job) => job !== now)} />
        </section>
        <div className="office-side">
          {mayReadReports.includes(role) && <LastCheck reports={reports.value?.reports} refusal={reports.refusal} />}
        </div>
      </div>
    </Screen>
  )
}

function History({ jobs }: { readonly jobs: readonly Job[] | undefined }) {
  return (
    <section className="col g2" aria-label={text.vault.history}>
      <h2>{text.vault.history}</h2>
      {jobs === undefined && <p className="sec">{text.office.loading}</p>}
      {jobs?.length === 0 && <p className="sec">{text.vault.historyNone}</p>}
      <ul>
        {jobs?.map(({ id, kind, state, error, changedAt }) => (
          <li className="work" key={id}>
            <span>
              <span className="m">{text.vault.kinds[kind].title}</span>
              <span className="sm sec">
                {' '}
                {text.vault.states[state]}
                {error !== null && `: ${error}`}
              </span>
            </span>
            <time className="sm sec num" dateTime={changedAt}>
              {day(changedAt)} {timeOfDay(new Date(changedAt))}
            </time>
          </li>
        ))}
      </ul>
    </section>
  )
}
