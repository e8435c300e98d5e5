/** Erasing a subject: what goes and what stays, the number typed as confirmation, and the certificate. */
import { FileCheck, Printer, Save, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { type Certificate, CertificateBody } from '../../../contract/rows/audit.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { day, fill, number, text, timeOfDay } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { keepEscape } from '../../ui/keys.ts'
import { saveFile } from '../../ui/saveFile.ts'

export interface EraseDialogProps {
  readonly id: SubjectId
  readonly onErased: () => void
  readonly onClose: (erased: boolean) => void
}

export function EraseDialog({ id, onErased, onClose }: EraseDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [certificate, setCertificate] = useState<Certificate>()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      className="dialog erase"
      ref={dialog}
      aria-labelledby="erase-title"
      onKeyDown={keepEscape}
      onClose={() => onClose(certificate !== undefined)}
    >
      {certificate === undefined ? (
        <AskToErase
          id={id}
          onKeep={() => dialog.current?.close()}
          onErased={(issued) => {
            setCertificate(issued)
            onErased()
          }}
        />
      ) : (
        <Erased id={id} certificate={certificate} onClose={() => dialog.current?.close()} />
      )}
    </dialog>
  )
}

interface AskProps {
  readonly id: SubjectId
  readonly onKeep: () => void
  readonly onErased: (certificate: Certificate) => void
}

function AskToErase({ id, onKeep, onErased }: AskProps) {
  const [typed, setTyped] = useState('')
  const { doing, refusal, run, dismiss } = useDoing()
  const usable = typed.trim() === id && !doing
  return (
    <form
      className="col g4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (usable) void run(async () => onErased((await call('subject.erase', { id })).certificate))
      }}
    >
      <h1 id="erase-title">{fill(text.erase.title, { id })}</h1>
      <div>
        <h2>{text.erase.destroyed}</h2>
        <p>{text.erase.destroyedText}</p>
      </div>
      <div>
        <h2>{text.erase.kept}</h2>
        <p>{text.erase.keptText}</p>
        <p className="sec">{text.erase.backups}</p>
      </div>
      <div className="field">
        <label htmlFor="erase-number">{fill(text.erase.type, { id })}</label>
        <input
          id="erase-number"
          className="in lg ltr"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type the number
          autoFocus
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div className="row g3">
        <button type="button" className="btn btn-lg" disabled={doing} onClick={onKeep}>
          {text.erase.cancel}
        </button>
        <span className="sp" />
        <button type="submit" className="btn btn-lg btn-danger" disabled={!usable}>
          <Trash2 className="i" aria-hidden="true" />
          {doing ? text.erase.working : text.erase.button}
        </button>
      </div>
    </form>
  )
}

function Erased({ id, certificate, onClose }: { readonly id: SubjectId; readonly certificate: Certificate; readonly onClose: () => void }) {
  const body = bodyOf(certificate)
  const save = () => {
    const name = body === undefined ? 'vultus-erasure.json' : `vultus-erasure-${body.auditRecord.no}.json`
    saveFile(name, [`${JSON.stringify(certificate)}\n`], 'application/json')
  }
  return (
    <div className="col g4 certificate">
      <div role="status">
        <h1 id="erase-title">{fill(text.erase.done, { id })}</h1>
      </div>
      <div className="row top g3">
        <FileCheck className="i i32 st-ok" aria-hidden="true" />
        <div>
          <h2>{text.erase.certificate}</h2>
          <p className="sec">{text.erase.certificateText}</p>
        </div>
      </div>
      {body !== undefined && <Facts body={body} />}
      <div className="row g3 no-print">
        <button type="button" className="btn btn-p" onClick={save}>
          <Save className="i i16" aria-hidden="true" />
          {text.erase.save}
        </button>
        <button type="button" className="btn" onClick={() => window.print()}>
          <Printer className="i i16" aria-hidden="true" />
          {text.erase.print}
        </button>
        <span className="sp" />
        <button type="button" className="btn" onClick={onClose}>
          {text.erase.close}
        </button>
      </div>
    </div>
  )
}

function Facts({ body }: { readonly body: CertificateBody }) {
  const { facts } = text.erase
  return (
    <dl className="kv">
      <dt>{facts.time}</dt>
      <dd>
        {day(body.time)} {timeOfDay(new Date(body.time))}
      </dd>
      <dt>{facts.record}</dt>
      <dd>{number(body.auditRecord.no)}</dd>
      <dt>{facts.references}</dt>
      <dd>{number(body.destroyed.references)}</dd>
      <dt>{facts.samples}</dt>
      <dd>{number(body.destroyed.samples)}</dd>
      <dt>{facts.versions}</dt>
      <dd>{number(body.destroyed.versions)}</dd>
      <dt>{facts.keyFile}</dt>
      <dd>{keyFileWords(body)}</dd>
      {body.restoredFrom !== undefined && (
        <>
          <dt>{facts.restored}</dt>
          <dd>{fill(text.erase.restoredFrom, { date: day(body.restoredFrom) })}</dd>
        </>
      )}
      <dt>{facts.station}</dt>
      <dd className="ltr xs">{body.stationKey}</dd>
    </dl>
  )
}

function keyFileWords({ backupKeyFile }: CertificateBody): string {
  if (backupKeyFile === null) return text.erase.keyFileNone
  const { replacedAt } = backupKeyFile
  return replacedAt === null ? text.erase.keyFilePending : fill(text.erase.keyFileReplaced, { date: day(replacedAt) })
}

/** @returns undefined for a certificate of a form that this window does not know: it can still be saved */
function bodyOf({ body }: Certificate): CertificateBody | undefined {
  try {
    return CertificateBody.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
