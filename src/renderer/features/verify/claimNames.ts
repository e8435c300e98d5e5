/** Who may be meant by a name that is being typed as a claim. */
import { useEffect, useRef, useState } from 'react'
import { VultusError } from '../../../contract/errors.ts'
import type { SubjectSummary } from '../../../contract/rows/subject.ts'
import { call, refusalFor } from '../../state/station.ts'
import { nextPage, typingPauseMs } from '../subjects/subjectPages.ts'

/** As many as are seen at a glance. */
export const namesMax = 6
/** As the blind index needs. */
const lettersMin = 3

export interface ClaimNames {
  readonly people: readonly SubjectSummary[]
  readonly more: boolean
  /** Whether this is the answer to a question. */
  readonly searched: boolean
}

const nobody: ClaimNames = { people: [], more: false, searched: false }

/** Whether what was typed may be a name rather than a number that somebody reads out or a code. */
export const isName = (typed: string): boolean => {
  const words = typed.trim()
  return [...words].length >= lettersMin && /\p{L}{2}/u.test(words)
}

/** @param wanted false: nobody is looked for, as once somebody was chosen */
export function useClaimNames(typed: string, wanted: boolean): ClaimNames {
  const [found, setFound] = useState(nobody)
  const newest = useRef(0)
  const query = wanted && isName(typed) ? typed.trim() : ''
  useEffect(() => {
    newest.current += 1
    const mine = newest.current
    setFound(nobody)
    if (query === '') return
    const current = () => mine === newest.current
    const search = async () => {
      const ask = (words: string, cursor: number | undefined) =>
        call('subject.search', { query: words, limit: namesMax, ...(cursor === undefined ? {} : { cursor }) })
      const page = await nextPage(ask, query, undefined, current)
      if (current()) setFound({ people: page.subjects.slice(0, namesMax), more: page.cursor !== undefined, searched: true })
    }
    const timer = setTimeout(
      () =>
        void search().catch((error: unknown) => {
          // A word that is too short, or a refusal: the number can be typed all the same.
          if (!(error instanceof VultusError)) refusalFor(error)
        }),
      typingPauseMs,
    )
    return () => {
      clearTimeout(timer)
      newest.current += 1
    }
  }, [query])
  return query === '' ? nobody : found
}
