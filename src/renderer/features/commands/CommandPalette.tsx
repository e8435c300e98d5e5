/** The command palette: typing finds an area or an action, Enter does it. */
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { text } from '../../locale/text.ts'
import { showCommands } from '../../state/desk.ts'
import { useRole } from '../../state/operator.ts'
import { Key } from '../../ui/Key.tsx'
import { type Command, commandsFor, matching } from './commands.ts'

const optionId = (index: number) => `command-${index}`

export function CommandPalette() {
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const found = matching(commandsFor(useRole()), typed)
  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    dialog.current?.close()
    command.run()
  }
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      setActive((active + step + found.length) % found.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(found[active])
    }
  }
  return (
    <dialog className="dialog palette" ref={dialog} aria-label={text.commands.title} onClose={() => showCommands(false)}>
      <span className="in lg with-button">
        <Search className="i" aria-hidden="true" />
        <input
          role="combobox"
          aria-label={text.commands.placeholder}
          placeholder={text.commands.placeholder}
          aria-autocomplete="list"
          aria-expanded={found.length > 0}
          aria-controls="commands-list"
          aria-activedescendant={found.length > 0 ? optionId(active) : undefined}
          value={typed}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          onKeyDown={press}
          onChange={(event) => {
            setTyped(event.target.value)
            setActive(0)
          }}
        />
        <Key chord="Esc" />
      </span>
      <div id="commands-list" role="listbox" tabIndex={-1} aria-label={text.commands.title} className="palette-list">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that holds the focus
          <div
            key={command.id}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={index === active ? 'option-row on' : 'option-row'}
            onClick={() => run(command)}
          >
            <span className="sp">{command.words}</span>
            {command.chord !== undefined && <Key chord={command.chord} />}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="office-empty" role="status">
          {text.commands.none} {text.commands.noneText}
        </p>
      )}
    </dialog>
  )
}
