/** Subjects over the service endpoints: searched page by page, and nothing that is among staff. */
import { describe, expect, it } from 'vitest'
import type { Answers } from '../support/fakeStation.ts'
import { ask, openDoor } from './restClient.ts'

describe('subjects', () => {
  const ada = { id: 'R-1', name: 'Ada', createdAt: '2026-01-01T00:00:00.000Z', references: 1 }
  const subjects: Answers = {
    'subject.search': ({ limit, cursor }) => ({ subjects: [ada], cursor: (cursor ?? 0) + limit }),
    'subject.get': ({ id }) => ({
      ...ada,
      id,
      category: 0,
      watchLists: [],
      purposes: [],
      consents: [],
      history: [
        {
          referenceNo: 1,
          version: 1,
          active: true,
          model: 'm',
          captureSource: 'camera',
          pad: 'passed',
          createdAt: ada.createdAt,
          quality: null,
        },
      ],
      form: { version: 1, values: { town: 'Ghent' } },
      exception: null,
      decision: { decision: 'different', reason: 'other', note: 'kept among staff', by: 'op-1', at: ada.createdAt },
      named: [{ id: 'op-1', kind: 'account', name: 'Bo' }],
    }),
  }

  it('GET /api/subjects: the query becomes the input, page by page', async () => {
    const { door, station } = await openDoor(subjects)
    expect((await ask(door, '/api/subjects?prefix=ada%20ex&limit=2&cursor=5')).body).toEqual({ subjects: [ada], cursor: 7 })
    expect((await ask(door, '/api/subjects?prefix=R-1')).body).toEqual({ subjects: [ada], cursor: 20 })
    expect(station.calls.map(({ name, input }) => [name, input])).toEqual([
      ['subject.search', { query: 'ada ex', limit: 2, cursor: 5 }],
      ['subject.search', { query: 'R-1', limit: 20 }],
    ])
  })

  it.each([
    ['', 'prefix: '],
    ['?prefix=', 'prefix: '],
    [`?prefix=${'x'.repeat(201)}`, 'prefix: '],
    ['?prefix=ada&limit=many', 'limit: '],
    ['?prefix=ada&limit=0', 'limit: '],
    ['?prefix=ada&limit=1001', 'limit: '],
    ['?prefix=ada&cursor=-1', 'cursor: '],
    ['?prefix=ada&cursor=1e99', 'cursor: '],
    ['?prefix=ada&prefix=bo', 'prefix: give it once'],
    ['?prefix=ada&constructor=1', 'constructor: there is no such parameter'],
    ['?query=ada', 'query: there is no such parameter'],
  ])('GET /api/subjects%s is refused by the name of the parameter', async (query, detail) => {
    const { door } = await openDoor(subjects)
    const { status, body } = await ask(door, `/api/subjects${query}`)
    expect([status, body.error.code]).toEqual([400, 'request.invalid'])
    expect(body.error.detail.startsWith(detail), body.error.detail).toBe(true)
  })

  it('GET /api/subjects/:id has no template, and nothing that is among staff', async () => {
    const { door } = await openDoor(subjects)
    const { body } = await ask(door, '/api/subjects/R-1')
    expect(Object.keys(body).sort()).toEqual(
      ['category', 'consents', 'createdAt', 'form', 'history', 'id', 'name', 'purposes', 'references', 'watchLists'].sort(),
    )
    expect(JSON.stringify(body)).not.toMatch(/template|staff|Bo/)
    expect((await ask(door, '/api/subjects/no%20id')).body.error.code).toBe('request.invalid')
    expect((await ask(door, '/api/subjects/R-1', { method: 'DELETE' })).headers.allow).toBe('GET')
  })
})
