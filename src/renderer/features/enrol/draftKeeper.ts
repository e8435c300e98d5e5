/**
 * Keeps how far an operator is in the vault, so that it outlives a lock, a reload and a crash; nothing of it goes to the browser.
 *
 * 1. One save at a time; what changes meanwhile is saved by the next one.
 * 2. A save that answers after its enrolment ended or was given up makes no draft: what it kept is discarded.
 * 3. What is over, or lies in the inbox, is not kept.
 */
import { create } from 'zustand'
import { VultusError } from '../../../contract/errors.ts'
import { numberField } from '../../../contract/form.ts'
import type { DraftContent, DraftId } from '../../../contract/intake.ts'
import { Language } from '../../../contract/rows/desk.ts'
import type { DraftSummary } from '../../../contract/rows/draft.ts'
import { CaptureId } from '../../../contract/types.ts'
import { chooseSubjectLanguage, chosenSubjectLanguage } from '../../locale/subjectLanguage.ts'
import { count, text } from '../../locale/text.ts'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { beforeLeaving } from '../../state/leaving.ts'
import { useOperator } from '../../state/operator.ts'
import { call, refusalFor } from '../../state/station.ts'
import { leaveField } from './enrolForm.ts'
import { clearEnrolment, type EnrolState, isBegun, useEnrol } from './enrolStore.ts'

const { getState, setState } = useEnrol

/** A change is saved so long after the last one. */
const restMs = 400
/** Drafts that are offered; the newest come last. */
const shownMax = 50

/** Unfinished enrolments beside the one at the desk; undefined while they are not known. */
export const useDrafts = create<{ readonly drafts: readonly DraftSummary[] | undefined }>()(() => ({ drafts: undefined }))

let savedWord = ''
/** Captures that the vault has. */
let savedCaptures: ReadonlySet<string> = new Set()
/** The picture of a document that the vault has, or that it refused: it is sent once. */
let savedProof: EnrolState['proof'] = null
/** Tells pictures of documents apart without their bytes. */
const proofNumbers = new WeakMap<Uint8Array, number>()
let proofsSeen = 0
/** Counts the enrolments at this desk. */
let generation = 0
let timer: ReturnType<typeof setTimeout> | undefined
let running: Promise<void> | undefined

const keeps = (state: EnrolState) =>
  state.busy !== 'enrolling' &&
  state.busy !== 'leaving' &&
  !state.draftIsOthers &&
  state.step !== 'done' &&
  state.item === undefined &&
  (isBegun(state) || state.draft !== undefined)

function contentOf(state: EnrolState): DraftContent {
  const typed = Object.entries(state.form).filter(([, value]) => value.trim() !== '')
  return {
    step: state.step === 'capture' && !state.detailsDone ? 'details' : state.step,
    id: state.number.slice(0, 64),
    name: state.name.slice(0, 200),
    form: Object.fromEntries(typed.map(([field, value]) => [field, value.slice(0, 500)])),
    formVersion: useFormPolicy.getState().version,
    language: chosenSubjectLanguage() ?? undefined,
    note: state.exceptionNote.slice(0, 500),
    consent: state.consent,
    exemption: state.exemption ?? undefined,
    exemptionNote: state.exemptionNote.slice(0, 200),
    exception: state.exception ?? undefined,
  }
}

const wordOf = (state: EnrolState) =>
  JSON.stringify([contentOf(state), state.shots.map(({ captureId }) => captureId), proofNumber(state.proof)])

function proofNumber(proof: EnrolState['proof']): number {
  if (proof === null) return 0
  const known = proofNumbers.get(proof)
  if (known !== undefined) return known
  proofsSeen += 1
  proofNumbers.set(proof, proofsSeen)
  return proofsSeen
}

function schedule(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), restMs)
}

/** Saves what is not saved yet. Never throws: a draft that cannot be kept is said beside the steps. */
async function flush(): Promise<void> {
  clearTimeout(timer)
  await running
  const state = getState()
  if (!keeps(state) || wordOf(state) === savedWord) return
  running = save(state).finally(() => {
    running = undefined
  })
  await running
}

async function save(state: EnrolState): Promise<void> {
  const ours = generation
  const word = wordOf(state)
  setState({ saving: 'saving' })
  try {
    const { draft, changedAt } = await saved(state)
    if (ours !== generation) return await discardDraft(draft)
    savedWord = word
    setState({ draft, savedAt: new Date(changedAt), saving: undefined })
    if (wordOf(getState()) !== word) schedule()
  } catch (error) {
    if (ours !== generation) return
    refusalFor(error)
    setState({ saving: 'failed' })
    // Somebody discarded it, or its time was over: what is at the desk becomes a new one.
    if (!(error instanceof VultusError) || error.code !== 'draft.unknown' || state.draft === undefined) return
    setState({ draft: undefined })
    savedCaptures = new Set()
    savedProof = null
    schedule()
  }
}

