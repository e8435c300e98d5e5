/** The REST door over a stand-in for the station, and a client that sends what it is told, well formed or not. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { afterAll, expect } from 'vitest'
import { errorTable } from '../../src/contract/errors.ts'
import { openRestDoor, type RestOpen } from '../../src/doors/rest/server.ts'
import { makeToken } from '../../src/doors/rest/token.ts'
import { type Answers, fakeStation } from '../support/fakeStation.ts'

export const token = makeToken()
export const pictureBytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xfb, 0xef, 1, 2)
export const picture = Buffer.from(pictureBytes).toString('base64')

export interface Asked {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: looked into by the test
  readonly body: any
}

export interface AskOptions {
  readonly method?: string
  readonly body?: unknown
  /** Sent as it is instead of body as JSON. */
  readonly raw?: string | Buffer
  readonly headers?: Record<string, string>
  readonly token?: string | null
}

/** Sends one request over a socket. */
export function ask(door: RestOpen, path: string, options: AskOptions = {}): Promise<Asked> {
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
/** Opens the REST door on a free port, over a stand-in for the station; closed after the tests of the file. */
export async function openDoor(answers: Answers = {}, answerTimeoutMs?: number) {
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

const { message, remedy } = errorTable['request.invalid']
/** The answer to a request that is not well formed. */
export const invalid = (detail: string) => ({
  error: { code: 'request.invalid', message, remedy, detail: expect.stringContaining(detail) },
})
