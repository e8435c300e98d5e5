/** A shape that shows the movement an instruction asks for. Left and right are seen as in a mirror. */
import type { Instruction } from './checks.ts'

const head = <ellipse cx="30" cy="30" rx="8.5" ry="11" fill="currentColor" stroke="none" />

const inward = (
  <>
    {head}
    <path d="M6 14V6h8M46 6h8v8M54 46v8h-8M14 54H6v-8" opacity=".55" />
    <path d="M9 9l9 9M51 9l-9 9M51 51l-9-9M9 51l9-9M18 11v7h-7M42 11v7h7M42 49v-7h7M18 49v-7h-7" />
  </>
)
const outward = (
  <>
    {head}
    <path d="M14 22V10h12M34 10h12v12M46 38v12H34M26 50H14V38" />
    <path d="M15 11l7.5 7.5M45 11l-7.5 7.5M45 49l-7.5-7.5M15 49l7.5-7.5" />
  </>
)
const arrow = (degrees: number) => (
  <g transform={`rotate(${degrees} 30 30)`}>
    <ellipse cx="42" cy="30" rx="8.5" ry="11" fill="currentColor" stroke="none" transform={`rotate(${-degrees} 42 30)`} />
    <path d="M26 30H6M14 21l-9 9 9 9" />
  </g>
)

const shapes: Readonly<Record<Instruction, React.ReactNode>> = {
  look: (
    <>
      {head}
      <circle cx="30" cy="30" r="25" strokeDasharray="7 6" />
    </>
  ),
  onePerson: (
    <>
      {head}
      <path d="M10 20v20M50 20v20" opacity=".55" />
      <path d="M6 8l48 44M54 8L6 52" opacity=".3" />
    </>
  ),
  closer: outward,
  back: inward,
  left: arrow(0),
  right: arrow(180),
  up: arrow(90),
  down: arrow(270),
  facing: (
    <>
      {head}
      <path d="M12 30a18 18 0 0 1 36 0M48 30l-6-5M48 30l5-6M12 30l6-5M12 30l-5-6" />
    </>
  ),
  level: (
    <>
      {head}
      <path d="M6 52h48" />
      <path d="M30 5v8" />
    </>
  ),
  hold: (
    <>
      {head}
      <circle cx="30" cy="30" r="25" />
    </>
  ),
}

export function SayIcon({ instruction, className = 'ico' }: { readonly instruction: Instruction; readonly className?: string }) {
  return (
    <svg
      className={className}
      viewBox="0 0 60 60"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[instruction]}
    </svg>
  )
}
