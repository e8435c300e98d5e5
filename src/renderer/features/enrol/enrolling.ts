/** What is done at the enrolment desk: shots, and the enrolment itself. */
import { type Refusal, VultusError } from '../../../contract/errors.ts'
import { FieldProblem, numberField } from '../../../contract/form.ts'
import { AssessedComponent } from '../../../contract/quality.ts'
import type { Candidate } from '../../../contract/rows/subject.ts'
import { fill, text } from '../../locale/text.ts'
import { refreshConsentText } from '../../state/consentText.ts'
import { refreshFormPolicy } from '../../state/formPolicy.ts'
import { call, refusalFor } from '../../state/station.ts'
import { wantedFmr } from '../../state/subjectId.ts'
import { dropCaptures, takeCapture } from '../../state/takeCapture.ts'
import { captureFile } from '../../ui/pictureFile.ts'
import { discardDraft, forgetDraft, refreshDrafts, settled } from './draftKeeper.ts'
import { isFormRight, leaveField, showProblems, subjectInput } from './enrolForm.ts'
import { clearEnrolment, type EnrolState, setNumber, useEnrol } from './enrolStore.ts'
import { addShot, removeShot, shotsMax } from './shotStrip.ts'

const { getState, setState } = useEnrol

/** As the station wants it, characters. */
const exemptionNoteMin = 3

export async function captureShot(): Promise<void> {
  if (getState().shots.length >= shotsMax) return setState({ notice: text.enrol.full })
  await busyWith('capturing', async () => {
    const shot = await takeCapture()
    setState(({ shots }) => ({ shots: addShot(shots, shot) }))
  })
}

/** Takes pictures from files, as many as fit the strip. */
export async function addPictures(files: readonly File[]): Promise<void> {
  // A shot that takes itself just now does not make the chosen files go lost.
  await idle()
  if (getState().step !== 'capture') return
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

async function idle(): Promise<void> {
  while (getState().busy !== undefined) {
    await new Promise<void>((resolve) => {
      const end = useEnrol.subscribe(() => {
        end()
        resolve()
      })
    })
  }
}

export function takeAway(captureId: string): void {
  const { shots } = getState()
  dropCaptures(shots.filter((shot) => shot.captureId === captureId))
  setState({ shots: removeShot(shots, captureId), notice: undefined })
}

/** Enrols; where somebody looks alike the review begins and nothing is stored. */
export async function enrol(): Promise<void> {
  const { shots, busy, exemption, exemptionNote } = getState()
  if (busy !== undefined || !isFormRight()) return
  if (shots.length === 0) return setState({ notice: text.enrol.needsShot })
  if (exemption === 'other' && exemptionNote.trim().length < exemptionNoteMin) return setState({ notice: text.exemption.noteNeeded })
  await busyWith('enrolling', async () => {
    await settled()
    if (await isNewsThatKnown()) return
    try {
      const { id } = await call('subject.enrol', { ...enrolInput(getState()), allowDuplicate: false })
      ended({ kind: 'enrolled', id })
    } catch (error) {
      if (!(error instanceof VultusError) || error.code !== 'duplicate.found') return await refused(error)
      setState({ step: 'review', candidates: (error.data?.candidates ?? []) as readonly Candidate[] })
    }
  })
}

/** Who is enrolled already gets a new version; that is seen before it is done. @returns whether it is to be seen yet */
async function isNewsThatKnown(): Promise<boolean> {
  const { lookedUp, number, proposedNumber } = getState()
  if (lookedUp || number === proposedNumber) return false
  await leaveField(numberField)
  return getState().exists
}

/** What an enrolment, and one that is left in the inbox, asks for. Drafts give captures that are not held any more. */
export function enrolInput(state: EnrolState) {
  const note = state.exemptionNote.trim()
  return {
    ...subjectInput(state),
    ...agreedTo(state),
    ...(state.draft === undefined ? {} : { draft: state.draft }),
    ...(state.exemption === null ? {} : { exemption: state.exemption, ...(note === '' ? {} : { exemptionNote: note }) }),
    captureIds: state.shots.map(({ captureId }) => captureId),
    newSubject: isNew(state),
    preset: 'enrolment' as const,
    fmr: wantedFmr,
  }
}

/** Whether the desk takes it for somebody who is not enrolled: then nobody who is may get these shots. */
const isNew = ({ number, proposedNumber, lookedUp, exists }: EnrolState) =>
  (number !== '' && number === proposedNumber) || (lookedUp && !exists)

/** What the subject agreed to, as the station takes it. */
export const agreedTo = ({ consent }: EnrolState) =>
  consent === undefined ? {} : { consentVersion: consent.version, consentLanguage: consent.language }

/** The enrolment is over; the shots stay on the screen until the next person. */
export function ended(outcome: NonNullable<EnrolState['outcome']>): void {
  forgetDraft()
  dropCaptures(getState().shots)
  setState({ step: 'done', outcome, enrolledAt: new Date(), draft: undefined, refusal: undefined })
}

/** What changed meanwhile is asked for anew, and nothing that was typed is lost. @throws the refusal, to be shown */
export async function refused(error: unknown): Promise<never> {
  if (!(error instanceof VultusError)) throw error
  switch (error.code) {
    case 'consent.required':
      await refreshConsentText()
      setState({ consent: undefined, step: 'capture' })
      break
    case 'form.changed':
      await refreshFormPolicy()
      setState({ detailsDone: false, step: 'capture', notice: text.form.changed })
      break
    case 'form.refused':
      setState({ step: 'capture' })
      showProblems(problemsOf(error.data?.problems))
      break
    case 'capture.unknown':
      setState({ shots: [], step: 'capture' })
      break
    case 'subject.exists':
      takenNumber()
      break
    case 'draft.unknown':
      forgetDraft()
      break
  }
  throw error
}

/** Somebody else took the number since the desk asked: a proposed one is replaced, a typed one is told. */
function takenNumber(): void {
  const { number, proposedNumber } = getState()
  if (number === proposedNumber) {
    setNumber('')
    setState({ proposedNumber: undefined, step: 'capture' })
  } else setState({ exists: true, lookedUp: true, step: 'capture' })
}

function problemsOf(problems: unknown): EnrolState['problems'] {
  if (!Array.isArray(problems)) return {}
  const known = problems as readonly { readonly field?: unknown; readonly problem?: unknown }[]
  return Object.fromEntries(known.map(({ field, problem }) => [String(field), FieldProblem.safeParse(problem).data ?? 'pattern']))
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

/** One thing at a time, with its refusal. */
export async function busyWith(busy: NonNullable<EnrolState['busy']>, work: () => Promise<void>): Promise<void> {
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

/** Clears the desk for the next person; an enrolment that is not over is given up, and its draft with it. */
export function nextPerson(): void {
  const { draft } = getState()
  clearEnrolment()
  if (draft !== undefined) void discardDraft(draft)
  forgetDraft()
  void refreshDrafts()
}
