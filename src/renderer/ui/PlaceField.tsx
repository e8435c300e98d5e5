/** A path of the station's machine: typed, chosen, or where the window tells it, dropped. */
import { FolderOpen } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { PlaceKind } from '../../contract/rows/place.ts'
import { text } from '../locale/text.ts'
import { PlaceDialog } from './PlaceDialog.tsx'

export interface PlaceFieldProps {
  readonly id: string
  readonly label: string
  readonly help: ReactNode
  readonly value: string
  readonly kind: Exclude<PlaceKind, 'folder'>
  readonly onChange: (path: string) => void
  /** The path is whole: it was chosen. */
  readonly onChosen?: (path: string) => void
}

export function PlaceField({ id, label, help, value, kind, onChange, onChosen }: PlaceFieldProps) {
  const [open, setOpen] = useState(false)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row g2">
        <input
          id={id}
          className="in ltr sp"
          value={value}
          maxLength={4096}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value)}
        />
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          <FolderOpen className="i i16" aria-hidden="true" />
          {text.bulk.choose}
        </button>
      </div>
      <span className="help" id={`${id}-help`}>
        {help}
      </span>
      {open && (
        <PlaceDialog
          kind={kind}
          onChosen={(path) => {
            onChange(path)
            onChosen?.(path)
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}
