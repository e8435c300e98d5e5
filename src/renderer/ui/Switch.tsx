import { Key } from './Key.tsx'

/** A setting that is on or off, with its key. */
export function Switch(props: { readonly on: boolean; readonly words: string; readonly chord: string; readonly onChange: () => void }) {
  return (
    <button type="button" role="switch" aria-checked={props.on} className="switch sm m" onClick={props.onChange}>
      <span className={props.on ? 'sw on' : 'sw'} aria-hidden="true" />
      <span className="tx">{props.words}</span> <Key chord={props.chord} />
    </button>
  )
}
