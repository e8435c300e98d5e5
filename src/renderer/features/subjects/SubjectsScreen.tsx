/** Everybody who is enrolled: searched as it is typed, opened one at a time. */
import { Search, UserRoundPlus } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { count, text } from '../../locale/text.ts'
import { goTo, useDesk } from '../../state/desk.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Screen } from '../../ui/Screen.tsx'
import { listId, rowId, SubjectList } from './SubjectList.tsx'
import { SubjectPanel } from './SubjectPanel.tsx'
import { type SubjectPages, useSubjectPages } from './subjectPages.ts'

const rowsPerPage = 10

export function SubjectsScreen() {
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(-1)
  const [open, setOpen] = useState<string>()
  const { pages, more, leaveOut, again } = useSubjectPages(typed)
  const hidden = useDesk((state) => state.hidden)
  const field = useRef<HTMLInputElement>(null)
  useKeys([
    ['/', () => field.current?.focus()],
    ['Escape', open === undefined ? undefined : () => close()],
  ])
  const openAt = (index: number) => {
    setActive(index)
    setOpen(pages.subjects[index]?.id)
  }
  const close = () => {
    setOpen(undefined)
    field.current?.focus()
  }
  const move = (event: KeyboardEvent) => {
    const to = placeAfter(event.key, active, pages.subjects.length)
    if (to !== undefined) {
      event.preventDefault()
      setActive(to)
    } else if (event.key === 'Enter' && pages.subjects.length > 0) openAt(Math.max(0, active))
  }
  const keys = [
    { chord: '/', words: text.keys.search },
    { chord: '↑ ↓', words: text.keys.choose },
    { chord: 'Enter', words: text.keys.main },
    { chord: 'Esc', words: text.keys.back },
  ]
  return (
    <Screen name={text.areas.subjects} keys={keys}>
      <div className="office-head">
        <h1>{text.subjects.title}</h1>
        <span className="sp" />
        <span className="sm sec num" role="status">
          {pages.loading
            ? text.subjects.searching
            : pages.refusal === undefined &&
              count(pages.cursor === undefined ? text.subjects.found : text.subjects.foundMore, pages.subjects.length)}
        </span>
      </div>
      <div className="office subjects">
        <section className="card subjects-left" aria-label={text.subjects.list}>
          <div className="field subjects-search">
            <label htmlFor="subjects-query">{text.subjects.search}</label>
            <span className="in with-button">
              <Search className="i i16 mut" aria-hidden="true" />
              <input
                id="subjects-query"
                ref={field}
                role="combobox"
                aria-autocomplete="list"
                aria-expanded={pages.subjects.length > 0}
                aria-controls={listId}
                aria-activedescendant={active >= 0 && active < pages.subjects.length ? rowId(active) : undefined}
                aria-describedby="subjects-help"
                className={hidden ? 'covered-field' : ''}
                value={typed}
                maxLength={200}
                autoComplete="off"
                spellCheck={false}
                // biome-ignore lint/a11y/noAutofocus: the one thing to do here is to search
                autoFocus
                onKeyDown={move}
                onChange={(event) => {
                  setTyped(event.target.value)
                  setActive(-1)
                }}
              />
              <Key chord="/" />
            </span>
            <span className="help" id="subjects-help">
              {text.subjects.searchHelp}. {text.subjects.searchKeys}.
            </span>
          </div>
          <div className="subject-row subject-head" aria-hidden="true">
            <span>{text.subjects.number}</span>
            <span>{text.subjects.name}</span>
            <span>{text.subjects.enrolled}</span>
            <span className="end">{text.subjects.references}</span>
          </div>
          <Nobody pages={pages} searched={typed.trim() !== ''} />
          <SubjectList
            subjects={pages.subjects}
            active={active}
            open={open}
            more={pages.cursor !== undefined}
            onOpen={openAt}
            onMore={more}
            onKeyDown={move}
          />
        </section>
        <div className="office-side">
          {open === undefined ? (
            <section className="card pad5 col g2 subjects-none">
              <p className="m">{text.subjects.choose}</p>
              <p className="sm sec">{text.subjects.chooseText}</p>
            </section>
          ) : (
            <SubjectPanel
              key={open}
              id={open}
              onClose={close}
              onChanged={again}
              onErased={() => {
                leaveOut(open)
                setActive(-1)
              }}
            />
          )}
        </div>
      </div>
    </Screen>
  )
}

/** Where a key moves to. @returns undefined for keys that do not move */
export function placeAfter(key: string, active: number, length: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: rowsPerPage, PageUp: -rowsPerPage }
  const step = steps[key]
  if (step === undefined || length === 0) return undefined
  return Math.min(length - 1, Math.max(0, active + step))
}

/** Why the list is empty, and what to do. */
function Nobody({ pages, searched }: { readonly pages: SubjectPages; readonly searched: boolean }) {
  if (pages.refusal?.code === 'search.tooShort') {
    return (
      <p className="office-empty">
        {pages.refusal.message} {pages.refusal.remedy}
      </p>
    )
  }
  if (pages.refusal !== undefined) return <RefusalBanner refusal={pages.refusal} />
  if (pages.loading || pages.subjects.length > 0) return null
  return (
    <div className="office-empty">
      <p className="m">{searched ? text.subjects.none : text.subjects.empty}</p>
      <p className="sm">{searched ? text.subjects.noneText : text.subjects.emptyText}</p>
      {!searched && (
        <button type="button" className="btn btn-p" onClick={() => goTo('enrol')}>
          <UserRoundPlus className="i" aria-hidden="true" />
          {text.subjects.emptyButton}
        </button>
      )}
    </div>
  )
}