async function saved(state: EnrolState): Promise<DraftSummary> {
  const { shots, draft, proof } = state
  const captureIds = shots.map(({ captureId }) => captureId)
  const input = { content: contentOf(state), ...(draft === undefined ? {} : { draft }) }
  const changed = proof === savedProof ? {} : { proof }
  try {
    const answer = await call('draft.save', { ...input, ...changed, captureIds })
    savedCaptures = new Set(captureIds)
    savedProof = proof
    return answer
  } catch (error) {
    const code = error instanceof VultusError ? error.code : undefined
    // A picture that is none is said when the exception is proposed; what was typed is not lost with it.
    if (proof !== savedProof && code?.startsWith('picture.') === true) {
      savedProof = proof
      return await saved(state)
    }
    if (code !== 'capture.unknown') throw error
    // A shot that the station lost is said when it is enrolled; the others are not lost with it.
    const answer = await call('draft.save', {
      ...input,
      ...changed,
      captureIds: captureIds.filter((id) => savedCaptures.has(id)).map((id) => CaptureId.parse(id)),
    })
    savedProof = proof
    return answer
  }
}

/** Waits for a save that is on its way; nothing more is saved of this moment. */
export async function settled(): Promise<void> {
  clearTimeout(timer)
  await running
}

/** The enrolment at the desk is another one from now on. */
export function forgetDraft(): void {
  clearTimeout(timer)
  generation += 1
  savedWord = ''
  savedCaptures = new Set()
  savedProof = null
  setState({ draft: undefined, savedAt: undefined, saving: undefined })
}

export async function refreshDrafts(): Promise<void> {
  const { current } = useOperator.getState()
  const everybody = current?.needed === true && (current.role === 'supervisor' || current.role === 'administrator')
  try {
    const { drafts } = await call('draft.list', { everybody, limit: shownMax })
    useDrafts.setState({ drafts })
  } catch (error) {
    refusalFor(error)
  }
}

export async function discardDraft(draft: DraftId): Promise<void> {
  try {
    await call('draft.discard', { draft })
  } catch (error) {
    // What is gone already needs no discarding.
    if (!(error instanceof VultusError) || error.code !== 'draft.unknown') refusalFor(error)
  }
  await refreshDrafts()
}

/** Keeps the enrolment for later and clears the desk. Where it cannot be kept, it stays. */
export async function setAside(): Promise<void> {
  await flush()
  if (getState().saving === 'failed') return
  forgetDraft()
  clearEnrolment()
  await refreshDrafts()
}

/** Brings a draft back to the desk, with its captures. @throws VultusError draft.unknown */
export async function continueDraft(summary: DraftSummary): Promise<void> {
  const { content, captured, outdated, own, changedAt, draft, proof } = await call('draft.open', { draft: summary.draft })
  forgetDraft()
  clearEnrolment()
  chooseSubjectLanguage(Language.safeParse(content.language).data ?? null)
  savedCaptures = new Set(captured.map(({ captureId }) => captureId))
  savedProof = proof
  setState({
    proof,
    step: content.step === 'exception' ? 'exception' : 'capture',
    draft,
    draftIsOthers: !own,
    savedAt: new Date(changedAt),
    number: content.id,
    name: content.name,
    form: Object.fromEntries(Object.entries(content.form).map(([field, value]) => [field, String(value)])),
    detailsDone: content.step !== 'details' && content.formVersion === useFormPolicy.getState().version,
    shots: captured,
    notice: outdated > 0 ? count(text.drafts.outdated, outdated) : undefined,
    consent: content.consent,
    exemption: content.exemption ?? null,
    exemptionNote: content.exemptionNote ?? '',
    exception: content.exception ?? null,
    exceptionNote: content.note,
  })
  savedWord = wordOf(getState())
  await leaveField(numberField)
}

/** Follows the desk while it is there. @returns ends it */
export function keepDrafts(): () => void {
  const ends = [
    useEnrol.subscribe((state, before) => {
      if (state !== before && keeps(state) && wordOf(state) !== savedWord) schedule()
    }),
    useOperator.subscribe(({ current }, before) => {
      if (current?.state === 'signedIn' && before.current?.state === 'locked' && getState().saving === 'failed') schedule()
    }),
    beforeLeaving(flush),
  ]
  const hide = () => void flush()
  window.addEventListener('pagehide', hide)
  return () => {
    window.removeEventListener('pagehide', hide)
    for (const end of ends) end()
    forgetDraft()
    useDrafts.setState({ drafts: undefined })
  }
}
