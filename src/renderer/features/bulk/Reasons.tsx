/** Refused rows by their reason, the most frequent first, so that a list is put right where it helps most. */
import { isErrorCode } from '../../../contract/errors.ts'
import { errorRemedy, reasonWords } from '../../locale/errors/words.ts'
import { number, text } from '../../locale/text.ts'

export function Reasons({ reasons }: { readonly reasons: Readonly<Record<string, number>> }) {
  const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  const [first] = sorted
  if (first === undefined) return null
  return (
    <section className="card pad5 col g2" aria-label={text.bulk.reasons}>
      <h2>{text.bulk.reasons}</h2>
      <ul>
        {sorted.map(([code, n]) => (
          <li className="bulk-reason" key={code}>
            <span>
              <span className="m block">{isErrorCode(code) ? reasonWords(code) : code}</span>
              <span className="sm sec">{isErrorCode(code) && errorRemedy(code)}</span>
            </span>
            <span className="bar" aria-hidden="true">
              <i style={{ inlineSize: `${(100 * n) / first[1]}%` }} />
            </span>
            <span className="num b">{number(n)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
