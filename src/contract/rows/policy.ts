/** What a site asks for at enrolment. */
import { z } from 'zod'
import { FormPolicy, FormVersion } from '../form.ts'
import { ExceptionPolicy, NumberGiver } from '../intake.ts'
import { everybody, quick, row } from '../row.ts'

const StoredPolicy = z.object({
  version: FormVersion,
  /** ISO 8601, UTC; null for the policy that is built in. */
  setAt: z.string().nullable(),
  policy: FormPolicy,
})

interface FormAnswer {
  readonly version: number
  readonly setAt: string | null
  readonly policy: FormPolicy
  readonly exceptions?: ExceptionPolicy | undefined
}

/** What stands in a label for somebody at a command line: English, or whatever there is. */
const labelOf = (labels: Readonly<Record<string, string>>) => labels.en ?? Object.values(labels)[0] ?? ''

function formText({ version, setAt, policy, exceptions }: FormAnswer): string {
  const fields = policy.fields.map((field) => {
    const choices = field.type === 'choice' ? `: ${field.choices.map(({ value }) => value).join(', ')}` : ''
    const pattern = 'pattern' in field && field.pattern !== undefined ? `, pattern ${field.pattern}` : ''
    return `  ${field.id} (${labelOf(field.label)}): ${field.type}${choices}${field.required ? ', required' : ''}${pattern}`
  })
  return [
    setAt === null ? 'The form that is built in:' : `Version ${version} of the form, set ${setAt}:`,
    ...fields,
    ...(exceptions === undefined ? [] : [`Exceptions are confirmed by: ${exceptions.confirmedBy}; a proof is ${exceptions.proof}`]),
  ]
    .join('\n')
    .replace(/[^\P{Cc}\n]/gu, '?')
}

const IntakePolicy = z.object({
  confirmedBy: ExceptionPolicy.shape.confirmedBy,
  proof: ExceptionPolicy.shape.proof,
  draftHours: z.number().int(),
  waitingDays: z.number().int(),
  numbers: NumberGiver,
})

export const policyRows = {
  'policy.form': row({
    input: z.object({ formVersion: FormVersion.optional().describe('a version of before; the one that holds where it is left out') }),
    output: StoredPolicy.extend({ exceptions: ExceptionPolicy, numbers: NumberGiver }),
    roles: everybody,
    audit: 'none',
    vault: 'open',
    limits: quick,
    command: {
      name: 'policy form',
      summary: 'show the form that is filled in at enrolment',
      example: 'vultus policy form --json',
      options: ['formVersion'],
      text: formText,
    },
  }),
  'policy.setForm': row({
    input: z.object({ policy: FormPolicy.describe('file with the form policy (JSON)') }),
    output: StoredPolicy,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'policy form set',
      summary: 'set the form that is filled in at enrolment from now on',
      example: 'vultus policy form set form.json',
      options: [],
      argument: 'policy',
      files: { policy: 'json' },
      text: formText,
    },
  }),
  'policy.enrolment': row({
    input: z.object({
      confirmedBy: ExceptionPolicy.shape.confirmedBy.optional().describe('who confirms enrolments without a capture'),
      proof: ExceptionPolicy.shape.proof.optional().describe('whether those need a picture of a document'),
      draftHours: z.number().int().min(1).max(720).optional().describe('keep drafts for so many hours after their last change'),
      waitingDays: z.number().int().min(1).max(365).optional().describe('keep what waits for a supervisor for so many days'),
      numbers: NumberGiver.optional().describe('whether the desk proposes numbers of new subjects, or the site gives them'),
    }),
    output: IntakePolicy,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'policy enrolment',
      summary: 'show or change who confirms exceptions, who gives numbers, and how long unfinished enrolments are kept',
      example: 'vultus policy enrolment --confirmed-by supervisor --proof required',
      options: ['confirmedBy', 'proof', 'draftHours', 'waitingDays', 'numbers'],
    },
  }),
}
