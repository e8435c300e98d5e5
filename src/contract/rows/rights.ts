/** Rights of subjects over what is kept of them: correction (GDPR Art. 16) and restriction of processing (GDPR Art. 18). */
import { z } from 'zod'
import { FormValues, FormVersion } from '../form.ts'
import { RestrictionReason } from '../restriction.ts'
import { quick, row } from '../row.ts'
import { limits, Sequence, SubjectId } from '../types.ts'

const roles = ['supervisor', 'administrator'] as const
const Which = SubjectId.describe('number of the subject')

export const rightsRows = {
  'subject.restrict': row({
    input: z.object({ id: Which, reason: RestrictionReason.describe('why, kept with the subject; not in the audit chain') }),
    output: z.object({ id: SubjectId, since: z.string(), sequence: Sequence }),
    roles,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'restrict',
      summary: 'keep what is stored of a subject and use it no more: no search finds them, nobody is compared with them',
      example: 'vultus restrict --id R-1001 --reason "contests that the data is right"',
      options: ['id', 'reason'],
    },
  }),
  'subject.liftRestriction': row({
    input: z.object({ id: Which, reason: RestrictionReason.describe('why it ends, kept with the subject; not in the audit chain') }),
    output: z.object({ id: SubjectId, sequence: Sequence }),
    roles,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'lift-restriction',
      summary: 'use again what is stored of a subject; tell the subject before (GDPR Art. 18.3)',
      example: 'vultus lift-restriction --id R-1001 --reason "the data was corrected"',
      options: ['id', 'reason'],
    },
  }),
  'subject.correct': row({
    input: z
      .object({
        id: Which,
        name: z
          .string()
          .trim()
          .max(limits.nameCharactersMax)
          .optional()
          .describe('the right name; empty for none, where the form lets it be; what is left out stays'),
        form: FormValues.optional().describe('file with all that is filled in (JSON: field and value); fields that are hidden stay'),
        /** The version of the form that was shown; refused where another one holds by now. */
        formVersion: FormVersion.optional(),
        /** Of what was shown (subject.get); refused where somebody has changed it since. */
        revision: z.string().max(64).optional(),
      })
      .refine(({ name, form }) => name !== undefined || form !== undefined, 'name or form'),
    /** fields: which ones are different now. */
    output: z.object({ id: SubjectId, fields: z.array(z.string()), revision: z.string() }),
    roles,
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'correct',
      summary: 'correct the name of a subject, or what was filled in the form',
      example: 'vultus correct --id R-1001 --name "Ada Beispiel"',
      options: ['id', 'name', 'form'],
      files: { form: 'json' },
    },
  }),
}
