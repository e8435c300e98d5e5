/** What the service endpoints refuse, and how they go on after a bug, a wait and a flood. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorTable } from '../../src/contract/errors.ts'
import { limits } from '../../src/contract/types.ts'
import { openRestDoor } from '../../src/doors/rest/server.ts'
import { fakeStation, refusing } from '../support/fakeStation.ts'
import { ask, invalid, openDoor, picture, token } from './restClient.ts'

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
