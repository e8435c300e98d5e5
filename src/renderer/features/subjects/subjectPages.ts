/**
 * The subjects that a list shows, page by page, as they are searched for.
 * A page may hold nobody and still have a cursor: those behind it are asked for until somebody is found or there are no more.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Refusal } from '../../../contract/errors.ts'
import type { SubjectSummary } from '../../../contract/rows/subject.ts'
import type { OutputOf } from '../../../contract/table.ts'
import { call, refusalFor } from '../../state/station.ts'

type Page = OutputOf<'subject.list'>
export type AskPage = (query: string, cursor: number | undefined) => Promise<Page>

/**
 * Between the last letter and the question. Each question is a record of the audit chain, so one that is typed faster than this waits;
 * longer, and who searches 1,000,000 subjects would wait more than 100 ms for the rows (bench:desk).
 */
export const typingPauseMs = 50
const listLimit = 200
const searchLimit = 50

const askStation: AskPage = (query, cursor) => {
  const from = cursor === undefined ? {} : { cursor }
  if (query === '') return call('subject.list', { limit: listLimit, ...from })
  return call('subject.search', { query, limit: searchLimit, ...from })
}

/** The next page with somebody on it, or the last one. @param wanted asked between pages: false ends it */
export async function nextPage(ask: AskPage, query: string, cursor: number | undefined, wanted: () => boolean): Promise<Page> {
  let page = await ask(query, cursor)
  while (page.subjects.length === 0 && page.cursor !== undefined && wanted()) page = await ask(query, page.cursor)
  return page
}

export interface SubjectPages {
  readonly subjects: readonly SubjectSummary[]
  /** Where there may be more. */
  readonly cursor: number | undefined
  readonly loading: boolean
  readonly refusal: Refusal | undefined
}

const nothing: SubjectPages = { subjects: [], cursor: undefined, loading: true, refusal: undefined }

/** @returns what was found so far, how to get more, how to leave one out that is gone */
export function useSubjectPages(typed: string) {
  const query = typed.trim()
  const [pages, setPages] = useState<SubjectPages>(nothing)
  const newest = useRef(0)
  const load = useCallback(
    async (cursor: number | undefined) => {
      newest.current += 1
      const mine = newest.current
      const current = () => mine === newest.current
      setPages((before) => ({ ...before, loading: true, refusal: undefined }))
      try {
        const page = await nextPage(askStation, query, cursor, current)
        if (!current()) return
        setPages((before) => ({
          subjects: cursor === undefined ? page.subjects : [...before.subjects, ...page.subjects],
          cursor: page.cursor,
          loading: false,
          refusal: undefined,
        }))
      } catch (error) {
        if (current()) setPages({ ...nothing, loading: false, refusal: refusalFor(error) })
      }
    },
    [query],
  )
  useEffect(() => {
    const timer = setTimeout(() => void load(undefined), query === '' ? 0 : typingPauseMs)
    return () => {
      clearTimeout(timer)
      newest.current += 1
    }
  }, [load, query])
  const more = () => {
    if (!pages.loading && pages.cursor !== undefined) void load(pages.cursor)
  }
  const leaveOut = (id: string) => setPages((before) => ({ ...before, subjects: before.subjects.filter((subject) => subject.id !== id) }))
  return { pages, more, leaveOut, again: () => void load(undefined) }
}
