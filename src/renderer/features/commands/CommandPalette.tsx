/** The command palette: typing finds an area or an action, Enter does it. */
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { text } from '../../locale/text.ts'
import { showCommands } from '../../state/desk.ts'
import { useRole } from '../../state/operator.ts'
import { Key } from '../../ui/Key.tsx'
import { OptionField, OptionList } from '../../ui/OptionList.tsx'
import { type Command, commandsFor, matching } from './commands.ts'

const listId = 'commands-list'

export function CommandPalette() {
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const found = matching(commandsFor(useRole()), typed)
  useEffect(() => dialog.current?.showModal(), [])
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
        <OptionField
          list={listId}
          options={found.length}
          active={active}
          words={text.commands.placeholder}
          typed={typed}
          charactersMax={100}
          onTyped={(next) => {
            setTyped(next)
            setActive(0)
          }}
          onKeyDown={press}
        />
        <Key chord="Esc" />
      </span>
      <OptionList
        id={listId}
        words={text.commands.title}
        className="palette-list"
        items={found}
        keyOf={({ id }) => id}
        active={active}
        onChosen={(index) => run(found[index])}
      >
        {({ words, chord }) => (
          <>
            <span className="sp">{words}</span>
            {chord !== undefined && <Key chord={chord} />}
          </>
        )}
      </OptionList>
      {found.length === 0 && (
        <p className="office-empty" role="status">
          {text.commands.none} {text.commands.noneText}
        </p>
      )}
    </dialog>
  )
}
