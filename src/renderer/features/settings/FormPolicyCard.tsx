/** The form of the enrolment: shown to everybody, and replaced by a file that is checked before it comes into force. */
import { CircleX, Download, FileJson } from 'lucide-react'
import { useState } from 'react'
import { type FormPolicy, formLimits } from '../../../contract/form.ts'
import { count, day, fill, text } from '../../locale/text.ts'
import { refreshFormPolicy } from '../../state/formPolicy.ts'
import { call } from '../../state/station.ts'
import { useAsked, useDoing } from '../../state/useAsked.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import { FormPreview } from './FormPreview.tsx'
import { type FileFault, readFormPolicy } from './readFormPolicy.ts'

const formFile = 'vultus-form.json'

/** Opens the system's file dialog for one JSON file; undefined where it was cancelled. */
function askForJson(): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = 'application/json,.json'
    input.hidden = true
    const answer = (file: File | undefined) => {
      input.remove()
      resolve(file)
    }
    input.addEventListener('change', () => answer(input.files?.[0]))
    input.addEventListener('cancel', () => answer(undefined))
    document.body.append(input)
    input.click()
  })
}

export function FormPolicyCard({ changeable }: { readonly changeable: boolean }) {
  const asked = useAsked('policy.form', {})
  const [proposed, setProposed] = useState<FormPolicy>()
  const [faults, setFaults] = useState<readonly FileFault[]>([])
  const [told, setTold] = useState('')
  const { doing, refusal, run, dismiss } = useDoing()
  const inForce = asked.value
  const choose = () =>
    void run(async () => {
      const file = await askForJson()
      if (file === undefined) return
      setTold('')
      // One character more than fits is enough to say that it is too large.
      const read = readFormPolicy(await file.slice(0, formLimits.policyBytesMax + 1).text())
      setFaults('faults' in read ? read.faults : [])
      setProposed('policy' in read ? read.policy : undefined)
    })
  const put = () =>
    void run(async () => {
      if (proposed === undefined) return
      await call('policy.setForm', { policy: proposed })
      setProposed(undefined)
      await Promise.all([asked.again(), refreshFormPolicy()])
      setTold(text.settings.saved)
    })
  const save = () => {
    saveFile(formFile, [`${JSON.stringify(inForce?.policy, null, 2)}\n`], 'application/json')
    setTold(fill(text.policy.saved, { file: formFile }))
  }
  return (
    <section className="card pad5 col g4" aria-label={text.policy.form}>
      <h2>{text.policy.form}</h2>
      {inForce === undefined ? (
        <p className="sec">{text.office.loading}</p>
      ) : (
        <>
          <p className="sec">
            {inForce.setAt === null ? text.policy.builtIn : fill(text.policy.setAt, { n: inForce.version, date: day(inForce.setAt) })}
          </p>
          {proposed === undefined && <FormPreview policy={inForce.policy} />}
        </>
      )}
      <RefusalBanner refusal={asked.refusal} />
      {proposed !== undefined && (
        <section className="col g3" aria-label={text.policy.check}>
          <h3>{text.policy.check}</h3>
          <p className="sm sec" role="status">
            {text.policy.good} {count(text.policy.fields, proposed.fields.length)}
          </p>
          <FormPreview policy={proposed} />
          <div className="row g2 wrap">
            <button type="button" className="btn btn-p" disabled={doing} onClick={put}>
              {text.policy.put}
            </button>
            <button type="button" className="btn" disabled={doing} onClick={() => setProposed(undefined)}>
              {text.policy.leave}
            </button>
          </div>
        </section>
      )}
      {faults.length > 0 && <Faults faults={faults} />}
      <RefusalBanner refusal={refusal} onClose={dismiss} />
      <div className="row g2 wrap">
        {changeable && (
          <button type="button" className="btn" disabled={doing} onClick={choose}>
            <FileJson className="i i16" aria-hidden="true" />
            {text.policy.file}
          </button>
        )}
        <button type="button" className="btn" disabled={inForce === undefined} onClick={save}>
          <Download className="i i16" aria-hidden="true" />
          {text.policy.save}
        </button>
      </div>
      {changeable && <p className="help">{text.policy.fileText}</p>}
      <p className="sm sec" role="status">
        {told}
      </p>
    </section>
  )
}

function Faults({ faults }: { readonly faults: readonly FileFault[] }) {
  return (
    <div className="banner neg" role="alert">
      <CircleX className="i" aria-hidden="true" />
      <div className="sp">
        <b>{text.policy.bad}</b>
        <ul className="findings">
          {faults.map(({ at, words }) => (
            <li key={`${at} ${words}`}>
              <span className="b ltr">{at}</span>: {words}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
