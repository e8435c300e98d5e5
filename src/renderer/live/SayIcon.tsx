/** A shape that shows the movement an instruction asks for. Left and right are drawn as in a mirror, and turned where the picture is not. */
import type { Instruction } from '../../contract/guidance.ts'
import type { ChallengeStep } from '../../contract/liveness.ts'
import { useLook } from '../state/look.ts'

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

const turn = (degrees: number) => (
  <g transform={`rotate(${degrees} 30 30)`}>
    {head}
    <path d="M12 30a18 18 0 0 1 36 0M12 30l6-5M12 30l-5-6" />
  </g>
)
const tilt = (degrees: number) => (
  <>
    <g transform={`rotate(${degrees} 30 41)`}>{head}</g>
    <path d="M6 52h48M30 5v8" />
  </>
)
const sun = (
  <>
    <circle cx="30" cy="30" r="10" />
    <path d="M30 6v7M30 47v7M6 30h7M47 30h7M13 13l5 5M42 42l5 5M47 13l-5 5M18 42l-5 5" />
  </>
)
const eye = (
  <>
    <path d="M6 30q24-26 48 0q-24 26-48 0z" />
    <circle cx="30" cy="30" r="7" fill="currentColor" stroke="none" />
  </>
)
const standing = (
  <>
    {head}
    <circle cx="30" cy="30" r="25" />
  </>
)

/** Everything that is asked for: instructions, and the steps of a challenge. */
export type Asked = Instruction | ChallengeStep

const shapes: Readonly<Record<Asked, React.ReactNode>> = {
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
  turnLeft: turn(0),
  turnRight: <g transform="matrix(-1 0 0 1 60 0)">{turn(0)}</g>,
  chinUp: turn(90),
  chinDown: turn(270),
  tiltLeft: tilt(-14),
  tiltRight: tilt(14),
  openEyes: eye,
  closeMouth: (
    <>
      <circle cx="30" cy="30" r="24" />
      <path d="M18 40h24" />
    </>
  ),
  steady: standing,
  moreLight: sun,
  lessLight: (
    <>
      {sun}
      <path d="M6 54L54 6" />
    </>
  ),
  evenLight: (
    <>
      <circle cx="30" cy="30" r="22" />
      <path d="M30 8v44" />
    </>
  ),
  plainBackground: (
    <>
      {head}
      <path d="M8 8h44v44H8z" />
    </>
  ),
  hold: standing,
  captured: (
    <>
      <circle cx="30" cy="30" r="25" />
      <path d="M18 31l9 9 16-19" />
    </>
  ),
  blink: (
    <>
      <path d="M6 26q24 22 48 0M14 36l-5 7M46 36l5 7M30 40v8" />
    </>
  ),
  nod: (
    <>
      {head}
      <path d="M48 18v24M42 36l6 7 6-7" />
    </>
  ),
  comeCloser: outward,
}

export function SayIcon({ instruction, className = 'ico' }: { readonly instruction: Asked; readonly className?: string }) {
  const mirrored = useLook((state) => state.mirrored)
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
      {mirrored ? shapes[instruction] : <g transform="matrix(-1 0 0 1 60 0)">{shapes[instruction]}</g>}
    </svg>
  )
}
