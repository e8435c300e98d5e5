/** One enrolment at the desk, from the first question to the number; it stays while the operator looks at other areas. */
import { create } from 'zustand'
import type { Refusal } from '../../../contract/errors.ts'
import { type FieldProblem, nameField, numberField } from '../../../contract/form.ts'
import type { DraftId, ExceptionReason } from '../../../contract/intake.ts'
import type { ExemptionReason } from '../../../contract/quality.ts'
import type { CaptureSummary } from '../../../contract/rows/capture.ts'
import type { Language } from '../../../contract/rows/desk.ts'
import type { Candidate } from '../../../contract/rows/subject.ts'
import { chooseSubjectLanguage } from '../../locale/subjectLanguage.ts'
import { dropCaptures } from '../../state/takeCapture.ts'

/** How it ended. */
export interface EnrolOutcome {
  /** added: to the subject who it is; exception: without a capture, at once; waiting: for a supervisor. */
  readonly kind: 'enrolled' | 'added' | 'exception' | 'waiting' | 'rejected'
  readonly id: string
}

export interface EnrolState {
  readonly step: 'capture' | 'exception' | 'review' | 'done'
  /** Where it is kept; undefined while nothing of it is. */
  readonly draft: DraftId | undefined
  /** A supervisor goes on with the draft of somebody else: only its owner changes it. */
  readonly draftIsOthers: boolean
  readonly savedAt: Date | undefined
  readonly saving: 'saving' | 'failed' | undefined
  readonly number: string
  /** The number that the station proposed; empty where it had none, undefined where it was not asked. */
  readonly proposedNumber: string | undefined
  readonly name: string
  /** As it was typed, by field; number and name stand beside it. */
  readonly form: Readonly<Record<string, string>>
  /** The own form of the site is filled in. */
  readonly detailsDone: boolean
  /** What is wrong with a field. */
  readonly problems: Readonly<Record<string, FieldProblem>>
  /** Counts the checks that found something, so that the first field of it takes the focus. */
  readonly problemsFound: number
  /** The number is enrolled already. */
  readonly exists: boolean
  /** Whether that was asked for this number. */
  readonly lookedUp: boolean
  readonly shots: readonly CaptureSummary[]
  readonly busy: 'capturing' | 'reading' | 'enrolling' | 'leaving' | undefined
  readonly refusal: Refusal | undefined
  readonly notice: string | undefined
  readonly candidates: readonly Candidate[]
  /** The possible duplicate lies in the inbox already, and may still be decided here. */
  readonly item: DraftId | undefined
  readonly outcome: EnrolOutcome | undefined
  readonly enrolledAt: Date | undefined
  /** What the subject agreed to; undefined while it was not asked. */
  readonly consent: { readonly version: number; readonly language: Language } | undefined
  readonly exemption: ExemptionReason | null
  readonly exemptionNote: string
  readonly exception: ExceptionReason | null
  readonly exceptionNote: string
  /** JPEG or another picture file, as it is sent. */
  readonly proof: Uint8Array<ArrayBuffer> | null
}

const fresh: EnrolState = {
  step: 'capture',
  draft: undefined,
  draftIsOthers: false,
  savedAt: undefined,
  saving: undefined,
  number: '',
  proposedNumber: undefined,
  name: '',
  form: {},
  detailsDone: false,
  problems: {},
  problemsFound: 0,
  exists: false,
  lookedUp: false,
  shots: [],
  busy: undefined,
  refusal: undefined,
  notice: undefined,
  candidates: [],
  item: undefined,
  outcome: undefined,
  enrolledAt: undefined,
  consent: undefined,
  exemption: null,
  exemptionNote: '',
  exception: null,
  exceptionNote: '',
  proof: null,
}

export const useEnrol = create<EnrolState>()(() => fresh)
const { getState, setState } = useEnrol

const without = (problems: EnrolState['problems'], field: string): EnrolState['problems'] =>
  Object.fromEntries(Object.entries(problems).filter(([name]) => name !== field))

export const setNumber = (number: string) =>
  setState(({ problems }) => ({ number, problems: without(problems, numberField), exists: false, lookedUp: false }))
export const setName = (name: string) => setState(({ problems }) => ({ name, problems: without(problems, nameField) }))
/** Any field, by its id. */
export function setField(field: string, value: string): void {
  if (field === numberField) setNumber(value)
  else if (field === nameField) setName(value)
  else setState(({ form, problems }) => ({ form: { ...form, [field]: value }, problems: without(problems, field) }))
}
export const agree = (consent: NonNullable<EnrolState['consent']>) => setState({ consent })
export const chooseExemption = (exemption: ExemptionReason | null) => setState({ exemption, exemptionNote: '', refusal: undefined })
export const setExemptionNote = (exemptionNote: string) => setState({ exemptionNote })
export const closeRefusal = () => setState({ refusal: undefined })
export const changeDetails = () => setState({ step: 'capture', detailsDone: false })
export const backToCapture = () => setState({ step: 'capture', candidates: [], refusal: undefined })

/** Whether there is something that an operator would miss. */
export function isBegun(state: EnrolState): boolean {
  const { number, proposedNumber, name, form, shots, exemption, exception, exceptionNote, proof } = state
  const typed = [number === proposedNumber ? '' : number, name, exceptionNote, ...Object.values(form)].some((value) => value.trim() !== '')
  return typed || shots.length > 0 || exemption !== null || exception !== null || proof !== null
}

/** Clears the desk; what is kept in the vault stays there. */
export function clearEnrolment(): void {
  const { step, shots } = getState()
  if (step !== 'done') dropCaptures(shots)
  chooseSubjectLanguage(null)
  setState(fresh)
}
