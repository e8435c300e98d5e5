/** The service endpoints answer good input in the exact formats. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ask, openDoor, picture, pictureBytes } from './restClient.ts'

describe('good input, in the exact formats', () => {
  let shared: Awaited<ReturnType<typeof openDoor>>
  beforeAll(async () => {
    shared = await openDoor()
  })

  it('POST /api/detect-face', async () => {
    const { status, body, headers } = await shared.post('/api/detect-face', { image: picture })
    expect(status).toBe(200)
    expect(body).toEqual({
      faces: [
        {
          bbox: { x: 1.5, y: 2, width: 30, height: 40 },
          landmarks: { left_eye: [10, 12], right_eye: [20, 12], nose: [15, 20], left_mouth: [11, 30], right_mouth: [19, 30] },
          confidence: 0.9,
        },
      ],
    })
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    const call = shared.station.calls.at(-1)
    expect(call).toMatchObject({ name: 'face.detect', actor: { role: 'client', door: 'rest' } })
    expect(call?.input).toMatchObject({ image: pictureBytes })
  })

  it.each([{ url: `data:image/jpeg;base64,${picture}` }, { image: `data:image/jpeg;base64,${picture}` }, { url: picture }])(
    'takes the picture as %j',
    async (body) => {
      expect((await shared.post('/api/detect-face', body)).status).toBe(200)
      expect(shared.station.calls.at(-1)?.input).toMatchObject({ image: pictureBytes })
    },
  )

  it('POST /api/extract-embedding', async () => {
    const { status, body } = await shared.post('/api/extract-embedding', { image: picture, aligned: true })
    expect(status).toBe(200)
    expect(body).toEqual({ success: true, embedding: { embedding: [0.6, 0.8], quality: 0.7, confidence: 0.9 }, message: null })
    expect(shared.station.calls.at(-1)?.input).toMatchObject({ aligned: true, repeat: 1 })
  })

  it('POST /api/process-image', async () => {
    const { body } = await shared.post('/api/process-image', { image: picture, operations: [{ type: 'metadata' }] })
    expect(body).toEqual({ image: 'AAAA', metadata: { width: 2, height: 2, format: 'jpeg', channels: 3, bytes: 3 } })
  })

  it('POST /api/calculate-similarity, one and a batch, flat and wrapped', async () => {
    const wrapped = { embedding: [1, 0], quality: 0.5, confidence: 0.5 }
    expect((await shared.post('/api/calculate-similarity', { template1: [1, 0], template2: wrapped })).body).toEqual({
      cosine: 1,
      euclidean: 0,
    })
    expect(shared.station.calls.at(-1)?.input).toEqual({ template1: [1, 0], template2: [1, 0] })
    const batch = await shared.post('/api/calculate-similarity', { template1: wrapped, templates: [[1, 0], wrapped] })
    expect(batch.body).toEqual({
      scores: [
        { cosine: 1, euclidean: 0 },
        { cosine: 1, euclidean: 0 },
      ],
    })
  })

  it('GET /api/health and /api/status', async () => {
    expect((await ask(shared.door, '/api/health')).body).toEqual({
      status: 'ok',
      service: 'vultus',
      version: '1.2.3',
      timestamp: '2026-01-01T00:00:00.000Z',
      model_status: { loaded: true, model_name: 'starter-1', input_shape: [1, 3, 112, 112] },
    })
    expect((await ask(shared.door, '/api/status')).body).toMatchObject({
      service: 'vultus',
      vault: { state: 'open' },
      gallery: { references: 1 },
    })
  })

  it('templates: store, retrieve, find matches', async () => {
    const stored = await shared.post('/api/templates', { id: 'T-1', data: [0.6, 0.8], metadata: { a: 1 } })
    expect(stored.body).toEqual({ id: 'T-1', metadata: { a: 1 }, created_at: '2026-01-01T00:00:00.000Z' })
    expect((await ask(shared.door, '/api/templates/T-1')).body).toEqual({
      id: 'T-1',
      data: [0.6, 0.8],
      metadata: {},
      created_at: '2026-01-01T00:00:00.000Z',
    })
    expect((await shared.post('/api/templates/matches', { data: [0.6, 0.8], threshold: 0.4 })).body).toEqual({
      matches: [{ id: 'T-1', score: 0.9, distance: 0.447 }],
      threshold: 0.5,
      fmr: null,
    })
  })
})
