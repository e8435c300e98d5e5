/** What is wrong with a field, in the language of the desk. */
import { type FieldProblem, type FormField, numberField } from '../../../contract/form.ts'
import { day, fill, text } from '../../locale/text.ts'

const dayWords = (bound: string) => (bound === 'today' ? text.policy.rules.today : day(bound))

/** @returns undefined where nothing is wrong */
export function problemWords(field: FormField, problem: FieldProblem | undefined, ownForm: boolean): string | undefined {
  if (problem === undefined) return undefined
  const { problems } = text.form
  if (field.id === numberField && problem === 'missing' && !ownForm) return text.enrol.numberMissing
  switch (problem) {
    case 'pattern':
      return field.id === numberField && !('pattern' in field && field.pattern !== undefined) ? text.enrol.numberBad : problems.pattern
    case 'tooShort':
      return fill(problems.tooShort, { n: ('lengthMin' in field && field.lengthMin) || 1 })
    case 'tooLong':
      return field.id === numberField && !ownForm
        ? text.enrol.numberBad
        : fill(problems.tooLong, { n: ('lengthMax' in field && field.lengthMax) || 1 })
    case 'tooSmall':
      if (field.type === 'date') return fill(problems.tooEarly, { date: dayWords(field.min ?? '') })
      return fill(problems.tooSmall, { n: (field.type === 'number' && field.min) || 0 })
    case 'tooLarge':
      if (field.type === 'date') return fill(problems.tooLate, { date: dayWords(field.max ?? '') })
      return fill(problems.tooLarge, { n: (field.type === 'number' && field.max) || 0 })
    case 'type':
      return field.type === 'number' && field.integer ? problems.integer : problems.type
    default:
      return problems[problem]
  }
}
