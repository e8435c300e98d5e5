/** The last report of the maintenance, with its findings. */
import { CircleCheck, CircleX } from 'lucide-react'
import type { Refusal } from '../../../contract/errors.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { count, day, fill, text, timeOfDay } from '../../locale/text.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'

type Report = OutputOf<'vault.reports'>['reports'][number]

export function LastCheck({
  reports,
  refusal,
}: {
  readonly reports: readonly Report[] | undefined
  readonly refusal: Refusal | undefined
}) {
  const report = reports?.[0]
  return (
    <section className="card pad5 col g3" aria-label={text.vault.report}>
      <h2>{text.vault.report}</h2>
      <RefusalBanner refusal={refusal} />
      {reports === undefined && refusal === undefined && <p className="sec">{text.office.loading}</p>}
      {reports?.length === 0 && <p className="sec">{text.vault.reportNone}</p>}
      {report !== undefined && <Findings report={report} />}
    </section>
  )
}

function Findings({ report }: { readonly report: Report }) {
  const findings = report.checks.reduce((sum, { problems }) => sum + problems.length, 0)
  return (
    <>
      <p className="sm sec num">
        <time dateTime={report.finishedAt}>
          {day(report.finishedAt)} {timeOfDay(new Date(report.finishedAt))}
        </time>
      </p>
      <p className="row top g2">
        {report.ok ? (
          <CircleCheck className="i st-ok" aria-hidden="true" />
        ) : (
          <CircleX className="i" style={{ color: 'var(--neg)' }} aria-hidden="true" />
        )}
        <span className="m">{report.ok ? text.vault.reportOk : count(text.vault.reportBad, findings)}</span>
      </p>
      <dl className="kv">
        {report.checks.map(({ name, lookedAt }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{text.vault.checks[name]}</dt>
            <dd>
              {lookedAt === 0 && name === 'database'
                ? text.vault.skipped
                : name === 'space'
                  ? lookedAt
                  : fill(text.vault.lookedAt, { n: lookedAt })}
            </dd>
          </div>
        ))}
      </dl>
      <ul className="findings sm">
        {report.checks.flatMap(({ name, problems }) =>
          problems.map((problem) => (
            <li key={`${name} ${problem}`}>
              {text.vault.checks[name]}: <span className="ltr">{problem}</span>
            </li>
          )),
        )}
      </ul>
      <p className="sm sec">{report.thorough ? text.vault.thorough : text.vault.sampled}</p>
    </>
  )
}
