/** What is to be imported: where it is, what its columns mean, how the people consented, and what becomes of who looks alike. */
import { useId, useState } from 'react'
import { PresetId } from '../../../contract/quality.ts'
import { count, fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { PlaceField } from '../../ui/PlaceField.tsx'
import { ColumnsOfList } from './ColumnsOfList.tsx'
import { ConsentOfList } from './ConsentOfList.tsx'
import { changePlan, forgetPlan, isReady, setLooked, setSource, startOf, usePlan } from './importPlan.ts'

const policies = ['ask', 'refuse'] as const
const presets = ['none', ...PresetId.options] as const

export interface StartImportProps {
  /** An import is running or paused. */
  readonly busy: boolean
  /** What was dropped whose path the window was not told. */
  readonly unknown: string | undefined
  readonly onStarted: () => Promise<void>
}

export function StartImport({ busy, unknown, onStarted }: StartImportProps) {
  const plan = usePlan()
  const [unread, setUnread] = useState<readonly string[]>([])
  const { doing, refusal, run, dismiss } = useDoing()
  const consent = useAsked('consent.text', {})
  const form = useAsked('policy.form', {})
  const id = useId()
  const { source, looked, duplicates, preset } = plan
  const asked = consent.value?.text ?? null
  const look = (path: string) => void run(async () => setLooked(await call('import.look', { source: path.trim() })))
  const start = () =>
    void run(async () => {
      const { unreadColumns } = await call('import.start', startOf(plan))
      setUnread(unreadColumns)
      forgetPlan()
      await onStarted()
    })
  return (
    <form
      className="col g4"
      aria-label={text.bulk.start}
      onSubmit={(event) => {
        event.preventDefault()
        if (doing || source.trim() === '') return
        if (looked === undefined) look(source)
        else if (!busy && isReady(plan, asked !== null)) start()
      }}
    >
      <PlaceField
        id={`${id}-source`}
        label={text.bulk.source}
        help={`${text.bulk.sourceHint} ${text.bulk.dropHint}`}
        value={source}
        kind="list"
        onChange={setSource}
        onChosen={look}
      />
      {unknown !== undefined && <p className="sm st-warn">{fill(text.bulk.dropUnknown, { name: unknown })}</p>}
      {looked === undefined ? (
        <button type="submit" className="btn" disabled={doing || source.trim() === ''}>
          {text.bulk.look}
        </button>
      ) : (
        <>
          <p className="m" role="status">
            {count(looked.kind === 'folder' ? text.bulk.isFolder : text.bulk.isList, looked.rows)}
          </p>
          {looked.kind === 'list' && form.value !== undefined && (
            <ColumnsOfList columns={looked.columns} policy={form.value.policy} withConsent={asked !== null} />
          )}
          {asked !== null && <ConsentOfList newest={asked} />}
        </>
      )}
      <fieldset className="col g2">
        <legend className="sm m">{text.bulk.duplicates}</legend>
        {policies.map((policy) => (
          <label className="tick" key={policy}>
            <input
              type="radio"
              name={`${id}-duplicates`}
              checked={duplicates === policy}
              onChange={() => changePlan({ duplicates: policy })}
            />
            {text.bulk[policy]}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-preset`}>{text.bulk.quality}</label>
        <select
          id={`${id}-preset`}
          className="in"
          value={preset}
          onChange={(event) => changePlan({ preset: presets.find((one) => one === event.target.value) ?? 'none' })}
        >
          {presets.map((one) => (
            <option key={one} value={one}>
              {text.bulk.presets[one]}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" className="btn btn-p" disabled={busy || doing || !isReady(plan, asked !== null)}>
        {text.bulk.start}
      </button>
      <p className="sm sec" role="status">
        {unread.length > 0 && fill(text.bulk.unread, { columns: unread.join(', ') })}
      </p>
      <RefusalBanner refusal={refusal ?? consent.refusal ?? form.refusal} onClose={dismiss} />
    </form>
  )
}
