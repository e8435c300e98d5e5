/** Bringing in a pack from a file: what was checked, in its order, and whose word it is that it is trusted. */
import { CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Checked } from '../../../contract/rows/model.ts'
import { fill, number, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { PlaceField } from '../../ui/PlaceField.tsx'

/** The checks in the order in which they are made, and the refusals by which each may fail. */
const checks: readonly (readonly [check: 'unpacked' | 'trusted' | 'complete' | 'graphs' | 'works', codes: readonly ErrorCode[]])[] = [
  ['unpacked', ['pack.unreadable', 'pack.tooLarge']],
  ['trusted', ['pack.untrusted']],
  ['complete', ['model.missing']],
  ['graphs', ['model.unsupported', 'model.weightsInvalid', 'pack.unsafe', 'model.invalid', 'pack.checkFailed']],
  ['works', ['model.selfTestFailed']],
]

export function ImportPack({ onImported }: { readonly onImported: (checked: Checked) => Promise<void> }) {
  const [source, setSource] = useState('')
  const [trust, setTrust] = useState(false)
  const { doing, refusal, run, dismiss } = useDoing()
  return (
    <form
      className="card pad5 col g3"
      aria-label={text.models.import}
      onSubmit={(event) => {
        event.preventDefault()
        if (source.trim() === '' || doing) return
        void run(async () => {
          await onImported(await call('model.import', { pack: source.trim(), trust }))
          setSource('')
          setTrust(false)
        })
      }}
    >
      <h2>{text.models.import}</h2>
      <PlaceField id="pack-source" label={text.models.file} help={text.models.fileHelp} value={source} kind="pack" onChange={setSource} />
      <label className="tick">
        <input type="checkbox" checked={trust} onChange={(event) => setTrust(event.target.checked)} />
        <span>
          <span className="m block">{text.models.trust}</span>
          <span className="sec">{text.models.trustText}</span>
        </span>
      </label>
      <div className="row g2">
        <button type="submit" className="btn btn-p" disabled={source.trim() === '' || doing}>
          {text.models.importNow}
        </button>
        <span className="sm sec" role="status">
          {doing && text.models.checking}
        </span>
      </div>
      {refusal !== undefined && <Steps failed={refusal.code} />}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
    </form>
  )
}

/** The checks up to the one that failed; all of them where none did. */
function Steps({ failed }: { readonly failed: ErrorCode | undefined }) {
  const at = failed === undefined ? checks.length : checks.findIndex(([, codes]) => codes.includes(failed))
  if (at < 0) return null
  return (
    <ol className="col g2">
      {checks.slice(0, at + 1).map(([check], index) => {
        const Icon = index === at ? CircleX : CircleCheck
        return (
          <li className="row g2" key={check}>
            <Icon className={index === at ? 'i i16 st-warn' : 'i i16 st-ok'} aria-hidden="true" />
            {text.models.checks[check]}
            <span className="sr">{index === at ? text.models.checkFailed : text.models.checkPassed}</span>
          </li>
        )
      })}
    </ol>
  )
}

/** What a check of a whole pack found. */
export function CheckReport({ checked, onClose }: { readonly checked: Checked; readonly onClose: () => void }) {
  const { pack, manifestSha256, signature, files, selfTest, memoryBytesPeak } = checked
  const score = (value: number) => number(Number(value.toFixed(4)))
  return (
    <section className="card pad5 col g3" aria-label={fill(text.models.checkedTitle, { name: pack.name })}>
      <h2>{fill(text.models.checkedTitle, { name: pack.name })}</h2>
      <Steps failed={undefined} />
      <dl className="kv">
        <dt>{text.models.signature}</dt>
        <dd>{text.models.signatures[signature.state]}</dd>
        {signature.key !== null && (
          <>
            <dt>{text.models.key}</dt>
            <dd className="ltr break">{signature.key}</dd>
          </>
        )}
        <dt>{text.models.manifest}</dt>
        <dd className="ltr break">{manifestSha256.slice(0, 16)}</dd>
        <dt>{text.models.licence}</dt>
        <dd className="ltr">{pack.licences.join(', ')}</dd>
        <dt>{text.models.mateScore}</dt>
        <dd>{score(selfTest.mateScore)}</dd>
        <dt>{text.models.impostorScore}</dt>
        <dd>{score(selfTest.impostorScore)}</dd>
        <dt>{text.models.pictureTime}</dt>
        <dd>{fill(text.station.ms, { n: Math.round(selfTest.pictureMs) })}</dd>
        <dt>{text.models.memory}</dt>
        <dd>{fill(text.station.megabytes, { n: Math.round(memoryBytesPeak / 1e6) })}</dd>
        {files.map(({ file, opset, parameters }) => (
          <div className="kv-row" key={file}>
            <dt className="ltr break">{file}</dt>
            <dd>{fill(text.models.graph, { opset, n: parameters })}</dd>
          </div>
        ))}
      </dl>
      <div>
        <button type="button" className="btn" onClick={onClose}>
          {text.models.close}
        </button>
      </div>
    </section>
  )
}
