/** The live checks that are not good as rows, the worst first and with its remedy; the good ones behind one line. Only what was measured is here. */
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import type { LiveCheck, LiveReport } from '../../contract/guidance.ts'
import { fill, text } from '../locale/text.ts'
import { useLive } from './live.ts'

export function CheckList() {
  const { report, face } = useLive()
  const checks = face ? (report?.checks ?? []) : []
  const [worst, ...others] = checks
  const first = worst !== undefined && worst.verdict !== 'good' ? worst : undefined
  const good = checks.filter(({ verdict }) => verdict === 'good')
  return (
    <section className="checks" aria-label={text.checks.title}>
      <div className="q-h">
        <h2 className="hl">{headline(report, face, first)}</h2>
        {report?.phase === 'failed' && (
          <p className="help e" role="status">
            {fill(text.checks.failed, { reasons: report.reasons.map((name) => text.checks.short[name]).join(', ') })}
          </p>
        )}
      </div>
      <ul className="q-list">
        {first !== undefined && (
          <li className="q-big warn">
            <Row check={first} />
            <p className="fix">{text.checks.remedies[first.name]}</p>
          </li>
        )}
        {others
          .filter(({ verdict }) => verdict !== 'good')
          .map((check) => (
            <li key={check.name}>
              <Row check={check} />
            </li>
          ))}
      </ul>
      {good.length > 0 && (
        <details className="q-good">
          <summary className="sm sec num">{fill(text.checks.count, { good: good.length, all: checks.length })}</summary>
          <ul className="q-list">
            {good.map((check) => (
              <li key={check.name}>
                <Row check={check} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

const verdictWords = () => ({ good: text.checks.good, warn: text.checks.notGood, refuse: text.checks.refused }) as const

function Row({ check: { name, verdict, bar } }: { readonly check: LiveCheck }) {
  return (
    <div className="q-r">
      {verdict === 'good' && <CircleCheck className="i st-ok" aria-hidden="true" />}
      {verdict === 'warn' && <TriangleAlert className="i st-warn" aria-hidden="true" />}
      {verdict === 'refuse' && <CircleX className="i st-warn" aria-hidden="true" />}
      <span className="n">{text.checks.names[name]}</span>
      <span className="v q-v">
        <span className={verdict === 'good' ? 'sr' : ''}>{verdictWords()[verdict]}</span>
        <span className={`q-bar q-${verdict}`} aria-hidden="true">
          <span style={{ inlineSize: `${bar}%` }} />
        </span>
      </span>
    </div>
  )
}

function headline(report: LiveReport | null, face: boolean, first: LiveCheck | undefined): string {
  if (report === null) return text.checks.waiting
  if (!face) return text.checks.noFace
  return first === undefined ? text.checks.allGood : fill(text.checks.fixFirst, { what: text.checks.short[first.name] })
}
