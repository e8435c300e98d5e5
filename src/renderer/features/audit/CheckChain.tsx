/** Verifying the chain, and saving an export of it. */
import { useState } from 'react'
import type { AuditReport } from '../../../contract/rows/audit.ts'
import { count, fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { saveFile } from '../../ui/saveFile.ts'

const exportFile = 'vultus-audit.jsonl'

export function CheckChain() {
  const [report, setReport] = useState<AuditReport>()
  const [exported, setExported] = useState('')
  const verifying = useDoing()
  const exporting = useDoing()
  const verify = () => void verifying.run(async () => setReport(await call('audit.verify', {})))
  const saveExport = () =>
    void exporting.run(async () => {
      const parts: string[] = []
      let lineCount = 0
      for (let next: { after: number; upTo?: number } | null = { after: 0 }; next !== null; ) {
        const page: { lines: string[]; next: { after: number; upTo: number } | null } = await call('audit.export', next)
        for (const line of page.lines) parts.push(`${line}\n`)
        lineCount += page.lines.length
        setExported(count(text.audit.exporting, lineCount))
        next = page.next
      }
      saveFile(exportFile, parts, 'application/jsonl')
      setExported(count(text.audit.exported, lineCount, { file: exportFile }))
    })
  return (
    <>
      <div className="row g2">
        <button type="button" className="btn btn-p" disabled={verifying.doing} onClick={verify}>
          {text.audit.verify}
        </button>
        <button type="button" className="btn" disabled={exporting.doing} onClick={saveExport}>
          {text.audit.export}
        </button>
        <span className="sm sec" role="status">
          {verifying.doing ? text.audit.verifying : exported}
        </span>
      </div>
      <RefusalBanner refusal={verifying.refusal} onClose={verifying.dismiss} />
      <RefusalBanner refusal={exporting.refusal} onClose={exporting.dismiss} />
      {report !== undefined && !verifying.doing && <Verdict report={report} />}
    </>
  )
}

function Verdict({ report }: { readonly report: AuditReport }) {
  const { ok, records, checkpoints, firstBad, badCheckpoint, anchors, unanchored, stationKey } = report
  const contradicting = anchors.some(({ state }) => state === 'contradicting')
  return (
    <Banner tone={ok ? 'info' : 'neg'}>
      <div>
        <p>
          <b>{ok ? fill(text.audit.ok, { n: records, checkpoints }) : text.audit.bad}</b>{' '}
          {firstBad !== null && fill(text.audit.firstBad, { n: firstBad })}{' '}
          {badCheckpoint !== null && fill(text.audit.badCheckpoint, { n: badCheckpoint })} {contradicting && text.audit.contradicting}{' '}
          {!ok && text.audit.badRemedy}
        </p>
        <p className="sm">
          {fill(text.audit.unanchored, { n: unanchored })} {text.audit.fingerprint}: <span className="ltr">{stationKey.fingerprint}</span>
        </p>
      </div>
    </Banner>
  )
}
