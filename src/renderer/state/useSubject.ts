/** Names and pictures of subjects that a screen shows beside their evidence. Reading them is written to the audit chain, so only shown ones are read. */
import { useEffect, useState } from 'react'
import type { OutputOf } from '../../contract/table.ts'
import type { SubjectId } from '../../contract/types.ts'
import { call, refusalFor } from './station.ts'

export interface SeenSubject {
  readonly summary: OutputOf<'subject.get'> | undefined
  /** null where no picture is stored, undefined while it is awaited. */
  readonly picture: Uint8Array | null | undefined
}

/** Reads a subject once. @param id undefined for none */
export function useSubject(id: SubjectId | undefined): SeenSubject {
  const [seen, setSeen] = useState<{ readonly id: SubjectId; readonly subject: SeenSubject }>()
  useEffect(() => {
    if (id === undefined) return
    let left = false
    Promise.all([call('subject.get', { id }), call('subject.picture', { id })])
      .then(([summary, { sample }]) => {
        if (!left) setSeen({ id, subject: { summary, picture: sample } })
      })
      .catch((error: unknown) => {
        refusalFor(error)
        if (!left) setSeen({ id, subject: { summary: undefined, picture: null } })
      })
    return () => {
      left = true
    }
  }, [id])
  return seen?.id === id && seen !== undefined ? seen.subject : { summary: undefined, picture: undefined }
}
