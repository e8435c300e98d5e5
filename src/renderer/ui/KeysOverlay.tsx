/** All keys on one sheet. */
import { useEffect, useRef } from 'react'
import { text } from '../locale/text.ts'
import { showKeys } from '../state/desk.ts'
import { Key } from './Key.tsx'

const everywhere = [
  ['Alt 1', text.keys.enrol],
  ['Alt 2', text.keys.verify],
  ['Alt 3', text.keys.identify],
  ['Alt 4', text.areas.vault],
  ['Alt 5', text.areas.accounts],
  ['Alt 6', text.areas.audit],
  ['F9', text.keys.hide],
  ['Ctrl L', text.keys.lock],
  ['F1', text.keys.all],
] as const

const inAnArea = [
  ['Space', text.keys.capture],
  ['Enter', text.keys.main],
  ['N', text.keys.second],
  ['Esc', text.keys.back],
  ['M', text.keys.mesh],
  ['A', text.keys.auto],
  ['L', text.keys.movements],
  ['Ctrl O', text.keys.file],
  ['Del', text.keys.removeShot],
  ['1', text.keys.choose],
] as const

export function KeysOverlay() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog className="dialog keys" ref={dialog} aria-labelledby="keys-title" onClose={() => showKeys(false)}>
      <h1 id="keys-title">{text.keys.title}</h1>
      <div className="keys-columns">
        <KeyTable title={text.keys.everywhere} rows={everywhere} />
        <KeyTable title={text.keys.area} rows={inAnArea} />
      </div>
      <form method="dialog" className="row">
        <span className="sp" />
        <button type="submit" className="btn btn-p">
          {text.keys.close} <Key chord="Esc" />
        </button>
      </form>
    </dialog>
  )
}

function KeyTable({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <dl className="kgrid">
        {rows.map(([chord, words]) => (
          <div key={chord}>
            <dt>
              {chord.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
