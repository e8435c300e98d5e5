/** Verifying the chain, and saving an export of it. */
import { useState } from 'react'
import { type AuditPage, type AuditReport, auditLimits } from '../../../contract/rows/audit.ts'
import { count, fill, text } from '../../locale/text.ts'
import { call } from '../../state/station.ts'
import { useDoing } from '../../state/useAsked.ts'
import { Banner, RefusalBanner } from '../../ui/Banner.tsx'
import { saveFile } from '../../ui/saveFile.ts'
import type { Filter } from './AuditFilters.tsx'
import { tableLine, tableTitles } from './words.ts'

const exportFile = 'vultus-audit.jsonl'
const tableFile = 'vultus-audit.csv'
/** Without it some spreadsheets do not read UTF-8. */
const byteOrderMark = '\uFEFF'

/** Every record that the filter leaves, with names, as a table for a spreadsheet. @returns how many */
async function saveTable(filter: Filter, onPage: (records: number) => void): Promise<number> {
  const parts = [byteOrderMark, tableTitles()]
  let recordCount = 0
  for (let before: number | null | undefined; before !== null; ) {
    const asked = { ...filter, limit: auditLimits.recordsPerPageMax, ...(before === undefined ? {} : { before }) }
    const page: AuditPage = await call('audit.list', asked)
    for (const record of page.records) parts.push(tableLine(page.named, record))
    recordCount += page.records.length
    onPage(recordCount)
    before = page.next
  }
  saveFile(tableFile, parts, 'text/csv')
  return recordCount
}

export function CheckChain({ filter }: { readonly filter: Filter }) {
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
  const saveList = () =>
    void exporting.run(async () => {
      const recordCount = await saveTable(filter, (records) => setExported(count(text.audit.exporting, records)))
      setExported(count(text.audit.exported, recordCount, { file: tableFile }))
    })
  return (
    <>
      <div className="row g2 wrap">
        <button type="button" className="btn btn-p" disabled={verifying.doing} onClick={verify}>
          {text.audit.verify}
        </button>
        <button type="button" className="btn" disabled={exporting.doing} onClick={saveExport}>
          {text.audit.export}
        </button>
        <button type="button" className="btn" disabled={exporting.doing} onClick={saveList}>
          {text.audit.table}
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
