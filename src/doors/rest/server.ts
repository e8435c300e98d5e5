/** The REST door: routes generated from the procedure table, on loopback, behind a bearer token. */
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { clientKeyPattern } from '../../contract/clients.ts'
import { failedOf, VultusError } from '../../contract/errors.ts'
import type { Actor } from '../../contract/records.ts'
import type { RestDoor, Row } from '../../contract/row.ts'
import { procedures } from '../../contract/table.ts'
import { limits } from '../../contract/types.ts'
import type { CallerIdentity, Runner } from '../../station/api.ts'
import { type Answer, answerOf, knownError, refusalAnswerOf } from './answer.ts'
import { checkSite, Load } from './guard.ts'
import { inputOf, inWordsOfQuery } from './input.ts'
import { bearerOf, tokenCheck } from './token.ts'

const clientActor: Actor = { role: 'client', door: 'rest' }
const healthPath = '/api/health'
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** The station ends a call at its own limit; the door only makes sure that an answer leaves. */
const answerGraceMs = 2_000
const bodyTimeoutMs = 60_000
const keepAliveTimeoutMs = 5_000
const connectionsMax = 128

export interface RestOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly token: string
  readonly log: (line: string) => void
  /** How long an answer may take; the row's limit and a little where it is left out. */
  readonly answerTimeoutMs?: number
}

export interface RestOpen {
  readonly address: string
  close(): Promise<void>
}

type RestRow = readonly [name: string, row: Row, door: RestDoor]

const restRows = (): RestRow[] =>
  Object.entries(procedures as Readonly<Record<string, Row>>).flatMap(([name, row]) =>
    row.rest === undefined ? [] : [[name, row, row.rest] as const],
  )

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  return reply.code(status).headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).send(body)
}

/** The row of the route that a request reached, kept in the route's configuration. */
const rowOf = (request: FastifyRequest) => (request.routeOptions?.config as { row?: Row } | undefined)?.row

class Door {
  private readonly load = new Load()
  private readonly hasToken: (authorization: string | undefined) => boolean
  /** Requests that passed the guard, and who they act for. */
  private readonly admitted = new WeakMap<FastifyRequest, CallerIdentity>()

  constructor(
    private readonly app: FastifyInstance,
    private readonly runner: Runner,
    private readonly options: RestOptions,
  ) {
    this.hasToken = tokenCheck(options.token)
  }

  /** Answers a thrown value. Nobody without a token learns what a route looks like, so those get the plain form. */
  private refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const known = knownError(error)
    if (!(known instanceof VultusError)) this.options.log(`rest: ${known instanceof Error ? known.name : 'unknown'} in ${request.method}`)
    const { refusal, data } = failedOf(known)
    const admitted = this.admitted.has(request)
    return send(reply, refusalAnswerOf(admitted ? rowOf(request) : undefined, refusal, data))
  }

  private async guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const address = this.app.server.address()
    checkSite(request, typeof address === 'object' && address !== null ? address.port : this.options.port)
    const caller = await this.callerOf(request)
    if (caller === undefined) {
      // Whoever watches the service needs no token to learn how it is; all else is for those who have one.
      const watching = request.headers.authorization === undefined && request.method === 'GET' && request.url === healthPath
      if (!watching) throw new VultusError('signIn.required')
    }
    const leave = this.load.admit(request)
    reply.raw.once('close', leave)
    this.admitted.set(request, caller ?? clientActor)
  }

  /** Who asks, before a body is read; undefined for an unknown token. @throws VultusError vault.locked and what else keeps a key from being looked up */
  private async callerOf({ headers: { authorization } }: FastifyRequest): Promise<CallerIdentity | undefined> {
    if (this.hasToken(authorization)) return clientActor
    const clientKey = bearerOf(authorization)
    if (!clientKeyPattern.test(clientKey)) return undefined
    const caller = { ...clientActor, clientKey }
    const known = await this.runner.run('client.current', {}, caller)
    if (known.ok) return caller
    if (known.refusal.code === 'signIn.required') return undefined
    throw new VultusError(known.refusal.code, known.refusal.detail)
  }

  private async answer([name, row, door]: RestRow, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { body, params, query } = request
    const input = inputOf(door, { body, parameters: params as Record<string, string>, query: query as Record<string, unknown> })
    const outcome = await this.runner.run(name, input, this.admitted.get(request) ?? clientActor)
    if (!outcome.ok) return send(reply, refusalAnswerOf(row, inWordsOfQuery(door, outcome.refusal), outcome.data))
    return send(reply, answerOf(row, outcome.value))
  }

  private addRoutes(): void {
    const rows = restRows()
    for (const restRow of rows) {
      const [, row, door] = restRow
      this.app.route({
        method: door.method,
        url: door.path,
        config: { row },
        handlerTimeout: this.options.answerTimeoutMs ?? row.limits.timeoutMs + answerGraceMs,
        handler: (request, reply) => this.answer(restRow, request, reply),
      })
    }
    for (const path of new Set(rows.map(([, , door]) => door.path))) {
      const allowed: string[] = rows.filter(([, , door]) => door.path === path).map(([, , door]) => door.method)
      this.app.route({
        method: methods.filter((method) => !allowed.includes(method)),
        url: path,
        // Refused before a body is looked at.
        onRequest: async (_request, reply) => {
          void reply.header('allow', allowed.join(', '))
          throw new VultusError('request.methodRefused')
        },
        handler: () => undefined,
      })
    }
  }

  prepare(): void {
    this.app.removeContentTypeParser('text/plain')
    this.app.addHook('onRequest', async (request, reply) => await this.guard(request, reply))
    this.app.setErrorHandler((error, request, reply) => this.refuse(error, request, reply))
    this.app.setNotFoundHandler((request, reply) =>
      this.refuse(new VultusError('request.unknown', request.url.slice(0, 100)), request, reply),
    )
    this.addRoutes()
  }
}

/** Bytes that are no HTTP get a refusal too, then the connection ends. */
function answerBrokenRequest(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { body } = refusalAnswerOf(undefined, failedOf(new VultusError('request.invalid', 'this is not well formed HTTP')).refusal)
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}

/**
 * Opens the door on 127.0.0.1.
 * @throws VultusError request.invalid when the port is taken or not allowed
 */
export async function openRestDoor(runner: Runner, options: RestOptions): Promise<RestOpen> {
  const app = Fastify({
    logger: false,
    bodyLimit: limits.restBodyBytesMax,
    requestTimeout: bodyTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (_error, socket) => answerBrokenRequest(socket),
    frameworkErrors: (error, _request, reply) => void send(reply, refusalAnswerOf(undefined, failedOf(knownError(error)).refusal)),
  })
  app.server.maxConnections = connectionsMax
  new Door(app, runner, options).prepare()
  try {
    const address = await app.listen({ host: '127.0.0.1', port: options.port })
    return { address, close: () => app.close() }
  } catch (error) {
    await app.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new VultusError('request.invalid', `port ${options.port} cannot be used (${code})`)
    throw error
  }
}
