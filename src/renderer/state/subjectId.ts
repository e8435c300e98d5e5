/** Subject numbers as they are typed. */
import { SubjectId } from '../../contract/types.ts'

/** @returns the number without the blanks around it, or undefined where it is none */
export function subjectIdOf(typed: string): SubjectId | undefined {
  const parsed = SubjectId.safeParse(typed.trim())
  return parsed.success ? parsed.data : undefined
}

/** The same rate everywhere at this desk: a comparison at the threshold is a false match once in 1,000. */
export const wantedFmr = 1e-3
