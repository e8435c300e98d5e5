/** Options below a field of which one is active: the field keeps the focus and its keys, a click chooses as well. */
import { type KeyboardEventHandler, type ReactNode, useEffect } from 'react'

/** Id of an option, for the field's `aria-activedescendant`. */
export const optionId = (list: string, index: number) => `${list}-${index}`

export interface OptionListProps<Item> {
  readonly id: string
  /** Name of the list. */
  readonly words: string
  readonly className: string
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** -1 for none. */
  readonly active: number
  readonly hidden?: boolean
  readonly onChosen: (index: number) => void
  /** What an option shows. */
  readonly children: (item: Item) => ReactNode
}

export function OptionList<Item>({ id, words, className, items, keyOf, active, hidden, onChosen, children }: OptionListProps<Item>) {
  return (
    <div id={id} role="listbox" tabIndex={-1} aria-label={words} className={className} hidden={hidden}>
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field that holds the focus
        <div
          key={keyOf(item)}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={index === active ? 'option-row on' : 'option-row'}
          onClick={() => onChosen(index)}
        >
          {children(item)}
        </div>
      ))}
    </div>
  )
}

export interface OptionFieldProps {
  /** Id of the list that it narrows. */
  readonly list: string
  /** How many options the list has. */
  readonly options: number
  readonly active: number
  readonly words: string
  readonly className?: string
  readonly typed: string
  readonly charactersMax: number
  readonly onTyped: (typed: string) => void
  readonly onKeyDown: KeyboardEventHandler
}

/** The field of a dialog that typing narrows a list with. It has the focus from the start, and the active option is kept in view. */
export function OptionField({ list, options, active, words, className, typed, charactersMax, onTyped, onKeyDown }: OptionFieldProps) {
  useEffect(() => {
    document.getElementById(optionId(list, active))?.scrollIntoView({ block: 'nearest' })
  }, [list, active])
  return (
    <input
      className={className}
      role="combobox"
      aria-label={words}
      placeholder={words}
      aria-autocomplete="list"
      aria-expanded={options > 0}
      aria-controls={list}
      aria-activedescendant={options > 0 ? optionId(list, active) : undefined}
      value={typed}
      maxLength={charactersMax}
      autoComplete="off"
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: the dialog that holds it is opened to type
      autoFocus
      onKeyDown={onKeyDown}
      onChange={(event) => onTyped(event.target.value)}
    />
  )
}
