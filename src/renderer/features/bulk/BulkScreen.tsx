/** Bulk import: beginning one, how far it is, what became of its rows, and decisions on who looks like somebody in the gallery. */
import { useEffect, useRef, useState } from 'react'
import type { ImportFilter, ReportedRow } from '../../../contract/bulkImport.ts'
import { useStation } from '../../state/station.ts'
import { useAsked } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { JobCard } from '../vault/JobCard.tsx'
import type { BulkText } from './bulkText.ts'
import { DecideRow } from './DecideRow.tsx'
import { ImportReportCard, rowsShown, type SaveFile } from './ImportReportCard.tsx'
import { StartImport } from './StartImport.tsx'

export function BulkScreen({ words, save }: { readonly words: BulkText; readonly save: SaveFile }) {
  const live = useStation((state) => state.job)
  const [filter, setFilter] = useState<ImportFilter>('notEnrolled')
  const [deciding, setDeciding] = useState<ReportedRow>()
  const jobs = useAsked('job.list', {})
  const report = useAsked('import.report', { outcome: filter, limit: rowsShown })
  const job = jobs.value?.jobs.find(({ kind, state }) => kind === 'import' && (state === 'running' || state === 'paused'))
  // Progress comes by events; lists are asked for anew when a job begins, ends or changes its state.
  const state = live === undefined ? 'none' : `${live.id} ${live.state}`
  const seen = useRef(state)
  const again = async () => {
    await Promise.all([jobs.again(), report.again()])
  }
  const newest = useRef(again)
  newest.current = again
  useEffect(() => {
    if (seen.current === state) return
    seen.current = state
    void newest.current()
  }, [state])
  return (
    <Screen name={words.title} keys={[]}>
      <div className="office-head">
        <h1>{words.title}</h1>
        <p className="sm sec">{words.subtitle}</p>
      </div>
      <RefusalBanner refusal={jobs.refusal} />
      <div className="office">
        <section className="card pad5 col g4" aria-label={words.report}>
          {job !== undefined && <JobCard job={job} live={live} changeable onChanged={again} />}
          <ImportReportCard words={words} filter={filter} onFilter={setFilter} asked={report} save={save} onDecide={setDeciding} />
        </section>
        <div className="office-side">
          {deciding === undefined || report.value === undefined ? (
            <section className="card pad5" aria-label={words.start}>
              <StartImport words={words} busy={job !== undefined} onStarted={again} />
            </section>
          ) : (
            <DecideRow
              key={deciding.row}
              words={words}
              job={report.value.job.id}
              row={deciding}
              onDecided={async () => {
                await again()
                setDeciding(undefined)
              }}
              onClose={() => setDeciding(undefined)}
            />
          )}
        </div>
      </div>
    </Screen>
  )
}
