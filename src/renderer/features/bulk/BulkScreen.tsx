/** Bulk import: beginning one, how far it is, what became of its rows, and decisions on who looks like somebody in the gallery. */
import { useEffect, useRef, useState } from 'react'
import type { ImportFilter, ReportedRow } from '../../../contract/bulkImport.ts'
import { text } from '../../locale/text.ts'
import { call, useStation } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Screen } from '../../ui/Screen.tsx'
import { DecideRow } from './DecideRow.tsx'
import { ImportProgress } from './ImportProgress.tsx'
import { ImportReportCard, rowsShown } from './ImportReportCard.tsx'
import { setLooked, setSource } from './importPlan.ts'
import { Reasons } from './Reasons.tsx'
import { StartImport } from './StartImport.tsx'
import { saveRows } from './saveRows.ts'

const isOpen = (state: string) => state === 'running' || state === 'paused'

export function BulkScreen() {
  const live = useStation((state) => state.job)
  const client = useStation((state) => state.client)
  const [filter, setFilter] = useState<ImportFilter>('notEnrolled')
  const [deciding, setDeciding] = useState<ReportedRow>()
  const [unknown, setUnknown] = useState<string>()
  const jobs = useAsked('job.list', {})
  const report = useAsked('import.report', { outcome: filter, limit: rowsShown })
  const { doing, refusal, run, dismiss } = useDoing()
  const imports = jobs.value?.jobs.filter(({ kind }) => kind === 'import')
  const job = imports?.find(({ state }) => isOpen(state))
  const failed = imports?.[0]?.state === 'failed' ? imports[0] : undefined
  const again = useAgain([jobs.again, report.again], live)
  const act = (name: 'job.pause' | 'job.resume' | 'job.cancel' | 'import.resume') =>
    void run(async () => {
      const id = (job ?? failed)?.id
      if (id === undefined) return
      if (name === 'import.resume') await call(name, { job: id })
      else await call(name, { id })
      await again()
    })
  const save = () => void run(async () => await saveRows(report.value?.job.id, filter))
  const drop = ([file]: readonly File[]) => {
    if (file === undefined) return
    const path = client?.pathOf(file)
    setUnknown(path === undefined ? file.name : undefined)
    if (path === undefined) return
    setSource(path)
    void run(async () => setLooked(await call('import.look', { source: path })))
  }
  const pauseOrGoOn = job === undefined ? undefined : () => act(job.state === 'paused' ? 'job.resume' : 'job.pause')
  useKeys([
    ['P', pauseOrGoOn],
    ['F', () => setFilter(filter === 'suspected' ? 'notEnrolled' : 'suspected')],
    ['Ctrl E', report.value === undefined ? undefined : save],
  ])
  const keys = [
    ...(job === undefined ? [] : [{ chord: 'P', words: text.bulk.keys.pause }]),
    { chord: 'F', words: text.bulk.keys.filter, spare: true },
    { chord: 'Ctrl E', words: text.bulk.keys.save },
  ]
  return (
    <Screen name={text.areas.import} keys={keys} onPictures={job === undefined ? drop : undefined} dropWords={text.bulk.dropHint}>
      <div className="office-head">
        <h1>{text.bulk.title}</h1>
        <p className="sm sec">{text.bulk.subtitle}</p>
      </div>
      <RefusalBanner refusal={jobs.refusal} />
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      {(job ?? failed) !== undefined && <ImportProgress job={(job ?? failed)!} live={live} doing={doing} onAct={act} />}
      <div className="office">
        <section className="card pad5 col g4" aria-label={text.bulk.report}>
          <ImportReportCard filter={filter} onFilter={setFilter} asked={report} onSave={save} onDecide={setDeciding} />
        </section>
        <div className="office-side">
          {deciding === undefined || report.value === undefined ? (
            <>
              <section className="card pad5" aria-label={text.bulk.start}>
                <StartImport
                  busy={job !== undefined}
                  unknown={unknown}
                  onStarted={async () => {
                    setUnknown(undefined)
                    await again()
                  }}
                />
              </section>
              {report.value !== undefined && <Reasons reasons={report.value.reasons} />}
            </>
          ) : (
            <DecideRow
              key={deciding.row}
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

/** Progress comes by events; lists are asked for anew when a job begins, ends or changes its state. @returns asks for them now */
function useAgain(lists: readonly (() => Promise<void>)[], live: { id: string; state: string } | undefined): () => Promise<void> {
  const state = live === undefined ? 'none' : `${live.id} ${live.state}`
  const seen = useRef(state)
  const again = async () => {
    await Promise.all(lists.map((list) => list()))
  }
  const newest = useRef(again)
  newest.current = again
  useEffect(() => {
    if (seen.current === state) return
    seen.current = state
    void newest.current()
  }, [state])
  return again
}
