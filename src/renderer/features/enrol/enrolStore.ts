/** One enrolment at the desk, from the first shot to the number; it stays while the operator looks at other areas. */
import { create } from 'zustand'
import { type Refusal, VultusError } from '../../../contract/errors.ts'
import { AssessedComponent, type ExemptionReason } from '../../../contract/quality.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import type { Language } from '../../../contract/rows/desk.ts'
import type { Candidate } from '../../../contract/rows/subject.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { chooseSubjectLanguage } from '../../locale/subjectLanguage.ts'
import { fill, text } from '../../locale/text.ts'
import { refreshConsentText } from '../../state/consentText.ts'
import { call, refusalFor } from '../../state/station.ts'
import { subjectIdOf, wantedFmr } from '../../state/subjectId.ts'
import { dropCaptures, takeCapture } from '../../state/takeCapture.ts'
import { captureFile } from '../../ui/pictureFile.ts'
import { addShot, removeShot, shotsMax } from './shotStrip.ts'

/** As the station wants it, characters. */
const exemptionNoteMin = 3

type Choice = 'same' | 'different'

interface EnrolState {
  readonly step: 'capture' | 'review' | 'done'
  readonly number: string
  readonly name: string
  /** What is wrong with the number, in words. */
  readonly numberProblem: string | undefined
  /** The number is enrolled already. */
  readonly exists: boolean
  readonly shots: readonly CaptureSummary[]
  readonly busy: 'capturing' | 'reading' | 'enrolling' | undefined
  readonly refusal: Refusal | undefined
  readonly notice: string | undefined
  readonly candidates: readonly Candidate[]
  /** No decision is preselected. */
  readonly choice: Choice | undefined
  readonly result: OutputOf<'subject.enrol'> | undefined
  readonly enrolledAt: Date | undefined
  /** What the subject agreed to; undefined while it was not asked. */
  readonly consent: { readonly version: number; readonly language: Language } | undefined
  readonly exemption: ExemptionReason | null
  readonly exemptionNote: string
}

const fresh: EnrolState = {
  step: 'capture',
  number: '',
  name: '',
  numberProblem: undefined,
  exists: false,
  shots: [],
  busy: undefined,
  refusal: undefined,
  notice: undefined,
  candidates: [],
  choice: undefined,
  result: undefined,
  enrolledAt: undefined,
  consent: undefined,
  exemption: null,
  exemptionNote: '',
}

export const useEnrol = create<EnrolState>()(() => fresh)
const { getState, setState } = useEnrol

export const setNumber = (number: string) => setState({ number, numberProblem: undefined, exists: false })
export const setName = (name: string) => setState({ name })
export const agree = (consent: NonNullable<EnrolState['consent']>) => setState({ consent })
export const chooseExemption = (exemption: ExemptionReason | null) => setState({ exemption, exemptionNote: '', refusal: undefined })
export const setExemptionNote = (exemptionNote: string) => setState({ exemptionNote })
export const choose = (choice: Choice) => setState({ choice })
export const closeRefusal = () => setState({ refusal: undefined })

/** Tells at once whether the number can be used, and whether it is in use. */
export async function checkNumber(): Promise<void> {
  const typed = getState().number
  const id = subjectIdOf(typed)
  if (id === undefined) {
    setState({ numberProblem: typed.trim() === '' ? undefined : text.enrol.numberBad })
    return
  }
  // An unknown number is what a new subject should have; other refusals come again when it is enrolled.
  const exists = await call('subject.get', { id }).then(
    () => true,
    () => false,
  )
  if (getState().number === typed) setState({ exists })
}

export async function captureShot(): Promise<void> {
  if (getState().shots.length >= shotsMax) return setState({ notice: text.enrol.full })
  await busyWith('capturing', async () => {
    const shot = await takeCapture()
    setState(({ shots }) => ({ shots: addShot(shots, shot) }))
  })
}

/** Takes pictures from files, as many as fit the strip. */
export async function addPictures(files: readonly File[]): Promise<void> {
  const room = shotsMax - getState().shots.length
  const notice = files.length > room ? fill(text.enrol.dropped, { max: shotsMax, n: files.length - room }) : undefined
  await busyWith('reading', async () => {
    for (const file of files.slice(0, room)) {
      const shot = await captureFile(file)
      setState(({ shots }) => ({ shots: addShot(shots, shot) }))
    }
  })
  if (notice !== undefined) setState({ notice })
}

