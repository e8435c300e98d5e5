/** Drafts: work in progress that outlives a lock, a reload and a crash. */
import { z } from 'zod'
import { DraftContent, DraftId, intakeLimits } from '../intake.ts'
import { looking, quick, row, staff } from '../row.ts'
import { Bytes, CaptureId, limits, Sequence, SubjectId } from '../types.ts'
import { CaptureSummary } from './capture.ts'

export const DraftSummary = z.object({
  draft: DraftId,
  step: z.string(),
  id: z.string(),
  name: z.string(),
  captures: z.number().int(),
  /** Name of the account whose it is; null while there are no accounts, or where it is gone. */
  operator: z.string().nullable(),
  /** Whether it is of whoever asks. */
  own: z.boolean(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  changedAt: z.string(),
  expiresAt: z.string(),
})
export type DraftSummary = z.infer<typeof DraftSummary>

/** One page: at most so many, after those of the page before. */
export const ItemPage = z.object({
  limit: z.number().int().min(1).max(intakeLimits.pageMax).default(50).describe('most of them in the answer'),
  cursor: Sequence.optional().describe('where the page begins: the cursor of the page before'),
})

export const draftRows = {
  /** A number that no subject has, for an enrolment that begins; null where the form of the site takes none that can be drawn. */
  'subject.proposeNumber': row({
    input: z.object({}),
    output: z.object({ number: SubjectId.nullable() }),
    roles: staff,
    audit: 'none',
    vault: 'open',
    limits: quick,
  }),
  'draft.save': row({
    input: z.object({
      /** A draft that is there; a new one where it is left out. */
      draft: DraftId.optional(),
      content: DraftContent,
      /** All captures of the draft, also those that it holds already: what is not named goes. */
      captureIds: z.array(CaptureId).max(limits.picturesPerEnrolmentMax).default([]),
      /** Picture that proves an exception; null takes it away, and left out it stays as it is. */
      proof: Bytes.nullable().optional(),
    }),
    output: DraftSummary,
    roles: staff,
    audit: 'effect',
    vault: 'open',
    limits: looking,
  }),
  'draft.list': row({
    input: ItemPage.extend({ everybody: z.boolean().default(false).describe('also those of others (supervisors and administrators)') }),
    output: z.object({ drafts: z.array(DraftSummary), cursor: Sequence.optional() }),
    roles: staff,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'drafts',
      summary: 'list enrolments that were begun and not finished',
      example: 'vultus drafts --everybody --json',
      options: ['limit', 'cursor', 'everybody'],
    },
  }),
  'draft.open': row({
    input: z.object({ draft: DraftId.describe('id of the draft') }),
    output: DraftSummary.extend({
      content: DraftContent,
      /** Under the ids that they had: an enrolment that names the draft finds them by these. */
      captured: z.array(CaptureSummary),
      /** Captures of another model than the active one: they have to be taken again. */
      outdated: z.number().int(),
      /** JPEG; null where there is none. */
      proof: Bytes.nullable(),
    }),
    roles: staff,
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'drafts show',
      summary: 'show an enrolment that was begun and not finished',
      example: 'vultus drafts show 6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
      options: [],
      argument: 'draft',
    },
  }),
  'draft.discard': row({
    input: z.object({ draft: DraftId.describe('id of the draft') }),
    output: z.object({ draft: DraftId, discarded: z.literal(true) }),
    roles: staff,
    audit: 'effect',
    vault: 'open',
    limits: looking,
    command: {
      name: 'drafts discard',
      summary: 'destroy an enrolment that was begun and not finished',
      example: 'vultus drafts discard 6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f',
      options: [],
      argument: 'draft',
    },
  }),
}
