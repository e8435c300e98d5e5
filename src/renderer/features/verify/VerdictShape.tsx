/** The shapes of the verdicts: circle with a tick, octagon with a cross, diamond with a question mark; they differ without colour. */

export type VerdictName = 'match' | 'nonMatch' | 'inconclusive'

export function VerdictShape({ name }: { readonly name: VerdictName | 'ready' | 'covered' }) {
  return (
    <svg className="shape" viewBox="0 0 124 124" fill="none" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapes[name]}
    </svg>
  )
}

const shapes: Readonly<Record<VerdictName | 'ready' | 'covered', React.ReactNode>> = {
  match: (
    <>
      <circle cx="62" cy="62" r="58" fill="#fff" />
      <path d="M34 64l19 19 38-42" stroke="#17693F" strokeWidth="13" />
    </>
  ),
  nonMatch: (
    <>
      <path d="M38 4h48l34 34v48l-34 34H38L4 86V38z" fill="#A52A1E" />
      <path d="M42 42l40 40M82 42L42 82" stroke="#fff" strokeWidth="13" />
    </>
  ),
  inconclusive: (
    <>
      <path d="M62 3l59 59-59 59L3 62z" fill="#2B1C00" />
      <path d="M48 50c0-8 6-14 14-14s14 5 14 13c0 10-13 10-13 21" stroke="#F6C667" strokeWidth="9" />
      <circle cx="63" cy="86" r="6" fill="#F6C667" />
    </>
  ),
  ready: (
    <>
      <circle cx="62" cy="62" r="56" stroke="var(--line-strong)" strokeWidth="4" strokeDasharray="10 9" />
      <ellipse cx="62" cy="62" rx="24" ry="31" fill="var(--accent)" />
    </>
  ),
  covered: (
    <>
      <circle cx="62" cy="62" r="56" stroke="var(--line-strong)" strokeWidth="4" />
      <circle cx="36" cy="62" r="8" fill="var(--accent)" />
      <circle cx="62" cy="62" r="8" fill="var(--accent)" />
      <circle cx="88" cy="62" r="8" fill="var(--accent)" />
    </>
  ),
}
