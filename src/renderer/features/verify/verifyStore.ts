/** One verification at the desk: the claim, the probe, the verdict. */
import { create } from 'zustand'
import { type Refusal, VultusError } from '../../../contract/errors.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import type { OutputOf } from '../../../contract/table.ts'
import type { SubjectId } from '../../../contract/types.ts'
import { chooseSubjectLanguage } from '../../locale/subjectLanguage.ts'
import { text } from '../../locale/text.ts'
import { call, refusalFor } from '../../state/station.ts'
import { subjectIdOf, wantedFmr } from '../../state/subjectId.ts'
import { dropCaptures, takeCapture } from '../../state/takeCapture.ts'
import { captureFile } from '../../ui/pictureFile.ts'

interface VerifyState {
  readonly number: string
  readonly numberProblem: string | undefined
  readonly subject: OutputOf<'subject.get'> | undefined
  /** The stored picture of the claimed subject; null where none is stored. */
  readonly picture: Uint8Array | null | undefined
  readonly busy: 'reading' | 'comparing' | undefined
  readonly refusal: Refusal | undefined
  readonly probe: CaptureSummary | undefined
  readonly probeAt: Date | undefined
  readonly verdict: OutputOf<'subject.verify'> | undefined
}

const noProbe = { probe: undefined, probeAt: undefined, verdict: undefined } as const
const fresh: VerifyState = {
  number: '',
  numberProblem: undefined,
  subject: undefined,
  picture: undefined,
  busy: undefined,
  refusal: undefined,
  ...noProbe,
}

export const useVerify = create<VerifyState>()(() => fresh)
const { getState, setState } = useVerify

/** Counts claims: an answer that was asked for under an earlier one is dropped, so that no verdict stands under another claim. */
let turn = 0

/** Ends the turn with whatever is still under way in it. */
function newTurn(): void {
  turn++
  forgetProbe()
  setState({ busy: undefined, refusal: undefined })
}

/** A changed number is another claim: what was known of the one before goes. */
export const setClaim = (number: string) => {
  newTurn()
  setState({ number, numberProblem: undefined, subject: undefined, picture: undefined })
}
export const closeRefusal = () => setState({ refusal: undefined })

/** Reads the claimed subject, then its picture; an unknown number is said beside the field. */
export async function claim(): Promise<void> {
  await readSubject()
  await readPicture()
}

async function readSubject(): Promise<void> {
  const typed = getState().number
  const id = subjectIdOf(typed)
  if (id === undefined) return setState({ numberProblem: typed.trim() === '' ? text.enrol.numberMissing : text.enrol.numberBad })
  await busyWith('reading', async (current) => {
    try {
      const subject = await call('subject.get', { id })
      // Said before anybody is captured for it; the station refuses the comparison too.
      if (subject.restrictedSince !== undefined) throw new VultusError('subject.restricted')
      if (current()) setState({ subject, numberProblem: undefined })
    } catch (error) {
      if (!current() || !(error instanceof VultusError) || error.code !== 'subject.unknown') throw error
      setState({ numberProblem: `${text.verify.unknown} ${text.verify.unknownRemedy}` })
    }
  })
}

/** The desk is not busy meanwhile: who presses Compare before the picture is there is not held up. */
async function readPicture(): Promise<void> {
  const { subject, picture } = getState()
  if (subject === undefined || picture !== undefined) return
  const began = turn
  try {
    const { sample } = await call('subject.picture', { id: subject.id })
    if (turn === began) setState({ picture: sample })
  } catch (error) {
    if (turn === began) setState({ refusal: refusalFor(error) })
  }
}

/** Claims somebody who was found by name. */
export async function claimSubject(id: SubjectId): Promise<void> {
  setClaim(id)
  await claim()
}

/** Claims the number of a code that was held before the camera. */
export async function claimCode(code: string): Promise<void> {
  const { busy, verdict } = getState()
  if (busy !== undefined || verdict !== undefined) return
  if (subjectIdOf(code) === undefined) return setState({ numberProblem: text.verify.codeBad })
  setClaim(code.trim())
  await claim()
}

/** Compares the person at the camera with the claim. */
export const compareCamera = () => compare(takeCapture)

/** Compares a picture file with the claim. It is the newest wish: a comparison under way is left. */
export function compareFile(file: File): Promise<void> {
  if (getState().busy !== undefined) newTurn()
  return compare(() => captureFile(file))
}

async function compare(take: () => Promise<CaptureSummary>): Promise<void> {
  if (getState().verdict !== undefined) return
  if (getState().subject === undefined) {
    await readSubject()
    void readPicture()
  }
  const { subject } = getState()
  if (subject === undefined) return
  await busyWith('comparing', async (current) => {
    const probe = await take()
    if (!current()) return dropCaptures([probe])
    setState({ probe, probeAt: new Date() })
    try {
      const verdict = await call('subject.verify', { id: subject.id, captureId: probe.captureId, fmr: wantedFmr })
      if (current()) setState({ verdict })
    } catch (error) {
      if (current()) forgetProbe()
      throw error
    }
  })
}

/** Back to the live picture with the same claim. */
export const tryAgain = newTurn

export function nextPerson(): void {
  newTurn()
  chooseSubjectLanguage(null)
  setState(fresh)
}

function forgetProbe(): void {
  const { probe } = getState()
  if (probe !== undefined) dropCaptures([probe])
  setState(noProbe)
}

/** @param work is given a question: whether the turn that it began in still goes on */
async function busyWith(busy: NonNullable<VerifyState['busy']>, work: (current: () => boolean) => Promise<void>): Promise<void> {
  if (getState().busy !== undefined) return
  const began = turn
  const current = () => turn === began
  setState({ busy, refusal: undefined })
  try {
    await work(current)
  } catch (error) {
    if (current()) setState({ refusal: refusalFor(error) })
  } finally {
    if (current()) setState({ busy: undefined })
  }
}
