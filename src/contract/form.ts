/** The enrolment form: which fields an operator fills in beside the pictures, and what may stand in them. A site sets it by a policy file. */
import { z } from 'zod'
import { limits, Role } from './types.ts'

export const formLimits = {
  fieldsMax: 40,
  languagesMax: 20,
  labelCharactersMax: 100,
  choicesMax: 100,
  valueCharactersMax: 500,
  patternCharactersMax: 200,
  policyBytesMax: 64 * 1024,
} as const

export const formFormat = 'vultus.form/1'

/** Fields that every vault knows: the number by which the site knows a subject, and the name. */
export const numberField = 'number'
export const nameField = 'name'

export const FieldId = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'an id of a field has 1 to 40 letters and digits and begins with a small letter')

/** A text in several languages, by their tags (BCP 47): en, de, fr, ar, pt-BR. */
const Label = z
  .record(
    z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'a language tag like en or pt-BR'),
    z.string().trim().min(1).max(formLimits.labelCharactersMax),
  )
  .refine((labels) => Object.keys(labels).length > 0, 'a label in one language at least')
  .refine((labels) => Object.keys(labels).length <= formLimits.languagesMax, `at most ${formLimits.languagesMax} languages`)

const Day = z.iso.date()
const Pattern = z.string().min(1).max(formLimits.patternCharactersMax)

const common = {
  id: FieldId,
  label: Label,
  /** What is shown beside the field while it is filled in. */
  hint: Label.optional(),
  required: z.boolean().default(false),
  /** Roles that see what was filled in when they look at the subject. */
  visibleTo: z.array(Role).max(Role.options.length).default(['operator', 'supervisor', 'administrator']),
}
const lengths = {
  lengthMin: z.number().int().min(0).max(formLimits.valueCharactersMax).optional(),
  lengthMax: z.number().int().min(1).max(formLimits.valueCharactersMax).optional(),
  /** What the whole value has to match; docs/enrolment-form.md names what may stand in it. */
  pattern: Pattern.optional(),
}

export const FormField = z.discriminatedUnion('type', [
  z.strictObject({ ...common, ...lengths, type: z.literal('text') }),
  /** Capital letters, digits and - / . as they are printed on documents; spaces are left out. */
  z.strictObject({ ...common, ...lengths, type: z.literal('documentNumber') }),
  z.strictObject({
    ...common,
    type: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    integer: z.boolean().default(false),
  }),
  /** A day as YYYY-MM-DD. */
  z.strictObject({
    ...common,
    type: z.literal('date'),
    min: z.union([Day, z.literal('today')]).optional(),
    max: z.union([Day, z.literal('today')]).optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('choice'),
    choices: z
      .array(z.strictObject({ value: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), label: Label }))
      .min(1)
      .max(formLimits.choicesMax),
  }),
])
export type FormField = z.infer<typeof FormField>

/** The fields in the order in which they are asked for. */
export const FormPolicy = z.strictObject({
  format: z.literal(formFormat),
  fields: z.array(FormField).min(1).max(formLimits.fieldsMax),
})
export type FormPolicy = z.infer<typeof FormPolicy>

/** What was filled in, by the id of the field; number and name stand beside it, with the subject. */
export const FormValues = z
  .record(FieldId, z.union([z.string().max(formLimits.valueCharactersMax), z.number()]))
  .refine((values) => Object.keys(values).length <= formLimits.fieldsMax, `at most ${formLimits.fieldsMax} fields`)
export type FormValues = z.infer<typeof FormValues>

/** The version of the policy that is built in. */
export const builtInFormVersion = 0
export const FormVersion = z.number().int().nonnegative()

const seen = ['operator', 'supervisor', 'auditor', 'administrator', 'client'] as const

/** What holds where a site has set no policy. */
export const builtInForm: FormPolicy = {
  format: formFormat,
  fields: [
    {
      id: numberField,
      type: 'text',
      label: { en: 'Number', de: 'Nummer', fr: 'Numéro', ar: 'الرقم' },
      required: true,
      lengthMax: 64,
      visibleTo: [...seen],
    },
    {
      id: nameField,
      type: 'text',
      label: { en: 'Name', de: 'Name', fr: 'Nom', ar: 'الاسم' },
      required: false,
      lengthMax: limits.nameCharactersMax,
      visibleTo: [...seen],
    },
  ],
}

/** What is wrong with a value, or with a policy's pattern. */
export const FieldProblem = z.enum([
  'missing',
  'unknown',
  'type',
  'tooShort',
  'tooLong',
  'pattern',
  'tooSmall',
  'tooLarge',
  'choice',
  'date',
])
export type FieldProblem = z.infer<typeof FieldProblem>

/** What was filled in for a subject, and the version of the policy that it was checked by. */
export const SubjectForm = z.object({ version: FormVersion, values: FormValues })
export type SubjectForm = z.infer<typeof SubjectForm>
