import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorTable, VultusError } from '../../src/contract/errors.ts'
import { limits } from '../../src/contract/types.ts'
import { openRestDoor, type RestOpen } from '../../src/doors/rest/server.ts'
import { makeToken } from '../../src/doors/rest/token.ts'
import { type Answers, fakeStation } from '../support/fakeStation.ts'

const token = makeToken()
const pictureBytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xfb, 0xef, 1, 2)
const picture = Buffer.from(pictureBytes).toString('base64')

interface Asked {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: looked into by the test
  readonly body: any
}

interface AskOptions {
  readonly method?: string
  readonly body?: unknown
  /** Sent as it is instead of body as JSON. */
  readonly raw?: string | Buffer
  readonly headers?: Record<string, string>
  readonly token?: string | null
}

/** Sends one request over a socket. */
function ask(door: RestOpen, path: string, options: AskOptions = {}): Promise<Asked> {
  const text = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  const given = options.token === undefined ? token : options.token
  const headers = {
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...(given === null ? {} : { authorization: `Bearer ${given}` }),
    ...options.headers,
  }
  const { hostname, port } = new URL(door.address)
  return new Promise((resolve, reject) => {
    const method = options.method ?? (text === undefined ? 'GET' : 'POST')
    const sent = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const answer = Buffer.concat(parts).toString()
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: answer,
          body: answer === '' ? undefined : JSON.parse(answer),
        })
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

const opened: RestOpen[] = []
async function openDoor(answers: Answers = {}, answerTimeoutMs?: number) {
  const station = fakeStation(answers)
  const door = await openRestDoor(station, {
    port: 0,
    token,
    log: () => undefined,
    ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }),
  })
  opened.push(door)
  return { station, door, post: (path: string, body: unknown, options: AskOptions = {}) => ask(door, path, { body, ...options }) }
}
afterAll(async () => {
  for (const door of opened) await door.close()
})

const refusing = (code: keyof typeof errorTable, detail?: string) => () => {
  throw new VultusError(code, detail)
}
const { message, remedy } = errorTable['request.invalid']
const invalid = (detail: string) => ({ error: { code: 'request.invalid', message, remedy, detail: expect.stringContaining(detail) } })

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

