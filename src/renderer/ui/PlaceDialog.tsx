/**
 * Choosing a folder or file of the station's machine, by mouse or by keys alone: typing narrows, arrows choose, Enter opens.
 * It asks the station, so that it works the same in every window: a browser tells a page no paths.
 */
import { FileSpreadsheet, FileText, Folder, FolderUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { PlaceKind } from '../../contract/rows/place.ts'
import { count, text } from '../locale/text.ts'
import { useAsked } from '../state/useAsked.ts'
import { RefusalBanner } from './Banner.tsx'
import { Key } from './Key.tsx'
import { OptionField, OptionList } from './OptionList.tsx'

const icons = { folder: Folder, list: FileSpreadsheet, pack: FileText } as const
const listId = 'place-list'

export interface PlaceDialogProps {
  /** What may be chosen beside folders. */
  readonly kind: Exclude<PlaceKind, 'folder'>
  /** Where it begins; the station's home where it is left out. */
  readonly folder?: string | undefined
  readonly onChosen: (path: string) => void
  readonly onClose: () => void
}

export function PlaceDialog({ kind, folder: first, onChosen, onClose }: PlaceDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [folder, setFolder] = useState(first)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const { value, refusal } = useAsked('place.list', folder === undefined ? {} : { folder })
  useEffect(() => dialog.current?.showModal(), [])
  const wanted = typed.trim().toLocaleLowerCase()
  const found = (value?.entries ?? []).filter((entry) => entry.kind === 'folder' || entry.kind === kind)
  const shown = found.filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
  const enter = (path: string) => {
    setFolder(path)
    setTyped('')
    setActive(0)
  }
  const take = (path: string) => {
    onChosen(path)
    dialog.current?.close()
  }
  const open = (index: number) => {
    const entry = shown[index]
    if (entry !== undefined) (entry.kind === 'folder' ? enter : take)(entry.path)
  }
  const up = () => {
    if (value?.parent != null) enter(value.parent)
  }
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }
    const step = steps[event.key]
    if (step !== undefined) setActive(Math.max(0, Math.min(shown.length - 1, active + step)))
    else if (event.key === 'Enter' && event.ctrlKey && value !== undefined) take(value.folder)
    else if (event.key === 'Enter') open(active)
    else if (event.key === 'Backspace' && typed === '') up()
    else return
    event.preventDefault()
  }
  return (
    <dialog className="dialog place" ref={dialog} aria-labelledby="place-title" onClose={onClose}>
      <div className="row">
        <h1 className="sp" id="place-title">
          {text.place.title}
        </h1>
        <span className="sm sec">{text.place.here}</span>
      </div>
      <div className="row g2">
        <button type="button" className="btn btn-sm" disabled={value?.parent == null} onClick={up}>
          <FolderUp className="i i16" aria-hidden="true" />
          {text.place.up}
        </button>
        <span className="m ltr sp break">{value?.folder ?? folder ?? ''}</span>
      </div>
      <OptionField
        className="in"
        list={listId}
        options={shown.length}
        active={active}
        words={text.place.name}
        typed={typed}
        charactersMax={200}
        onTyped={(next) => {
          setTyped(next)
          setActive(0)
        }}
        onKeyDown={press}
      />
      <RefusalBanner refusal={refusal} />
      <OptionList
        id={listId}
        words={text.place.title}
        className="place-list"
        items={shown}
        keyOf={({ path }) => path}
        active={active}
        onChosen={open}
      >
        {(entry) => {
          const Icon = icons[entry.kind]
          return (
            <>
              <Icon className="i i16 mut" aria-hidden="true" />
              <span className="sp break">{entry.name}</span>
              <span className="sm sec">{text.place.kinds[entry.kind]}</span>
            </>
          )
        }}
      </OptionList>
      <p className="sm sec" role="status">
        {value !== undefined && shown.length === 0 && `${text.place.empty} `}
        {value !== undefined && value.others > 0 && `${count(text.place.others, value.others)} `}
        {value?.more === true && text.place.more}
      </p>
      <div className="row g2">
        <button
          type="button"
          className="btn btn-p"
          disabled={value === undefined}
          onClick={() => value !== undefined && take(value.folder)}
        >
          {text.place.take} <Key chord="Ctrl Enter" />
        </button>
        <button type="button" className="btn" onClick={() => dialog.current?.close()}>
          {text.place.cancel} <Key chord="Esc" />
        </button>
      </div>
    </dialog>
  )
}
