/** Backups: what there is, making one now, and making them by themselves. */
import { useEffect, useState } from 'react'
import type { BackupFolderReport, BackupSchedule } from '../../../contract/rows/backup.ts'
import type { OutputOf } from '../../../contract/table.ts'
import type { Role } from '../../../contract/types.ts'
import { count, day, fill, number, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { SureButton } from '../../ui/SureButton.tsx'
import { ScheduleForm } from './ScheduleForm.tsx'

const mayBackUp: readonly Role[] = ['supervisor', 'administrator']

export function BackupCard({ role }: { readonly role: Role }) {
  const asked = useAsked('backup.list', {})
  const list = asked.value
  const administrator = role === 'administrator'
  return (
    <section className="card pad5 col g4" aria-label={text.settings.parts.backup}>
      <h2>{text.settings.parts.backup}</h2>
      <RefusalBanner refusal={asked.refusal} />
      {list === undefined && asked.refusal === undefined && <p className="sec">{text.office.loading}</p>}
      {mayBackUp.includes(role) && <BackUpNow folder={folderOf(list)} onDone={asked.again} />}
      {administrator && list !== undefined && (
        <ScheduleForm key={JSON.stringify(list.schedule)} schedule={list.schedule} onSaved={asked.again} />
      )}
      {list !== undefined && (
        <Folders folders={list.folders} forgettable={administrator} refreshable={mayBackUp.includes(role)} onChanged={asked.again} />
      )}
    </section>
  )
}

const folderOf = (list: { folders: readonly BackupFolderReport[]; schedule: BackupSchedule } | undefined) =>
  list?.schedule.folder ?? list?.folders[0]?.folder ?? ''

const lookMs = 1000

/** How far the backup is that is being made, asked for while it is. */
function useProgress(doing: boolean): OutputOf<'backup.progress'> | undefined {
  const [progress, setProgress] = useState<OutputOf<'backup.progress'>>()
  useEffect(() => {
    if (!doing) return
    // What cannot be asked now is asked at the next look.
    const look = () => void call('backup.progress', {}).then(setProgress, () => undefined)
    const timer = setInterval(look, lookMs)
    return () => {
      clearInterval(timer)
      setProgress(undefined)
    }
  }, [doing])
  return progress
}

function BackUpNow({ folder, onDone }: { readonly folder: string; readonly onDone: () => Promise<void> }) {
  const [typed, setTyped] = useState<string>()
  const to = (typed ?? folder).trim()
  const { doing, refusal, run, dismiss } = useDoing()
  const [told, setTold] = useState('')
  const progress = useProgress(doing)
  return (
    <form
      className="col g2"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (to === '' || doing) return
        setTold('')
        void run(async () => {
          const { generation } = await call('vault.backUp', { to })
          setTold(fill(text.settings.backedUp, { number: generation.number }))
          await onDone()
        })
      }}
    >
      <div className="row g2 end">
        <div className="field sp">
          <label htmlFor="settings-backup">{text.settings.backupTo}</label>
          <input
            id="settings-backup"
            className="in ltr"
            value={typed ?? folder}
            maxLength={4096}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="settings-backup-help"
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="help" id="settings-backup-help">
            {text.settings.backupToHelp}
          </span>
        </div>
        <button type="submit" className="btn btn-p" disabled={to === '' || doing}>
          {text.settings.backupNow}
        </button>
      </div>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      {doing && (
        <progress
          className="progress"
          aria-label={text.settings.backingUp}
          max={Math.max(1, progress?.total ?? 0)}
          value={progress === undefined || progress.total === 0 ? undefined : progress.done}
        />
      )}
      <p className="sm sec" role="status">
        {doing ? text.settings.backingUp : told}
      </p>
    </form>
  )
}

interface FoldersProps {
  readonly folders: readonly BackupFolderReport[]
  readonly forgettable: boolean
  readonly refreshable: boolean
  readonly onChanged: () => Promise<void>
}

function Folders({ folders, forgettable, refreshable, onChanged }: FoldersProps) {
  const { doing, refusal, run, dismiss } = useDoing()
  const [told, setTold] = useState('')
  const refresh = () =>
    void run(async () => {
      const { keyFiles } = await call('vault.refreshKeyFile', {})
      const missed = keyFiles.filter(({ problem }) => problem !== null).length
      setTold(missed === 0 ? text.settings.refreshed : count(text.settings.notRefreshed, missed))
      await onChanged()
    })
  const forget = (folder: string) =>
    void run(async () => {
      await call('backup.forget', { folder })
      await onChanged()
    })
  return (
    <section className="col g3" aria-label={text.settings.folders}>
      <h3>{text.settings.folders}</h3>
      {folders.length === 0 && <p className="sec">{text.settings.foldersNone}</p>}
      {folders.map((report) => (
        <div className="col g2" key={report.folder}>
          <div className="row g2">
            <span className="m ltr sp break">{report.folder}</span>
            {forgettable && (
              <SureButton
                words={text.settings.forget}
                sure={text.settings.forgetSure}
                disabled={doing}
                onSure={() => forget(report.folder)}
              />
            )}
          </div>
          <p className={report.keyFile.pending ? 'sm st-warn' : 'sm sec'}>
            {report.keyFile.pending ? text.settings.pending : text.settings.current}
          </p>
          <Generations report={report} />
        </div>
      ))}
      {refreshable && folders.length > 0 && (
        <div>
          <button type="button" className="btn btn-sm" disabled={doing} onClick={refresh}>
            {text.settings.refresh}
          </button>
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <p className="sm sec" role="status">
        {told}
      </p>
    </section>
  )
}

function Generations({ report }: { readonly report: BackupFolderReport }) {
  return (
    <table className="tbl tight">
      <caption className="sr">{report.folder}</caption>
      <thead>
        <tr>
          {[text.settings.generation, text.settings.made, text.settings.size, text.settings.subjects, text.settings.proved].map((title) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.generations.map((generation) => (
          <tr key={generation.number}>
            <td className="num">{number(generation.number)}</td>
            <td className="num nowrap">{day(generation.createdAt)}</td>
            <td className="num nowrap">{fill(text.station.megabytes, { n: Math.ceil(generation.bytes / 1e6) })}</td>
            <td className="num">{number(generation.subjects)}</td>
            <td className="num nowrap">{day(generation.verifiedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