describe('who may ask', () => {
  let shared: Awaited<ReturnType<typeof openDoor>>
  beforeAll(async () => {
    shared = await openDoor()
  })

  it.each([[null], ['wrong'], [`${token}x`], ['']])('token %j: 401 on every route and beside them', async (given) => {
    for (const path of ['/api/status', '/api/templates/T-1', '/nowhere']) {
      const { status, body, headers } = await ask(shared.door, path, { token: given })
      expect([status, body.error.code, headers['www-authenticate']]).toEqual([401, 'signIn.required', 'Bearer'])
    }
    const { status, body } = await shared.post('/api/extract-embedding', { image: picture }, { token: given })
    expect([status, body.error.code]).toEqual([401, 'signIn.required'])
    expect(shared.station.calls).toEqual([])
  })

  it('health answers without a token, and with a wrong one not', async () => {
    const { body } = await ask(shared.door, '/api/health', { token: null })
    expect(Object.keys(body).sort()).toEqual(['model_status', 'service', 'status', 'timestamp', 'version'])
    expect((await ask(shared.door, '/api/health', { token: 'wrong' })).status).toBe(401)
  })

  it('a host that is not the loopback address: 421', async () => {
    for (const host of ['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example']) {
      expect(await ask(shared.door, '/api/status', { headers: { host } })).toMatchObject({
        status: 421,
        body: { error: { code: 'request.hostRefused' } },
      })
    }
    const { port } = new URL(shared.door.address)
    expect((await ask(shared.door, '/api/status', { headers: { host: `localhost:${port}` } })).status).toBe(200)
  })

  it('a foreign origin: 403, and never a CORS header', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      const { status, body, headers } = await ask(shared.door, '/api/status', { headers: { origin } })
      expect([status, body.error.code]).toEqual([403, 'request.originRefused'])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('bad input', () => {
  let shared: Awaited<ReturnType<typeof openDoor>>
  beforeAll(async () => {
    shared = await openDoor()
  })

  it.each([
    [{}, 'image: missing'],
    [{ image: 7 }, 'image: has to be a text'],
    [{ image: 'not base64!' }, 'image: not valid base64'],
    [{ image: 'AAA' }, 'image: not valid base64'],
    [{ image: 'AA-_' }, 'image: not valid base64'],
    [{ image: 'AA\nAA' }, 'image: not valid base64'],
    [{ image: 'https://example.org/a.jpg' }, 'the station fetches nothing'],
    [{ url: 'file:///etc/passwd' }, 'the station fetches nothing'],
    [{ url: 'data:image/jpeg,plain' }, 'the station fetches nothing'],
    [{ image: picture, url: picture }, 'url: give either image or url'],
    [{ image: picture, repeat: 0 }, 'repeat: '],
    [[], 'the body has to be a JSON object'],
    ['text', 'the body has to be a JSON object'],
  ])('%j is refused by the name of the field', async (body, detail) => {
    const { status, body: answer } = await shared.post('/api/detect-face', body)
    expect(status).toBe(400)
    expect(answer).toEqual(invalid(detail))
  })

  it('an empty picture, and one that the models refuse, have their codes', async () => {
    expect((await shared.post('/api/detect-face', { image: '' })).body.error.code).toBe('picture.empty')
    const { post } = await openDoor({ 'face.detect': refusing('picture.undecodable'), 'picture.process': refusing('picture.unsupported') })
    expect(await post('/api/detect-face', { image: picture })).toMatchObject({
      status: 400,
      body: { error: { code: 'picture.undecodable' } },
    })
    expect((await post('/api/process-image', { image: picture, operations: [{ type: 'metadata' }] })).status).toBe(415)
    expect((await post('/api/process-image', { image: picture, operations: [{ type: 'sharpen' }] })).body).toEqual(
      invalid('operations.0.type'),
    )
  })

  it('JSON that is none, an empty body, another media type', async () => {
    for (const raw of ['{', '', '{"image":"AAAA"}x', '{"__proto__":{"image":"AAAA"}}']) {
      expect(await ask(shared.door, '/api/detect-face', { raw })).toMatchObject({
        status: 400,
        body: { error: { code: 'request.invalid' } },
      })
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'image/jpeg']) {
      const { status, body } = await ask(shared.door, '/api/detect-face', { raw: '{}', headers: { 'content-type': type } })
      expect([status, body.error.code]).toEqual([415, 'request.mediaTypeRefused'])
    }
    expect((await ask(shared.door, '/api/detect-face', { method: 'POST' })).body).toEqual(invalid('the body has to be a JSON object'))
  })

  it('a body that nests too deep does not reach the station', async () => {
    const deep = `{"id":"T","data":[1],"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`
    const { status, body } = await ask(shared.door, '/api/templates', { raw: deep })
    expect([status, body]).toEqual([400, invalid('nests deeper')])
  })

  it('a body over the limit is refused by its length', async () => {
    const { status, body } = await ask(shared.door, '/api/detect-face', {
      raw: '',
      headers: { 'content-length': String(limits.restBodyBytesMax + 1), connection: 'close' },
    })
    expect([status, body.error.code]).toEqual([413, 'request.tooLarge'])
  })

  it('a path or a method that is not there', async () => {
    expect(await ask(shared.door, '/api/nothing')).toMatchObject({ status: 404, body: { error: { code: 'request.unknown' } } })
    const { status, body, headers } = await ask(shared.door, '/api/detect-face', { method: 'GET' })
    expect([status, body.error.code, headers.allow]).toEqual([405, 'request.methodRefused', 'POST'])
    expect((await ask(shared.door, '/api/status', { method: 'DELETE' })).headers.allow).toBe('GET')
    expect((await ask(shared.door, '/api/templates/%zz')).body.error.code).toBe('request.invalid')
    expect((await ask(shared.door, `/api/templates/${'x'.repeat(65)}`)).body.error.code).toBe('request.invalid')
    expect((await ask(shared.door, `/api/templates/${'x'.repeat(500)}`)).status).toBe(400)
  })

  it('the embedding endpoint answers in its own form', async () => {
    const { post, door } = await openDoor({ 'face.template': refusing('face.none') })
    const none = await post('/api/extract-embedding', { image: picture })
    expect([none.status, none.body]).toEqual([
      200,
      { success: false, embedding: null, message: expect.stringContaining('No face was found') },
    ])
    const bad = await post('/api/extract-embedding', { image: '?' })
    expect([bad.status, bad.body]).toEqual([
      400,
      { success: false, embedding: null, message: expect.stringContaining('image: not valid base64') },
    ])
    expect((await ask(door, '/api/extract-embedding', { raw: '{' })).body).toEqual({
      success: false,
      embedding: null,
      message: expect.any(String),
    })
    const { post: postDamaged } = await openDoor({ 'face.template': refusing('picture.undecodable') })
    expect((await postDamaged('/api/extract-embedding', { image: picture })).status).toBe(400)
  })

  it('a bug shows nothing of itself, and the door goes on', async () => {
    const { post } = await openDoor({
      'face.detect': () => {
        throw new TypeError('secret')
      },
      'comparison.score': () => ({ cosine: 'secret' }),
    })
    for (const [path, body] of [
      ['/api/detect-face', { image: picture }],
      ['/api/calculate-similarity', { template1: [1], template2: [1] }],
    ] as const) {
      const { status, body: answer, text } = await post(path, body)
      expect([status, answer.error.code]).toEqual([500, 'internal.fault'])
      expect(text).not.toContain('secret')
    }
  })

  it('an answer that takes too long is ended, and too many requests at once are refused', async () => {
    const waiting: (() => void)[] = []
    const late = { 'status.get': () => new Promise<never>(() => undefined) }
    const { door } = await openDoor(late, 200)
    expect(await ask(door, '/api/status')).toMatchObject({ status: 504, body: { error: { code: 'request.timedOut' } } })
    const { door: busy } = await openDoor({ 'health.get': () => new Promise((resolve) => waiting.push(() => resolve(undefined))) })
    const held = Array.from({ length: 32 }, () => ask(busy, '/api/health'))
    await expect.poll(() => waiting.length).toBe(32)
    expect(await ask(busy, '/api/status')).toMatchObject({ status: 429, body: { error: { code: 'rate.limited' } } })
    for (const end of waiting) end()
    await Promise.all(held)
    expect((await ask(busy, '/api/status')).status).toBe(200)
  })

  it('bytes that are no HTTP get a refusal and the door goes on', async () => {
    const { port } = new URL(shared.door.address)
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('\u0016\u0003\u0001 what is this\r\n\r\n'))
      let received = ''
      socket.on('data', (part) => {
        received += part
      })
      socket.on('close', () => resolve(received))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).error.code).toBe('request.invalid')
    expect((await ask(shared.door, '/api/status')).status).toBe(200)
  })

  it('any JSON body gets an answer of the table', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/api/detect-face', '/api/process-image', '/api/calculate-similarity', '/api/templates'),
        fc.jsonValue(),
        async (path, value) => {
          const { status, body } = await shared.post(path, value)
          if (status === 200) return
          expect(errorTable[body.error.code as keyof typeof errorTable].status).toBe(status)
          expect(body.error.code).not.toBe('internal.fault')
        },
      ),
      { numRuns: 150 },
    )
  })

  it('a port that is taken is wrong usage', async () => {
    const { port } = new URL(shared.door.address)
    await expect(openRestDoor(fakeStation(), { port: Number(port), token, log: () => undefined })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })
})
