/** Enrolments that are not finished: drafts of operators, and what waits for a supervisor. */
import { z } from 'zod'
import { FormValues, FormVersion } from './form.ts'
import { type Exemption, ExemptionReason } from './quality.ts'
import type { Consent } from './rows/consent.ts'
import { Language } from './rows/desk.ts'
import { limits } from './types.ts'

export const DraftId = z.uuid().brand<'DraftId'>()
export type DraftId = z.infer<typeof DraftId>

export const intakeLimits = {
  draftsPerOwnerMax: 50,
  /** Drafts and waiting enrolments of a vault. */
  draftsMax: 2000,
  draftBytesMax: 8 * 1024 * 1024,
  draftHoursDefault: 72,
  waitingDaysDefault: 30,
  proofSidePxMax: 1600,
  noteCharactersMax: 500,
  pageMax: 100,
} as const

export const Note = z.string().trim().max(intakeLimits.noteCharactersMax)

/** Why no face could be captured. */
export const ExceptionReason = z.enum(['injury', 'medicalCondition', 'disability', 'faceCovering', 'equipmentFailure', 'other'])
export type ExceptionReason = z.infer<typeof ExceptionReason>

/** How far an operator is. Nothing of it is checked but its size: it may be half typed. */
export const DraftContent = z.strictObject({
  /** The step of the desk, as the window names it. */
  step: z.string().regex(/^[A-Za-z0-9.-]{1,40}$/),
  id: z.string().max(64).default(''),
  name: z.string().max(limits.nameCharactersMax).default(''),
  form: FormValues.default({}),
  formVersion: FormVersion.optional(),
  /** The language of the subject, a language tag. */
  language: z.string().max(35).optional(),
  note: Note.default(''),
  /** The text of consent that the subject agreed to, and the language that it was shown in. */
  consent: z.object({ version: z.number().int().positive(), language: Language }).optional(),
  exemption: ExemptionReason.optional(),
  exemptionNote: z.string().max(200).optional(),
  /** Why no face can be captured, where an exception is about to be proposed. */
  exception: ExceptionReason.optional(),
})
export type DraftContent = z.infer<typeof DraftContent>

/** Who confirms an exception (operator: nobody else has to), and whether it needs a picture that proves it. */
export const ExceptionPolicy = z.object({ confirmedBy: z.enum(['operator', 'supervisor']), proof: z.enum(['optional', 'required']) })
export type ExceptionPolicy = z.infer<typeof ExceptionPolicy>

/** station: the desk proposes a number that no subject has; site: everybody brings one. */
export const NumberGiver = z.enum(['station', 'site'])
export type NumberGiver = z.infer<typeof NumberGiver>

/** Why a supervisor decided so; it stands in the audit chain. */
export const DecisionReason = z.enum([
  'samePerson',
  'relatives',
  'differentPeople',
  'proofChecked',
  'wrongData',
  'withdrawn',
  'suspectedFraud',
  'other',
])
export type DecisionReason = z.infer<typeof DecisionReason>

/** What waits for a supervisor: an enrolment as it was asked for. */
export interface WaitingContent {
  readonly id: string
  readonly name: string | null
  readonly form: FormValues
  readonly formVersion: number
  readonly note: string
  /** Whether the subject was enrolled already: then it gets a new version. */
  readonly known: boolean
  /** Of a possible duplicate: the false match rate of a comparison that its candidates were found by. */
  readonly fmr?: number | undefined
  /** Of an exception. */
  readonly reason?: ExceptionReason | undefined
  /** Recorded with the subject when it is enrolled. */
  readonly consent?: Consent | undefined
  readonly exemption?: Exemption | undefined
}

/** An exception as it is kept with the subject. */
export interface KeptException {
  readonly reason: ExceptionReason
  readonly note: string
  /** Random ids of accounts; null while there are none. */
  readonly proposedBy: string | null
  readonly confirmedBy: string | null
  readonly proposedAt: string
  readonly confirmedAt: string
}
