/** The live checks as rows: failing ones first and with their remedy. Only what the live packets measure is here. */
import { Circle, CircleCheck, TriangleAlert } from 'lucide-react'
import { fill, text } from '../locale/text.ts'
import { type CheckName, checkNames } from './checks.ts'
import { useLive } from './live.ts'

export function CheckList() {
  const { instruction, face, checks } = useLive()
  const failing = face ? checkNames.filter((name) => !checks[name]) : []
  const good = checkNames.filter((name) => !failing.includes(name))
  const first = failing[0]
  return (
    <section className="checks" aria-label={text.checks.title}>
      <div className="q-h">
        <div className="row">
          <span className="sm sec m sp">{text.checks.title}</span>
          {face && <span className="sm sec num">{fill(text.checks.count, { good: good.length, all: checkNames.length })}</span>}
        </div>
        <h2 className="hl">{headline(instruction === undefined, face, first)}</h2>
      </div>
      <ul className="q-list">
        {first !== undefined && (
          <li className="q-big warn">
            <div className="q-r">
              <TriangleAlert className="i st-warn" aria-hidden="true" />
              <span className="n">{text.checks.names[first]}</span>
              <span className="v">{text.checks.notGood}</span>
            </div>
            <p className="fix">{text.checks.remedies[first]}</p>
          </li>
        )}
        {failing.slice(1).map((name) => (
          <li className="q-r" key={name}>
            <TriangleAlert className="i st-warn" aria-hidden="true" />
            <span className="n">{text.checks.names[name]}</span>
            <span className="v">{text.checks.notGood}</span>
          </li>
        ))}
        {good.map((name) => (
          <li className="q-r" key={name}>
            {face ? <CircleCheck className="i st-ok" aria-hidden="true" /> : <Circle className="i mut" aria-hidden="true" />}
            <span className="n">{text.checks.names[name]}</span>
            <span className="v mut">{face ? text.checks.good : text.checks.unknown}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function headline(waiting: boolean, face: boolean, first: CheckName | undefined): string {
  if (waiting) return text.checks.waiting
  if (!face) return text.checks.noFace
  return first === undefined ? text.checks.allGood : fill(text.checks.fixFirst, { what: text.checks.short[first] })
}
