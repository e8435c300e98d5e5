/** Finding subjects by what somebody types. */
import { z } from 'zod'
import { everybody, quick, row } from '../row.ts'
import { limits } from '../types.ts'
import { Page, SubjectPage } from './subject.ts'

export const lookUpRows = {
  'subject.search': row({
    input: Page.extend({
      query: z
        .string()
        .trim()
        .min(1)
        .max(limits.queryCharactersMax)
        .describe('beginnings of words of the name, the beginning of the id, or the whole id'),
      limit: Page.shape.limit.default(20),
    }),
    output: SubjectPage,
    roles: everybody,
    audit: 'read',
    vault: 'open',
    limits: quick,
    rest: {
      method: 'GET',
      path: '/api/subjects',
      query: { prefix: { field: 'query', as: 'text' }, cursor: { field: 'cursor', as: 'number' }, limit: { field: 'limit', as: 'number' } },
    },
    command: {
      name: 'search',
      summary: 'find subjects by the beginning of their name or id',
      example: 'vultus search --query "ada ex"',
      options: ['query', 'limit', 'cursor'],
    },
  }),
}
