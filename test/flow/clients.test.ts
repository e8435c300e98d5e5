/** Programs of integrators at the service endpoints of a real station: each has a key of its own for what it may do, until it is taken back. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditListText } from '../../src/contract/auditText.ts'
import type { ClientPermission } from '../../src/contract/clients.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { openRestDoor, type RestOpen } from '../../src/doors/rest/server.ts'
import { makeToken } from '../../src/doors/rest/token.ts'
import { codeOf } from '../support/codeOf.ts'
import { drawInto } from '../support/drawnPeople.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const token = makeToken()
let station: TestStation
let door: RestOpen
let picture = ''
beforeAll(async () => {
  station = await openTestStation()
  door = await openRestDoor(station.station, { port: 0, token, log: () => undefined })
  await drawInto(join(station.folder, 'face.jpg'), drawnSubjects[0], 0)
  picture = readFileSync(join(station.folder, 'face.jpg')).toString('base64')
})
afterAll(async () => {
  await door.close()
  await station.close()
})

async function ask(key: string, path: string, body?: unknown) {
  const answer = await fetch(`${door.address}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answered = (await answer.json()) as Record<string, never>
  return { status: answer.status, body: answered, code: (answered.error as { code?: string } | undefined)?.code }
}
const add = async (name: string, permissions: ClientPermission[]) => await station.call('client.add', { name, permissions })
const captureOf = async (key: string) => (await ask(key, '/api/captures', { picture })).body.captureId as unknown as string

it('a program enrols, verifies and identifies with a key of its own, and is known to the audit by its id', async () => {
  const { key, client } = await add('Gate 4', ['enrol', 'verify', 'identify'])
  expect(key).toMatch(/^vultus_[A-Za-z0-9_-]{43}$/)
  expect(await ask(key, '/api/client')).toMatchObject({
    status: 200,
    body: { name: 'Gate 4', permissions: ['enrol', 'verify', 'identify'] },
  })
  expect(await ask(key, '/api/enrol', { id: 'R-1', captureIds: [await captureOf(key)] })).toMatchObject({
    status: 200,
    body: { id: 'R-1' },
  })
  const verified = await ask(key, '/api/verify', { id: 'R-1', captureId: await captureOf(key) })
  expect(verified.body).toMatchObject({ decision: 'match' })
  const identified = await ask(key, '/api/identify', { captureId: await captureOf(key) })
  expect(identified.body).toMatchObject({ decision: 'match', candidates: [{ id: 'R-1' }] })
  const { records, named } = await station.call('audit.list', { limit: 50 })
  for (const event of ['subject.enrol', 'subject.verify', 'gallery.identify']) {
    expect(records.find((record) => record.event === event)?.actor).toEqual({ role: 'client', door: 'rest', operator: client })
  }
  expect(JSON.stringify(records)).not.toContain('Gate 4')
  expect(JSON.stringify(records)).not.toContain(key)
  // The chain has no name; whoever reads it is told the name, once for all records.
  expect(named).toEqual([{ id: client, kind: 'program', name: 'Gate 4' }])
  expect(auditListText({ records, named, next: null })).toMatch(/subject\.verify +done +program Gate 4 +rest/)
  expect((await station.call('analytics.days', { days: 1 })).named).toEqual(named)
})

it('a program with the key for it reads who is enrolled, without templates and pictures, and each look is recorded', async () => {
  const { key, client } = await add('Register', ['subjects'])
  const found = await ask(key, '/api/subjects?prefix=r-1')
  expect(found.body).toMatchObject({ subjects: [{ id: 'R-1', references: 1 }] })
  const shown = await ask(key, '/api/subjects/R-1')
  expect(shown.body).toMatchObject({ id: 'R-1', references: 1, history: [{ version: 1, active: true, captureSource: 'file' }] })
  expect(JSON.stringify(shown.body)).not.toMatch(/"(template|sample|picture|decision|exception)"/)
  expect(await ask(key, '/api/subjects/R-404')).toMatchObject({ status: 404, code: 'subject.unknown' })
  expect(await ask(key, '/api/subjects?prefix=r')).toMatchObject({ status: 400, code: 'search.tooShort' })
  const { records } = await station.call('audit.list', { limit: 4 })
  expect(records.map(({ event, outcome, actor }) => [event, outcome, actor.operator])).toEqual([
    ['subject.search', 'refused', client],
    ['subject.get', 'refused', client],
    ['subject.get', 'done', client],
    ['subject.search', 'done', client],
  ])
  expect(records[2]?.subject).toBeDefined()
})

it('a key is for what it was given for, and every refusal stands in the audit', async () => {
  const { key, client } = await add('Kiosk', ['verify'])
  const captureId = await captureOf(key)
  expect(await ask(key, '/api/verify', { id: 'R-1', captureId })).toMatchObject({ status: 200 })
  for (const [path, body] of [
    ['/api/identify', { captureId }],
    ['/api/enrol', { id: 'R-2', captureIds: [captureId] }],
    ['/api/detect-face', { image: picture }],
    ['/api/calculate-similarity', { template1: [1], template2: [1] }],
    ['/api/templates/matches', { data: [1] }],
    ['/api/subjects?prefix=r-1', undefined],
    ['/api/subjects/R-1', undefined],
  ] as const) {
    expect(await ask(key, path, body), path).toMatchObject({ status: 403, code: 'client.notGranted' })
  }
  expect((await ask(key, '/api/status')).status).toBe(200)
  const { records } = await station.call('audit.list', { limit: 50, outcome: 'refused' })
  expect(records.filter(({ code }) => code === 'client.notGranted').map(({ actor }) => actor.operator)).toEqual(Array(7).fill(client))
})

it('a key that was taken back is refused at once, as one that never was; the token of the service goes on', async () => {
  const { key } = await add('Old kiosk', ['pictures'])
  expect((await ask(key, '/api/detect-face', { image: picture })).status).toBe(200)
  const { clients } = await station.call('client.list', {})
  expect(clients.find(({ name }) => name === 'Old kiosk')).toMatchObject({ permissions: ['pictures'], revokedAt: null })
  expect(Date.parse(clients.find(({ name }) => name === 'Old kiosk')?.lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
  expect((await station.call('client.revoke', { name: 'OLD KIOSK' })).revokedAt).not.toBeNull()
  const { records, named } = await station.call('audit.list', { limit: 1, event: 'client.revoke' })
  expect(auditListText({ records, named, next: null })).toContain('client Old kiosk')
  const made = `vultus_${'A'.repeat(43)}`
  for (const wrong of [key, made, `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, 'vultus_short']) {
    expect(await ask(wrong, '/api/detect-face', { image: picture })).toMatchObject({ status: 401, code: 'signIn.required' })
  }
  expect((await ask(token, '/api/detect-face', { image: picture })).status).toBe(200)
  expect((await ask(token, '/api/client')).body).toMatchObject({ name: null })
  expect(await codeOf(() => add('old kiosk', ['verify']))).toBe('client.exists')
  expect(await codeOf(() => station.call('client.revoke', { name: 'nobody' }))).toBe('client.unknown')
})

it('keys are given by administrators alone, and are no way around the sign-in of the service', async () => {
  const { key } = await add('Gate 5', ['pictures'])
  for (const role of ['operator', 'supervisor', 'auditor', 'client'] as const) {
    const asked = () => station.call('client.add', { name: 'x', permissions: ['verify'] }, { role, door: 'ipc' })
    expect(await codeOf(asked), role).toBe('permission.denied')
  }
  // With the first account somebody has to sign in, the service too; this door was opened before and nobody did.
  await station.call('operator.add', { name: 'Ada', role: 'administrator', secret: 'a long enough password' })
  expect(await ask(key, '/api/detect-face', { image: picture })).toMatchObject({ status: 401 })
})