export function takeAway(captureId: string): void {
  const { shots } = getState()
  dropCaptures(shots.filter((shot) => shot.captureId === captureId))
  setState({ shots: removeShot(shots, captureId), notice: undefined })
}

/** Enrols; where somebody looks alike the review begins and nothing is stored. */
export async function enrol(allowDuplicate: boolean): Promise<void> {
  const { number, name, shots, busy, exemption, exemptionNote } = getState()
  const id = subjectIdOf(number)
  if (busy !== undefined) return
  if (id === undefined) return setState({ numberProblem: number.trim() === '' ? text.enrol.numberMissing : text.enrol.numberBad })
  if (shots.length === 0) return setState({ notice: text.enrol.needsShot })
  if (exemption === 'other' && exemptionNote.trim().length < exemptionNoteMin) return setState({ notice: text.exemption.noteNeeded })
  await busyWith('enrolling', async () => {
    try {
      const captureIds = shots.map((shot) => shot.captureId)
      const given = name.trim()
      const result = await call('subject.enrol', {
        id,
        ...(given === '' ? {} : { name: given }),
        captureIds,
        preset: 'enrolment',
        ...answersOf(getState()),
        allowDuplicate,
        fmr: wantedFmr,
      })
      dropCaptures(shots)
      setState({ step: 'done', result, enrolledAt: new Date() })
    } catch (error) {
      if (!(error instanceof VultusError)) throw error
      // Another text came into force meanwhile: the subject is asked again, and the shots stay.
      if (error.code === 'consent.required') await askAgain()
      if (error.code === 'capture.unknown') setState({ shots: [], step: 'capture' })
      if (error.code !== 'duplicate.found') throw error
      setState({ step: 'review', candidates: (error.data?.candidates ?? []) as readonly Candidate[], choice: undefined })
    }
  })
}

/** What was asked of the subject and of the operator, as the station takes it. */
function answersOf({ consent, exemption, exemptionNote }: EnrolState) {
  const note = exemptionNote.trim()
  return {
    ...(consent === undefined ? {} : { consentVersion: consent.version, consentLanguage: consent.language }),
    ...(exemption === null ? {} : { exemption, ...(note === '' ? {} : { exemptionNote: note }) }),
  }
}

async function askAgain(): Promise<void> {
  await refreshConsentText()
  setState({ consent: undefined, step: 'capture' })
}

/** A refusal, with the worst component and what to do about it where the quality is refused. */
function refusalOfEnrolment(error: unknown): Refusal {
  const refusal = refusalFor(error)
  if (!(error instanceof VultusError) || error.code !== 'quality.refused') return refusal
  const worst = AssessedComponent.safeParse((error.data?.components as readonly unknown[] | undefined)?.[0]).data
  if (worst === undefined) return refusal
  const { name, [worst.side]: remedy } = text.quality.components[worst.component]
  return { ...refusal, remedy: `${fill(text.quality.first, { what: name, remedy })} ${text.exemption.hint}` }
}

/** Carries out what was decided about the possible duplicate. */
export async function recordChoice(): Promise<void> {
  const { choice } = getState()
  if (choice === 'different') await enrol(true)
  if (choice === 'same') nextPerson()
}

export const backToCapture = () => setState({ step: 'capture', candidates: [], choice: undefined, refusal: undefined })

/** Clears the desk for the next person. */
export function nextPerson(): void {
  const { step, shots } = getState()
  if (step !== 'done') dropCaptures(shots)
  chooseSubjectLanguage(null)
  setState(fresh)
}

async function busyWith(busy: NonNullable<EnrolState['busy']>, work: () => Promise<void>): Promise<void> {
  if (getState().busy !== undefined) return
  setState({ busy, refusal: undefined, notice: undefined })
  try {
    await work()
  } catch (error) {
    setState({ refusal: refusalOfEnrolment(error) })
  } finally {
    setState({ busy: undefined })
  }
}
