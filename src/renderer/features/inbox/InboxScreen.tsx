/** The inbox of supervisors: what waits at the left, the case at the right. */
import { FileText, Images, Undo2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { InboxSummary } from '../../../contract/rows/inbox.ts'
import { ago } from '../../locale/ago.ts'
import { count, fill, text } from '../../locale/text.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Private } from '../../ui/Private.tsx'
import { Screen } from '../../ui/Screen.tsx'
import { InboxCase } from './InboxCase.tsx'
import { closeItem, closeRefusal, openItem, showInbox, showMore, stepItem, type Told, undo, useInbox } from './inboxStore.ts'
import { leftBy } from './leftBy.ts'

const keys = (opened: boolean) => [
  { chord: '↑', words: text.inbox.previous },
  { chord: '↓', words: text.inbox.next },
  ...(opened
    ? [
        { chord: '1', words: text.keys.choose },
        { chord: 'Ctrl Enter', words: text.decision.record },
        { chord: 'Esc', words: text.inbox.close },
      ]
    : [{ chord: 'Enter', words: text.inbox.open }]),
]

export function InboxScreen() {
  const { items, chosen, opened, waiting, refusal, told, cursor, busy } = useInbox()
  useEffect(showInbox, [])
  useKeys([
    ['ArrowDown', () => stepItem(1)],
    ['ArrowUp', () => stepItem(-1)],
    ['Enter', opened === undefined && chosen !== undefined ? () => void openItem(chosen) : undefined],
    ['Escape', refusal === undefined ? closeItem : closeRefusal],
    ['U', told?.kind === 'decided' && told.undo !== undefined ? () => void undo(told.undo!) : undefined],
  ])
  return (
    <Screen name={text.areas.inbox} keys={keys(opened !== undefined)}>
      <div className="office-head">
        <h1>{text.inbox.title}</h1>
        <p className="sm sec sp">{text.inbox.subtitle}</p>
        {waiting !== undefined && <span className="chip">{count(text.inbox.waiting, waiting)}</span>}
      </div>
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      {told !== undefined && <ToldBanner told={told} />}
      {items?.length === 0 ? (
        <div className="card office-empty">
          <p className="b">{text.inbox.empty}</p>
          <p>{text.inbox.emptyText}</p>
        </div>
      ) : (
        <div className="office inbox">
          <section className="card inbox-list" aria-label={text.inbox.list}>
            {items === undefined && <p className="pad5 sec">{text.office.loading}</p>}
            <ul>
              {items?.map((item) => (
                <Row key={item.item} item={item} chosen={item.item === chosen} />
              ))}
            </ul>
            {cursor !== undefined && (
              <div className="pad">
                <button type="button" className="btn btn-w" disabled={busy} onClick={() => void showMore()}>
                  {text.inbox.more}
                </button>
              </div>
            )}
          </section>
          <InboxCase />
        </div>
      )}
    </Screen>
  )
}

function Row({ item, chosen }: { readonly item: InboxSummary; readonly chosen: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (chosen) button.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const Icon = item.kind === 'duplicate' ? Images : FileText
  const [first] = item.candidates
  return (
    <li>
      <button
        type="button"
        ref={button}
        className="inbox-row"
        aria-current={chosen ? 'true' : undefined}
        onClick={() => void openItem(item.item)}
      >
        <Icon className="i" aria-hidden="true" />
        <span className="sp col g1">
          <span className="b">{text.inbox.kinds[item.kind]}</span>
          <Private>
            <span className="nowrap">{first === undefined ? item.id : fill(text.inbox.pair, { id: item.id, other: first.id })}</span>
          </Private>
          <span className="sm sec">{leftBy(item)}</span>
        </span>
        <span className="sm sec nowrap">{ago(item.createdAt)}</span>
      </button>
    </li>
  )
}

/** What has just happened: decided, with the way back where there is one, or decided by somebody else. */
function ToldBanner({ told }: { readonly told: Told }) {
  const busy = useInbox((state) => state.busy)
  switch (told.kind) {
    case 'gone':
      return (
        <Banner tone="info">
          <p>{text.inbox.gone}</p>
        </Banner>
      )
    case 'newCandidates':
      return (
        <Banner tone="warn">
          <p>{text.inbox.newCandidates}</p>
        </Banner>
      )
    case 'undone':
      return (
        <Banner tone="info">
          <p>
            <Private>{fill(text.inbox.undone, { id: told.id })}</Private>
          </p>
        </Banner>
      )
    case 'decided': {
      const { answer, undo: subject } = told
      return (
        <Banner tone="info">
          <p className="sp">
            <Private>{fill(text.inbox.decided[answer.decision], { id: answer.id ?? '' })}</Private>
          </p>
          {subject !== undefined && (
            <button type="button" className="btn btn-sm" disabled={busy} onClick={() => void undo(subject)}>
              <Undo2 className="i i16 turns" aria-hidden="true" />
              {text.inbox.undo} <kbd>U</kbd>
            </button>
          )}
        </Banner>
      )
    }
  }
}
