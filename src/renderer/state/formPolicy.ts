/** The form of the site: asked for when an enrolment begins, and again when it was changed. */
import { create } from 'zustand'
import { builtInForm, builtInFormVersion, type FormField, type FormPolicy } from '../../contract/form.ts'
import type { ExceptionPolicy, NumberGiver } from '../../contract/intake.ts'
import { text } from '../locale/text.ts'
import { call, refusalFor } from './station.ts'

interface FormState {
  readonly version: number
  readonly policy: FormPolicy
  readonly exceptions: ExceptionPolicy
  readonly numbers: NumberGiver
}

const builtIn: FormState = {
  version: builtInFormVersion,
  policy: builtInForm,
  exceptions: { confirmedBy: 'supervisor', proof: 'optional' },
  numbers: 'site',
}

export const useFormPolicy = create<FormState>()(() => builtIn)

/** The form of a site has a step of its own; number and name alone stand beside the live picture. */
export const hasOwnForm = (): boolean => useFormPolicy.getState().version !== builtInFormVersion

export async function refreshFormPolicy(): Promise<void> {
  try {
    const { version, policy, exceptions, numbers } = await call('policy.form', {})
    const before = useFormPolicy.getState()
    // The same version is the same form: nothing is drawn anew.
    useFormPolicy.setState({ version, policy: version === before.version ? before.policy : policy, exceptions, numbers })
  } catch (error) {
    // The station checks the form itself: what is shown meanwhile does no harm.
    refusalFor(error)
  }
}

/** A text of the site in the language of the desk, else in English, else in the first that it has; with the tag that it is in. */
export function labelIn(labels: Readonly<Record<string, string>>): { readonly words: string; readonly lang: string } {
  const tags = Object.keys(labels)
  const own = tags.find((tag) => tag === text.language) ?? tags.find((tag) => tag.split('-')[0] === text.language)
  const lang = own ?? (labels.en === undefined ? (tags[0] ?? text.language) : 'en')
  return { words: labels[lang] ?? '', lang }
}

/** What a value says to a reader: of a choice its words. */
export function valueWords(field: FormField | undefined, value: string | number): string {
  if (field?.type !== 'choice') return String(value)
  const choice = field.choices.find((one) => one.value === value)
  return choice === undefined ? String(value) : labelIn(choice.label).words
}
