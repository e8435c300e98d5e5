/** All keys on one sheet. */
import { useEffect, useRef } from 'react'
import type { Role } from '../../contract/types.ts'
import { text } from '../locale/text.ts'
import { areaKey, areasOf, showKeys } from '../state/desk.ts'
import { useRole } from '../state/operator.ts'
import { Key } from './Key.tsx'

type Rows = readonly (readonly [chord: string, words: string])[]

const everywhere = (role: Role): Rows => [
  ...areasOf(role).map((area) => [areaKey(area), text.areas[area]] as const),
  ['Ctrl K', text.keys.commands],
  ['F9', text.keys.hide],
  ['Ctrl L', text.keys.lock],
  ['F1', text.keys.all],
  ['?', text.keys.all],
]

const inAnArea = (): Rows => [
  ['Space', text.keys.capture],
  ['Enter', text.keys.main],
  ['N', text.keys.second],
  ['Esc', text.keys.back],
  ['M', text.keys.mesh],
  ['A', text.keys.auto],
  ['L', text.keys.movements],
  ['Ctrl O', text.keys.file],
  ['Del', text.keys.removeShot],
  ['X', text.exception.open],
  ['I', text.decision.leave],
  ['U', text.inbox.undo],
  ['1', text.keys.choose],
  ['/', text.keys.search],
]

export function KeysOverlay() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog className="dialog keys" ref={dialog} aria-labelledby="keys-title" onClose={() => showKeys(false)}>
      <h1 id="keys-title">{text.keys.title}</h1>
      <div className="keys-columns">
        <KeyTable title={text.keys.everywhere} rows={everywhere(useRole())} />
        <KeyTable title={text.keys.area} rows={inAnArea()} />
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

function KeyTable({ title, rows }: { readonly title: string; readonly rows: Rows }) {
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
