/** One case: who left it and why, pictures side by side or the proof, evidence, details, and the decision. */
import { Clock, FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Decided, InboxSummary } from '../../../contract/rows/inbox.ts'
import { day, fill, text } from '../../locale/text.ts'
import { useSubject } from '../../state/useSubject.ts'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { StoredPicture } from '../../ui/Picture.tsx'
import { Private } from '../../ui/Private.tsx'
import { AuditNote } from '../decision/AuditNote.tsx'
import { CompareDetails } from '../decision/CompareDetails.tsx'
import { chooseDecision, isComplete, useChosen } from '../decision/choices.ts'
import { DecisionFields } from '../decision/DecisionFields.tsx'
import { Evidence } from '../decision/Evidence.tsx'
import { PicturePair } from '../decision/PicturePair.tsx'
import { bestShot } from '../enrol/shotStrip.ts'
import { FilledInOf } from '../subjects/SubjectIntake.tsx'
import { decide, type OpenCase, openItem, useInbox } from './inboxStore.ts'
import { leftBy } from './leftBy.ts'

export function InboxCase() {
  const { items, chosen, opened, busy } = useInbox()
  const item = items?.find((one) => one.item === chosen)
  if (opened !== undefined && opened.item === chosen) return <OpenedCase key={opened.item} opened={opened} />
  if (item === undefined) return <section className="card" />
  return (
    <section className="card inbox-case" aria-label={text.inbox.kinds[item.kind]}>
      <div className="pad5 col g4">
        <Head item={item} />
        <p className="sec">{text.inbox.openText}</p>
        <div>
          <button type="button" className="btn btn-p" disabled={busy} onClick={() => void openItem(item.item)}>
            <FolderOpen className="i i16" aria-hidden="true" />
            {text.inbox.open} <Key chord="Enter" />
          </button>
        </div>
      </div>
    </section>
  )
}

function Head({ item }: { readonly item: InboxSummary }) {
  return (
    <>
      <div className="row top wrap">
        <div className="sp">
          <p className="sm sec">
            {text.inbox.kinds[item.kind]} · {leftBy(item)}
          </p>
          <h2>
            <Private>
              <span className="ltr">{item.id}</span>
              {item.name !== '' && ' '}
              {item.name !== '' && <span dir="auto">{item.name}</span>}
            </Private>
          </h2>
        </div>
        <span className="chip out">
          <Clock className="i i16" aria-hidden="true" />
          {fill(text.inbox.heldUntil, { date: day(item.expiresAt) })}
        </span>
      </div>
      {item.reason !== null && (
        <p>
          <span className="sec">{text.exception.reason}:</span> <b>{text.exception.reasons[item.reason]}</b>
        </p>
      )}
      {item.note !== '' && (
        <blockquote className="case-note">
          <span className="sm sec block">{text.inbox.note}</span>
          <Private>
            <span dir="auto">{item.note}</span>
          </Private>
        </blockquote>
      )}
    </>
  )
}

const optionsOf = ({ kind, outdated }: OpenCase): readonly Decided[] => {
  if (kind === 'exception') return ['confirm', 'reject']
  return outdated ? ['reject'] : ['same', 'different', 'reject']
}

function OpenedCase({ opened }: { readonly opened: OpenCase }) {
  const [index, setIndex] = useState(0)
  const candidate = opened.candidates[index] ?? opened.candidates[0]
  return (
    <section className="card inbox-case" aria-label={text.inbox.kinds[opened.kind]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: where it is longer than the window it is scrolled by its keys */}
      <section className="case-body pad5 col g4" tabIndex={0} aria-label={text.decision.compare.title}>
        <Head item={opened} />
        {opened.kind === 'duplicate' ? (
          <Pair opened={opened} index={index} onPick={setIndex} />
        ) : (
          <>
            <Proof opened={opened} />
            <FilledInOf form={{ version: opened.formVersion, values: opened.form }} />
          </>
        )}
      </section>
      <div className="case-decision">
        {opened.own && opened.operator !== null ? (
          <div className="decision-body pad5 col g3">
            {candidate !== undefined && <Evidence fmr={candidate.fmr} />}
            <p className="banner warn" role="status">
              {text.inbox.own}
            </p>
          </div>
        ) : (
          <Decide opened={opened} candidate={candidate} />
        )}
      </div>
    </section>
  )
}

function Decide({ opened, candidate }: { readonly opened: OpenCase; readonly candidate: OpenCase['candidates'][number] | undefined }) {
  const chosen = useChosen()
  const busy = useInbox((state) => state.busy)
  const options = optionsOf(opened)
  const ready = isComplete(chosen) && !busy
  const record = () => {
    const { decision, reason, words } = chosen
    if (!ready || decision === undefined || reason === undefined) return
    void decide({ decision, reason, note: words, ...(decision === 'same' ? { subject: candidate?.id } : {}) })
  }
  useKeys([...options.map((option, index) => [String(index + 1), () => chooseDecision(option)] as const), ['Ctrl Enter', record]])
  // The decision is what somebody opened the case for.
  useEffect(() => document.querySelector<HTMLInputElement>('.case-decision input[name=decision]')?.focus(), [])
  return (
    <>
      <div className="decision-body pad5 col g3">
        {candidate !== undefined && <Evidence fmr={candidate.fmr} />}
        {opened.outdated && <p className="sm">{text.inbox.outdated}</p>}
        <DecisionFields
          title={opened.kind === 'exception' ? text.decision.titleException : text.decision.title}
          options={options}
          candidate={candidate?.id ?? ''}
        />
      </div>
      <div className="panel-foot">
        <AuditNote />
        <button type="button" className="btn btn-p btn-w" disabled={!ready} onClick={record}>
          {busy ? text.decision.recording : text.decision.record} <Key chord="Ctrl Enter" />
        </button>
      </div>
    </>
  )
}

function Pair({ opened, index, onPick }: { readonly opened: OpenCase; readonly index: number; readonly onPick: (index: number) => void }) {
  const candidate = opened.candidates[index] ?? opened.candidates[0]
  const subject = useSubject(candidate?.id)
  return (
    <>
      <PicturePair
        now={<StoredPicture bytes={bestShot(opened.captured)?.sample ?? null} words={text.enrol.review.this} />}
        candidate={candidate?.id}
        stored={subject.picture}
      />
      {opened.candidates.length > 1 && (
        <div className="others">
          {opened.candidates.map(({ id }, place) => (
            <button type="button" key={id} className="btn btn-sm" aria-pressed={place === index} onClick={() => onPick(place)}>
              <Private>
                <span className="ltr">{id}</span>
              </Private>
            </button>
          ))}
        </div>
      )}
      <CompareDetails now={{ id: opened.id, name: opened.name === '' ? null : opened.name, form: opened.form }} stored={subject.summary} />
    </>
  )
}

function Proof({ opened }: { readonly opened: OpenCase }) {
  if (opened.proof === null) return <p className="sec">{text.inbox.noProof}</p>
  return (
    <figure className="col g2">
      <figcaption className="b">{text.exception.proofPicture}</figcaption>
      <div className="proof-shown">
        <StoredPicture bytes={opened.proof} words={text.exception.proofPicture} />
      </div>
    </figure>
  )
}
