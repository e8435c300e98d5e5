/** Backups by themselves: where, how often, and how many are kept. */
import { useState } from 'react'
import type { BackupSchedule } from '../../../contract/rows/backup.ts'
import { text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

/** A whole number from 1 to the most; undefined for anything else. */
export function wholeOf(typed: string, most: number): number | undefined {
  const value = Number(typed)
  return /^\d{1,5}$/.test(typed.trim()) && value >= 1 && value <= most ? value : undefined
}

const hoursMax = 8760
const keptMax = 1000

export function ScheduleForm({ schedule, onSaved }: { readonly schedule: BackupSchedule; readonly onSaved: () => Promise<void> }) {
  const [on, setOn] = useState(schedule.folder !== null)
  const [folder, setFolder] = useState(schedule.folder ?? '')
  const [hours, setHours] = useState(String(schedule.intervalHours))
  const [kept, setKept] = useState(String(schedule.generationsKept))
  const { doing, refusal, run, dismiss } = useDoing()
  const intervalHours = wholeOf(hours, hoursMax)
  const generationsKept = wholeOf(kept, keptMax)
  const usable = !doing && intervalHours !== undefined && generationsKept !== undefined && (!on || folder.trim() !== '')
  const save = () =>
    void run(async () => {
      if (intervalHours === undefined || generationsKept === undefined) return
      await call('backup.schedule', { ...(on ? { to: folder.trim() } : {}), intervalHours, generationsKept })
      await onSaved()
    })
  return (
    <form
      className="col g2"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) save()
      }}
    >
      <label className="tick">
        <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
        <span className="m">{text.settings.schedule}</span>
      </label>
      {on && (
        <div className="settings-schedule">
          <Field id="schedule-folder" words={text.settings.backupTo} value={folder} onChange={setFolder} wrong={false} />
          <Field
            id="schedule-hours"
            words={text.settings.hoursLabel}
            value={hours}
            onChange={setHours}
            wrong={intervalHours === undefined}
          />
          <Field id="schedule-kept" words={text.settings.keptLabel} value={kept} onChange={setKept} wrong={generationsKept === undefined} />
        </div>
      )}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div>
        <button type="submit" className="btn btn-sm" disabled={!usable}>
          {text.settings.save}
        </button>
      </div>
    </form>
  )
}

interface FieldProps {
  readonly id: string
  readonly words: string
  readonly value: string
  readonly wrong: boolean
  readonly onChange: (value: string) => void
}

function Field({ id, words, value, wrong, onChange }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{words}</label>
      <input
        id={id}
        className={wrong ? 'in ltr err' : 'in ltr'}
        value={value}
        aria-invalid={wrong}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
