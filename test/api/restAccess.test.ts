/** Who may call the service endpoints, under which host and from which origin. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ask, openDoor, picture, token } from './restClient.ts'

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
