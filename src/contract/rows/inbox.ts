/** What waits for a supervisor: enrolments without a capture, and possible duplicates that an operator could not decide. */
import { z } from 'zod'
import { FormValues, FormVersion } from '../form.ts'
import { DecisionReason, DraftId, ExceptionReason, Note } from '../intake.ts'
import { ExemptionReason, PresetId } from '../quality.ts'
import { looking, quick, row, staff } from '../row.ts'
import { Bytes, CaptureId, limits, Rate, Sequence, SubjectId } from '../types.ts'
import { CaptureSummary } from './capture.ts'
import { Language } from './desk.ts'
import { DraftSummary, ItemPage } from './draft.ts'
import { OperatorName, Secret } from './operator.ts'
import { Candidate } from './subject.ts'

const deciders = ['supervisor', 'administrator'] as const
const Name = z.string().trim().min(1).max(limits.nameCharactersMax)

const person = {
  id: SubjectId.describe('number of the subject'),
  name: Name.optional().describe('name of the subject'),
  form: FormValues.optional().describe('file with what was filled in (JSON: field and value)'),
  /** The version of the form that was shown. */
  formVersion: FormVersion.optional(),
  note: Note.default('').describe('what a supervisor should know'),
  draft: DraftId.optional().describe('draft that it completes'),
  consentVersion: z.number().int().positive().optional().describe('version of the text that the subject agreed to'),
  consentLanguage: Language.optional().describe('language that the text was shown in'),
}

const InboxSummary = DraftSummary.omit({ step: true, draft: true, changedAt: true }).extend({
  item: DraftId,
  kind: z.enum(['duplicate', 'exception']),
  note: z.string(),
  /** Of an exception. */
  reason: ExceptionReason.nullable(),
  hasProof: z.boolean(),
  /** Subjects that this one may be, the most similar first; a rate is null where another model is active now. */
  candidates: z.array(Candidate.extend({ fmr: z.number().nullable() })),
})
export type InboxSummary = z.infer<typeof InboxSummary>

export const Decided = z.enum(['same', 'different', 'confirm', 'reject'])
export type Decided = z.infer<typeof Decided>

const InboxItem = DraftId.describe('id of the item')

const decision = {
  item: InboxItem,
  decision: Decided.describe('same: a new version of that subject; different: a subject of its own; confirm: an exception'),
  subject: SubjectId.optional().describe('with same: number of the candidate who it is'),
  reason: DecisionReason.describe('why; it stands in the audit chain'),
  note: Note.default('').describe('more about it, kept with the subject'),
}
const DecidedItem = z.object({
  item: DraftId,
  decision: Decided,
  /** The subject that it became, or was added to; null where it was rejected. */
  id: SubjectId.nullable(),
  sequence: Sequence.nullable(),
})

export const inboxRows = {
  'exception.propose': row({
    input: z.object({
      ...person,
      reason: ExceptionReason.describe('why no face can be captured'),
      proof: Bytes.optional().describe('picture of a document'),
    }),
    output: z.object({
      id: SubjectId,
      /** enrolled: the policy lets operators confirm. */
      state: z.enum(['proposed', 'enrolled']),
      item: DraftId.nullable(),
      sequence: Sequence.nullable(),
    }),
    roles: staff,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    command: {
      name: 'exception',
      summary: 'enrol a subject of whom no face can be captured; a supervisor confirms it',
      example: 'vultus exception --id R-1001 --name "Ada Example" --reason injury document.jpg',
      pictures: { field: 'proof', as: 'bytes', min: 0, max: 1 },
      options: ['id', 'name', 'reason', 'note', 'form', 'consentVersion', 'consentLanguage'],
      files: { form: 'json' },
    },
  }),
  'exception.proof': row({
    input: z.object({ id: SubjectId }),
    output: z.object({ proof: Bytes.nullable() }),
    roles: [...staff, 'auditor'],
    audit: 'read',
    vault: 'open',
    limits: quick,
  }),
  'inbox.list': row({
    input: ItemPage,
    output: z.object({ items: z.array(InboxSummary), waiting: z.number().int(), cursor: Sequence.optional() }),
    roles: deciders,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'inbox',
      summary: 'list what waits for a supervisor',
      example: 'vultus inbox --json',
      options: ['limit', 'cursor'],
    },
  }),
  /** How much waits, for the sign at the area: it tells of nobody. */
  'inbox.count': row({
    input: z.object({}),
    output: z.object({ waiting: z.number().int() }),
    roles: deciders,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'inbox.leave': row({
    input: z.object({
      ...person,
      captureIds: z.array(CaptureId).min(1).max(limits.picturesPerEnrolmentMax),
      newSubject: z.boolean().default(false).describe('refuse a number that is enrolled already'),
      preset: z
        .enum(['none', ...PresetId.options])
        .default('none')
        .describe('quality preset that the pictures have to meet'),
      exemption: ExemptionReason.optional().describe('why the pictures are not held to the whole preset'),
      exemptionNote: z.string().trim().min(3).max(200).optional().describe('the reason in words; needed for "other"'),
      fmr: Rate.default(1e-3).describe('wanted false match rate, per comparison'),
      fpir: Rate.optional().describe('wanted false positive rate of a whole search; sets fmr to it over the gallery size'),
    }),
    output: z.object({ item: DraftId, candidates: z.array(Candidate) }),
    roles: staff,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    command: {
      name: 'inbox leave',
      summary: 'leave an enrolment that looks like a duplicate to a supervisor',
      example: 'vultus inbox leave --id R-1001 --name "Ada Example" portrait.jpg',
      pictures: { field: 'captureIds', as: 'captureIds', min: 1, max: limits.picturesPerEnrolmentMax },
      options: ['id', 'name', 'note', 'form', 'preset', 'exemption', 'exemptionNote', 'consentVersion', 'consentLanguage', 'fmr', 'fpir'],
      excludes: { fpir: 'fmr' },
      files: { form: 'json' },
    },
  }),
  'inbox.open': row({
    input: z.object({ item: InboxItem }),
    output: InboxSummary.extend({
      form: FormValues,
      formVersion: FormVersion,
      captured: z.array(CaptureSummary),
      proof: Bytes.nullable(),
      /** Whether the captures are of another model than the active one: then only a rejection is possible. */
      outdated: z.boolean(),
    }),
    roles: deciders,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'inbox show',
      summary: 'show what waits for a supervisor, with its candidates',
      example: 'vultus inbox show 6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
      options: [],
      argument: 'item',
    },
  }),
  /** A supervisor decides at the desk of somebody else, who stays signed in: the name and the secret count for this decision alone. */
  'inbox.decideHere': row({
    input: z.object({ ...decision, name: OperatorName, secret: Secret }),
    output: DecidedItem,
    roles: staff,
    audit: 'effect',
    vault: 'open',
    limits: { ...looking, atOnceMax: 4 },
  }),
  'inbox.decide': row({
    input: z.object(decision),
    output: DecidedItem,
    roles: deciders,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    command: {
      name: 'inbox decide',
      summary: 'decide on what waits for a supervisor',
      example: 'vultus inbox decide 6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f --decision same --subject R-1001 --reason samePerson',
      options: ['decision', 'subject', 'reason', 'note'],
      argument: 'item',
    },
  }),
}
