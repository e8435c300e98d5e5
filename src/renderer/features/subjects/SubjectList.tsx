/** The subjects that were found: only the rows in view are drawn, however many there are. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { CirclePause } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { SubjectSummary } from '../../../contract/rows/subject.ts'
import { day, fill, number, text } from '../../locale/text.ts'
import { Private } from '../../ui/Private.tsx'

export const listId = 'subjects-list'
export const rowId = (index: number) => `${listId}-${index}`
const rowHeightPx = 44
const rowsAhead = 20

export interface SubjectListProps {
  readonly subjects: readonly SubjectSummary[]
  /** Index of the row that the arrow keys are on; -1 for none. */
  readonly active: number
  readonly open: string | undefined
  readonly more: boolean
  readonly onOpen: (index: number) => void
  readonly onMore: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function SubjectList({ subjects, active, open, more, onOpen, onMore, onKeyDown }: SubjectListProps) {
  const place = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: subjects.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeightPx,
    overscan: 8,
  })
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for when the end comes near, not with every new function
  useEffect(() => {
    if (more && last >= subjects.length - rowsAhead) onMore()
  }, [last, subjects.length, more])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row that the keys move to comes into view; scrolling by hand stays
  useEffect(() => {
    if (active >= 0 && active < subjects.length) rows.scrollToIndex(active)
  }, [active])
  return (
    <div
      id={listId}
      className="subjects-rows"
      ref={place}
      role="listbox"
      aria-label={text.subjects.list}
      aria-activedescendant={active >= 0 && active < subjects.length ? rowId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ blockSize: rows.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const subject = subjects[index]
          if (subject === undefined) return null
          const isOpen = subject.id === open
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list and of the field above it
            <div
              key={subject.id}
              id={rowId(index)}
              role="option"
              tabIndex={-1}
              aria-selected={isOpen}
              aria-posinset={index + 1}
              aria-setsize={more ? -1 : subjects.length}
              className={index === active ? 'subject-row active' : 'subject-row'}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onOpen(index)}
            >
              <span className="m">
                <Private>
                  <span className="ltr">{subject.id}</span>
                </Private>
              </span>
              <span className="row g2">
                <span className="cut">
                  {subject.name === null ? <span className="mut">{text.subjects.noName}</span> : <Private>{subject.name}</Private>}
                </span>
                {subject.restrictedSince !== undefined && <RestrictedMark since={subject.restrictedSince} />}
              </span>
              <span className="num sec">{day(subject.createdAt)}</span>
              <span className="num sec end">{number(subject.references)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** A sign, since the names need the room; its words are read aloud, and shown where it is pointed at. */
function RestrictedMark({ since }: { readonly since: string }) {
  const words = fill(text.restriction.since, { date: day(since) })
  return (
    <span className="restricted-mark" title={words}>
      <CirclePause className="i i16" aria-hidden="true" />
      <span className="sr">{words}</span>
    </span>
  )
}
