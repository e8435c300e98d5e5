/** What the screens know of the live picture, changed only when what is shown changes. */
import { create } from 'zustand'
import type { LivePacket } from '../../contract/live.ts'
import { assess, type Checks, checkNames, type Instruction } from './checks.ts'
import { type Steadied, steadied, steady } from './guidance.ts'
import { LiveFeed } from './liveFeed.ts'

interface LiveState {
  /** undefined while nothing was looked at. */
  readonly instruction: Instruction | undefined
  readonly face: boolean
  readonly checks: Checks
}

const unseen: LiveState = {
  instruction: undefined,
  face: false,
  checks: { onePerson: false, distance: false, centred: false, facing: false, level: false },
}

export const useLive = create<LiveState>()(() => unseen)

/** The one feed of the window. */
export const liveFeed = new LiveFeed()

let instruction: Steadied<Instruction> | undefined
/** Face and checks as one word, so that they change together. */
let rows: Steadied<string> | undefined
let before = unseen.checks

/** Takes a packet into account. */
export function follow(packet: LivePacket, nowMs: number): void {
  const seen = assess(packet, before)
  before = seen.checks
  const word = [seen.face, ...checkNames.map((name) => seen.checks[name])].map(Number).join('')
  instruction = instruction === undefined ? steady(seen.instruction, nowMs) : steadied(instruction, seen.instruction, nowMs)
  rows = rows === undefined ? steady(word, nowMs) : steadied(rows, word, nowMs)
  const shown = rows.shown
  const now = useLive.getState()
  const same = now.instruction === instruction.shown && wordOf(now) === shown
  if (!same) useLive.setState({ instruction: instruction.shown, ...ofWord(shown) })
}

/** Forgets what was seen: the camera or the session is gone. */
export function forgetLive(): void {
  instruction = undefined
  rows = undefined
  before = unseen.checks
  useLive.setState(unseen)
}

function wordOf(state: LiveState): string {
  return [state.face, ...checkNames.map((name) => state.checks[name])].map(Number).join('')
}

function ofWord(word: string): Pick<LiveState, 'face' | 'checks'> {
  const flag = (index: number) => word[index] === '1'
  const checks = Object.fromEntries(checkNames.map((name, index) => [name, flag(index + 1)])) as Record<
    (typeof checkNames)[number],
    boolean
  >
  return { face: flag(0), checks }
}
