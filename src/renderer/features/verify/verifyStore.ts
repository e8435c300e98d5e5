/** One verification at the desk: the claim, the probe, the verdict. */
import { create } from 'zustand'
import { type Refusal, VultusError } from '../../../contract/errors.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import type { OutputOf } from '../../../contract/table.ts'
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

/** A changed number is another claim: what was known of the one before goes. */
export const setClaim = (number: string) => {
  forgetProbe()
  setState({ number, numberProblem: undefined, subject: undefined, picture: undefined, refusal: undefined })
}
export const closeRefusal = () => setState({ refusal: undefined })

/** Reads the claimed subject; an unknown number is said beside the field. */
export async function claim(): Promise<void> {
  const typed = getState().number
  const id = subjectIdOf(typed)
  if (id === undefined) return setState({ numberProblem: typed.trim() === '' ? text.enrol.numberMissing : text.enrol.numberBad })
  await busyWith('reading', async () => {
    try {
      const subject = await call('subject.get', { id })
      if (getState().number !== typed) return
      setState({ subject, numberProblem: undefined })
      const { sample } = await call('subject.picture', { id })
      if (getState().subject?.id === id) setState({ picture: sample })
    } catch (error) {
      if (!(error instanceof VultusError) || error.code !== 'subject.unknown') throw error
      setState({ numberProblem: `${text.verify.unknown} ${text.verify.unknownRemedy}` })
    }
  })
}

/** Compares the person at the camera with the claim. */
export const compareCamera = () => compare(takeCapture)

/** Compares a picture file with the claim. */
export const compareFile = (file: File) => compare(() => captureFile(file))

async function compare(take: () => Promise<CaptureSummary>): Promise<void> {
  if (getState().verdict !== undefined) return
  if (getState().subject === undefined) await claim()
  const { subject } = getState()
  if (subject === undefined) return
  await busyWith('comparing', async () => {
    const probe = await take()
    setState({ probe, probeAt: new Date() })
    try {
      setState({ verdict: await call('subject.verify', { id: subject.id, captureId: probe.captureId, fmr: wantedFmr }) })
    } catch (error) {
      forgetProbe()
      throw error
    }
  })
}

/** Back to the live picture with the same claim. */
export function tryAgain(): void {
  forgetProbe()
  setState({ refusal: undefined })
}

export function nextPerson(): void {
  forgetProbe()
  setState(fresh)
}

function forgetProbe(): void {
  const { probe } = getState()
  if (probe !== undefined) dropCaptures([probe])
  setState(noProbe)
}

async function busyWith(busy: NonNullable<VerifyState['busy']>, work: () => Promise<void>): Promise<void> {
  if (getState().busy !== undefined) return
  setState({ busy, refusal: undefined })
  try {
    await work()
  } catch (error) {
    setState({ refusal: refusalFor(error) })
  } finally {
    setState({ busy: undefined })
  }
}
