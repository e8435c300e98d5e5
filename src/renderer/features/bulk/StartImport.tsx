/** What is to be imported, and what becomes of who looks like somebody in the gallery. */
import { useId, useState } from 'react'
import { fill } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import type { BulkText } from './bulkText.ts'

const policies = ['ask', 'refuse'] as const

export interface StartImportProps {
  readonly words: BulkText
  /** An import is running or paused. */
  readonly busy: boolean
  readonly onStarted: () => Promise<void>
}

export function StartImport({ words, busy, onStarted }: StartImportProps) {
  const [source, setSource] = useState('')
  const [duplicates, setDuplicates] = useState<(typeof policies)[number]>('ask')
  const [unread, setUnread] = useState<readonly string[]>([])
  const { doing, refusal, run, dismiss } = useDoing()
  const hint = useId()
  const start = () =>
    run(async () => {
      const { unreadColumns } = await call('import.start', { source: source.trim(), duplicates })
      setUnread(unreadColumns)
      await onStarted()
    })
  return (
    <form
      className="col g3"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <label className="field">
        <span className="sm">{words.source}</span>
        <input
          className="input"
          dir="ltr"
          value={source}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint}
          onChange={(event) => setSource(event.target.value)}
        />
      </label>
      <p className="sm sec" id={hint}>
        {words.sourceHint}
      </p>
      <fieldset className="col g2">
        <legend className="sm">{words.duplicates}</legend>
        {policies.map((policy) => (
          <label className="tick" key={policy}>
            <input type="radio" name="duplicates" checked={duplicates === policy} onChange={() => setDuplicates(policy)} />
            {words[policy]}
          </label>
        ))}
      </fieldset>
      <button type="submit" className="btn btn-primary" disabled={busy || doing || source.trim() === ''}>
        {words.start}
      </button>
      <p className="sm sec" role="status">
        {unread.length > 0 && fill(words.unread, { columns: unread.join(', ') })}
      </p>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </form>
  )
}
