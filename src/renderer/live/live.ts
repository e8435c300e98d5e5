/** What the screens know of the live picture: the newest report of the face process, changed only when what is shown changes. */
import { create } from 'zustand'
import type { LiveReport } from '../../contract/guidance.ts'
import type { LivePacket } from '../../contract/live.ts'
import { LiveFeed } from './liveFeed.ts'

interface LiveState {
  /** null while nothing was looked at. */
  readonly report: LiveReport | null
  readonly face: boolean
  /** Captures that guidance has asked for. */
  readonly captures: number
}

const unseen: LiveState = { report: null, face: false, captures: 0 }

export const useLive = create<LiveState>()(() => unseen)

/** The one feed of the window. */
export const liveFeed = new LiveFeed()

/** Bars move in steps, so that numbers that tremble draw nothing again. */
const barStep = 5
/** Bars are read, not watched: where nothing else changes they are drawn anew so often. */
const barsEveryMs = 500
let shownWord = ''
let shownBars = ''
let barsMs = 0

const barsOf = ({ checks }: LiveReport) => checks.map(({ name, bar }) => `${name}${Math.round(bar / barStep)}`).join()

/** Everything else of a report that is shown, as one word. */
function wordOf({ instruction, phase, captures, checks, reasons, liveness }: LiveReport, face: boolean): string {
  const verdicts = checks.map(({ name, verdict }) => `${name}${verdict}`).sort()
  const steps = liveness && [liveness.state, liveness.step, liveness.done, liveness.failure, Math.round(liveness.progress * 10)]
  return JSON.stringify([face, instruction, phase, captures, verdicts, reasons, steps])
}

/** Takes a packet into account. */
export function follow({ report, faces }: LivePacket, nowMs: number): void {
  if (report === null) return
  const face = report.checks.length > 0 && faces.length > 0
  const word = wordOf(report, face)
  const bars = barsOf(report)
  if (word === shownWord && (bars === shownBars || nowMs - barsMs < barsEveryMs)) return
  shownWord = word
  shownBars = bars
  barsMs = nowMs
  useLive.setState({ report, face, captures: report.captures })
}

/** Forgets what was seen: the camera or the session is gone. */
export function forgetLive(): void {
  shownWord = ''
  useLive.setState(unseen)
}
