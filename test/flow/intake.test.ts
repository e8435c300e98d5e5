/** The enrolment desk over a station with its real processes and real accounts: form, drafts, exceptions, inbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, unwrap } from '../../src/contract/errors.ts'
import { formFormat } from '../../src/contract/form.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../src/contract/table.ts'
import { drawPortrait } from '../../src/face/drawing.ts'
import { openTestStation, type TestStation } from '../support/station.ts'

const label = { en: 'Field', de: 'Feld' }
const policy: InputOf<'policy.setForm'>['policy'] = {
  format: formFormat,
  fields: [
    { id: 'number', type: 'text', label, required: true, pattern: '[RX]-[0-9]{1,6}' },
    { id: 'name', type: 'text', label, required: true },
    { id: 'born', type: 'date', label, required: true, max: 'today' },
    { id: 'passport', type: 'documentNumber', label, pattern: '[A-Z][0-9]{8}', visibleTo: ['supervisor'] },
  ],
}
const accounts = {
  Xenia: 'administrator',
  Sam: 'supervisor',
  Sue: 'supervisor',
  Olga: 'operator',
  Otto: 'operator',
  Auda: 'auditor',
} as const
type Name = keyof typeof accounts
const secretOf = (name: string) => `the long password of ${name}`

let station: TestStation
const sessions = new Map<string, string>()
const events: string[] = []

const identity = (name: Name) => ({ role: accounts[name], door: 'socket', session: sessions.get(name) }) as const
const run = async (name: Name, procedure: ProcedureName, input: unknown): Promise<Outcome<unknown>> =>
  await station.station.run(procedure, input, identity(name))
const call = async <P extends ProcedureName>(name: Name, procedure: P, input: InputOf<P>) =>
  unwrap(await run(name, procedure, input)) as OutputOf<P>
const code = async <P extends ProcedureName>(name: Name, procedure: P, input: InputOf<P>) => {
  const outcome = await run(name, procedure, input)
  return outcome.ok ? 'answered' : outcome.refusal.code
}
const capture = async (name: Name, subject: number, variation = 0) =>
  (await call(name, 'capture.fromPicture', { picture: await drawPortrait(subject, variation) })).captureId
const id = (text: string) => text as never
const content = (changes: object = {}) => ({ step: 'details', id: 'R-1', name: 'Ada', form: { born: '1815-12-10' }, ...changes })
const newest = async () => (await call('Xenia', 'audit.list', { limit: 1 })).records[0]

beforeAll(async () => {
  station = await openTestStation()
  station.station.onEvent((name) => void events.push(name))
  const first = { role: 'administrator', door: 'socket' } as const
  for (const [name, role] of Object.entries(accounts)) {
    unwrap(await station.station.run('operator.add', { name, role, secret: secretOf(name) }, name === 'Xenia' ? first : identity('Xenia')))
    const signedIn = unwrap(await station.station.run('operator.signIn', { name, secret: secretOf(name) }, first)) as { session: string }
    sessions.set(name, signedIn.session)
  }
})
afterAll(() => station.close())

describe('the form', () => {
  it('is set by administrators, checked at enrolment, and shown as the policy says', async () => {
    const captureIds = [await capture('Olga', 0)]
    await call('Olga', 'subject.enrol', { id: id('before'), captureIds })
    await call('Sam', 'subject.erase', { id: id('before') })
    expect(await code('Sam', 'policy.setForm', { policy })).toBe('permission.denied')
    expect(
      await run('Xenia', 'policy.setForm', {
        policy: { ...policy, fields: [...policy.fields, { id: 'a', type: 'text', label, pattern: '(a+)\\1' }] },
      }),
    ).toMatchObject({
      refusal: { code: 'request.invalid', detail: 'a: pattern: "\\1" is not in the subset' },
    })
    expect(await call('Xenia', 'policy.setForm', { policy })).toMatchObject({ version: 1 })
    expect(await newest()).toMatchObject({ event: 'policy.setForm', details: { version: 1, fields: 4 } })
    expect(await call('Olga', 'policy.form', {})).toMatchObject({ version: 1, exceptions: { confirmedBy: 'supervisor' } })
    const refused = await run('Olga', 'subject.enrol', { id: 'number 1', form: { passport: 'c1', eyes: 'blue' }, captureIds })
    // The number is checked by the schema first.
    expect(refused).toMatchObject({ refusal: { code: 'request.invalid' } })
    expect(await run('Olga', 'subject.enrol', { id: 'Q-1', form: { passport: 'c1', eyes: 'blue', name: 'x' }, captureIds })).toMatchObject({
      refusal: { code: 'form.refused' },
      data: {
        problems: [
          { field: 'name', problem: 'unknown' },
          { field: 'number', problem: 'pattern' },
          { field: 'born', problem: 'missing' },
          { field: 'passport', problem: 'pattern' },
          { field: 'eyes', problem: 'unknown' },
        ],
      },
    })
    const given = { id: id('R-1'), name: 'Ada', form: { born: '1815-12-10', passport: 'c 0123 4567' }, captureIds }
    expect(await code('Olga', 'subject.enrol', { ...given, formVersion: 0 })).toBe('form.changed')
    await call('Olga', 'subject.enrol', { ...given, formVersion: 1 })
    expect(await newest()).toMatchObject({ event: 'subject.enrol', details: { formVersion: 1 } })
    expect((await call('Sam', 'subject.get', { id: id('R-1') })).form).toEqual({
      version: 1,
      values: { born: '1815-12-10', passport: 'C01234567' },
    })
    expect((await call('Olga', 'subject.get', { id: id('R-1') })).form).toEqual({ version: 1, values: { born: '1815-12-10' } })
    expect((await call('Auda', 'subject.get', { id: id('R-1') })).form).toEqual({ version: 1, values: {} })
    // A new capture alone needs no form; what was filled in stays.
    await call('Olga', 'subject.enrol', { id: id('R-1'), captureIds })
    expect((await call('Sam', 'subject.get', { id: id('R-1') })).form?.values).toEqual({ born: '1815-12-10', passport: 'C01234567' })
  })
})

describe('drafts', () => {
  it('outlive the face process, belong to their operator, and go with the enrolment', async () => {
    const [first, second] = [await capture('Olga', 1), await capture('Olga', 1, 1)]
    const { draft } = await call('Olga', 'draft.save', { content: content({ id: 'R-2' }), captureIds: [first] })
    await call('Olga', 'draft.save', { draft, content: content({ id: 'R-2', step: 'review' }), captureIds: [first, second] })
    const face = station.children.filter(({ entry }) => entry === 'face').at(-1)!.child
    const pid = face.pid!
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => station.children.filter(({ entry }) => entry === 'face').at(-1)!.child.pid === pid, { timeout: 20_000 })
      .toBe(false)
    await expect.poll(async () => (await call('Olga', 'health.get', {})).model_status.loaded, { timeout: 20_000 }).toBe(true)
    expect(await code('Olga', 'subject.enrol', { id: id('R-2'), name: 'Bea', form: { born: '1999-01-01' }, captureIds: [first] })).toBe(
      'capture.unknown',
    )
    // The draft holds what the process lost: it can be looked at, saved again and enrolled.
    const opened = await call('Olga', 'draft.open', { draft })
    expect(opened).toMatchObject({
      step: 'review',
      own: true,
      operator: 'Olga',
      captures: 2,
      outdated: 0,
      content: { form: { born: '1815-12-10' } },
    })
    expect(opened.captured.map(({ captureId, sample }) => [captureId, sample.length > 1000])).toEqual([
      [first, true],
      [second, true],
    ])
    await call('Olga', 'draft.save', { draft, content: content({ id: 'R-2' }), captureIds: [second, first] })
    expect(await code('Otto', 'draft.open', { draft })).toBe('draft.unknown')
    expect(await code('Otto', 'draft.discard', { draft })).toBe('draft.unknown')
    expect((await call('Otto', 'draft.list', {})).drafts).toEqual([])
    expect(await code('Otto', 'draft.list', { everybody: true })).toBe('permission.denied')
    expect((await call('Sam', 'draft.list', { everybody: true })).drafts).toMatchObject([{ draft, operator: 'Olga', own: false }])
    const enrolment = { id: id('R-2'), name: 'Bea', form: { born: '1999-01-01' }, captureIds: [first, second], draft }
    expect(await code('Otto', 'subject.enrol', enrolment)).toBe('draft.unknown')
    expect((await call('Olga', 'subject.enrol', enrolment)).references).toHaveLength(2)
    expect((await call('Olga', 'draft.list', {})).drafts).toEqual([])
    expect(await code('Olga', 'draft.open', { draft })).toBe('draft.unknown')
    expect((await call('Olga', 'gallery.identify', { captureId: await capture('Olga', 1, 2) })).candidates[0]?.id).toBe('R-2')
    const other = await call('Olga', 'draft.save', { content: content() })
    expect(await call('Sam', 'draft.discard', { draft: other.draft })).toMatchObject({ discarded: true })
    expect((await call('Olga', 'draft.list', {})).drafts).toEqual([])
  })

  it('keep the picture that proves an exception until it is taken away, decoded and encoded anew', async () => {
    const about = { content: content({ id: 'R-33', step: 'exception', exception: 'injury' }) }
    const { draft } = await call('Olga', 'draft.save', { ...about, proof: await drawPortrait(9, 0) })
    const proof = async () => (await call('Olga', 'draft.open', { draft })).proof
    const kept = await proof()
    expect([...(kept ?? []).slice(0, 2)]).toEqual([0xff, 0xd8])
    // Left out it stays, and one that is none changes nothing.
    await call('Olga', 'draft.save', { ...about, draft })
    expect(await code('Olga', 'draft.save', { ...about, draft, proof: new Uint8Array(100) })).toMatch(/^picture\./)
    expect(await proof()).toEqual(kept)
    await call('Olga', 'draft.save', { ...about, draft, proof: null })
    expect(await proof()).toBeNull()
    await call('Olga', 'draft.discard', { draft })
  })
})

describe('exceptions', () => {
  const asked = { id: id('R-3'), name: 'Cleo', form: { born: '1950-01-01' }, reason: 'injury', note: 'bandaged' } as const

  it('are proposed by operators, confirmed by supervisors, cannot be verified, and end with a capture', async () => {
    expect(await code('Olga', 'exception.propose', { ...asked, id: id('R-1') })).toBe('subject.exists')
    expect(await code('Olga', 'exception.propose', { ...asked, form: {} })).toBe('form.refused')
    expect(await code('Olga', 'exception.propose', { ...asked, proof: new Uint8Array(100) })).toMatch(/^picture\./)
    await call('Xenia', 'policy.enrolment', { proof: 'required' })
    expect(await code('Olga', 'exception.propose', asked)).toBe('exception.proofMissing')
    events.length = 0
    const proposed = await call('Olga', 'exception.propose', { ...asked, proof: await drawPortrait(9, 0) })
    expect(proposed).toMatchObject({ state: 'proposed', sequence: null })
    expect(events).toContain('inbox.changed')
    const item = proposed.item!
    expect(await code('Olga', 'subject.get', { id: asked.id })).toBe('subject.unknown')
    expect(await code('Olga', 'inbox.list', {})).toBe('permission.denied')
    expect(await call('Sam', 'inbox.list', {})).toMatchObject({
      waiting: 1,
      items: [
        {
          item,
          kind: 'exception',
          id: 'R-3',
          name: 'Cleo',
          operator: 'Olga',
          reason: 'injury',
          hasProof: true,
          note: 'bandaged',
          candidates: [],
        },
      ],
    })
    const open = await call('Sam', 'inbox.open', { item })
    expect(open).toMatchObject({ form: { born: '1950-01-01' }, formVersion: 1, captured: [] })
    expect([...(open.proof as Uint8Array).slice(0, 2)]).toEqual([0xff, 0xd8])
    expect(await run('Sam', 'inbox.decide', { item, decision: 'different', reason: 'other' })).toMatchObject({
      refusal: { code: 'inbox.decisionRefused', detail: 'possible: confirm, reject' },
    })
    expect(await call('Sam', 'inbox.decide', { item, decision: 'confirm', reason: 'proofChecked', note: 'passport seen' })).toMatchObject({
      id: 'R-3',
    })
    expect(await newest()).toMatchObject({
      event: 'inbox.decide',
      details: { kind: 'exception', decision: 'confirm', reason: 'proofChecked' },
    })
    expect((await call('Sam', 'inbox.list', {})).waiting).toBe(0)
    expect(await call('Olga', 'subject.search', { query: 'Cleo' })).toMatchObject({ subjects: [{ id: 'R-3', references: 0 }] })
    const shown = await call('Olga', 'subject.get', { id: asked.id })
    expect(shown).toMatchObject({ exception: { reason: 'injury', note: 'bandaged', hasProof: true }, decision: { note: 'passport seen' } })
    expect(shown.exception!.proposedBy).not.toBe(shown.exception!.confirmedBy)
    expect((await call('Auda', 'subject.get', { id: asked.id })).exception).toBeNull()
    expect((await call('Auda', 'exception.proof', { id: asked.id })).proof?.length).toBeGreaterThan(1000)
    const captureId = await capture('Olga', 9)
    expect(await code('Olga', 'subject.verify', { id: asked.id, captureId })).toBe('subject.exception')
    await call('Olga', 'subject.enrol', { id: asked.id, captureIds: [captureId] })
    expect((await call('Olga', 'subject.verify', { id: asked.id, captureId })).decision).toBe('match')
    expect((await call('Olga', 'subject.get', { id: asked.id })).exception).toBeNull()
    expect(await code('Olga', 'exception.proof', { id: asked.id })).toBe('subject.notException')
  })

  it('are enrolled at once where operators may confirm', async () => {
    await call('Xenia', 'policy.enrolment', { proof: 'optional', confirmedBy: 'operator' })
    expect(await call('Olga', 'exception.propose', { ...asked, id: id('R-4') })).toMatchObject({ state: 'enrolled', item: null })
    expect((await call('Olga', 'subject.get', { id: id('R-4') })).exception).toMatchObject({ hasProof: false })
    await call('Sam', 'subject.erase', { id: id('R-4') })
    await call('Xenia', 'policy.enrolment', { confirmedBy: 'supervisor' })
  })
})

describe('the inbox', () => {
  const asked = { name: 'Dora', form: { born: '1970-01-01' } }
  const leave = async (who: Name, number: string, subject: number, variation: number) =>
    await call(who, 'inbox.leave', { ...asked, id: id(number), captureIds: [await capture(who, subject, variation)], note: 'looks alike' })

  it('the same person: a new version of that subject, decided by somebody else than who left it', async () => {
    expect(await code('Olga', 'inbox.leave', { ...asked, id: id('R-5'), captureIds: [await capture('Olga', 5)] })).toBe('duplicate.none')
    const { draft } = await call('Sam', 'draft.save', { content: content({ id: 'R-5' }) })
    const captureIds = [await capture('Sam', 1, 2)]
    const { item, candidates } = await call('Sam', 'inbox.leave', { ...asked, id: id('R-5'), captureIds, draft })
    expect(candidates.map((candidate) => candidate.id)).toEqual(['R-2'])
    expect(await code('Sam', 'draft.open', { draft })).toBe('draft.unknown')
    const same = { item, decision: 'same', reason: 'samePerson' } as const
    expect(await code('Sam', 'inbox.decide', { ...same, subject: id('R-2') })).toBe('inbox.ownItem')
    expect(await code('Sue', 'inbox.decide', same)).toBe('inbox.decisionRefused')
    expect(await code('Sue', 'inbox.decide', { ...same, subject: id('R-1') })).toBe('inbox.decisionRefused')
    const open = await call('Sue', 'inbox.open', { item })
    expect(open).toMatchObject({ kind: 'duplicate', outdated: false, candidates: [{ id: 'R-2', fmr: expect.any(Number) }] })
    expect(open.captured[0]?.sample.length).toBeGreaterThan(1000)
    expect(await call('Sue', 'inbox.decide', { ...same, subject: id('R-2') })).toMatchObject({ id: 'R-2' })
    const subject = await call('Sue', 'subject.get', { id: id('R-2') })
    expect(subject).toMatchObject({ name: 'Bea', references: 1, decision: { decision: 'same', reason: 'samePerson' } })
    expect(subject.history.map(({ version, active }) => [version, active])).toContainEqual([2, true])
    expect(await code('Sue', 'subject.get', { id: id('R-5') })).toBe('subject.unknown')
    expect(await code('Sue', 'inbox.decide', { ...same, subject: id('R-2') })).toBe('draft.unknown')
  })

  it('different people: enrolled with the reason, unless somebody more looks alike by now', async () => {
    const { item } = await leave('Olga', 'R-6', 1, 1)
    const twin = { ...asked, id: id('R-7'), captureIds: [await capture('Olga', 1)], allowDuplicate: true }
    expect(await code('Olga', 'subject.enrol', twin)).toBe('permission.denied')
    await call('Sue', 'subject.enrol', { ...twin, captureIds: [await capture('Sue', 1)] })
    const different = { item, decision: 'different', reason: 'relatives', note: 'twins' } as const
    const refused = await run('Sam', 'inbox.decide', different)
    expect(refused).toMatchObject({ refusal: { code: 'inbox.newCandidates' } })
    expect((await call('Sam', 'inbox.open', { item })).candidates.map((candidate) => candidate.id).sort()).toEqual(['R-2', 'R-7'])
    expect(await call('Sam', 'inbox.decide', different)).toMatchObject({ id: 'R-6' })
    expect(await call('Sam', 'subject.get', { id: id('R-6') })).toMatchObject({
      name: 'Dora',
      form: { version: 1, values: { born: '1970-01-01' } },
      decision: { decision: 'different', reason: 'relatives', note: 'twins' },
    })
    expect(
      (await call('Sam', 'gallery.identify', { captureId: await capture('Sam', 1, 1) })).candidates.map((candidate) => candidate.id),
    ).toContain('R-6')
  })

  it('a number that was given away meanwhile is told, and a rejection leaves nothing', async () => {
    const { item } = await leave('Olga', 'R-8', 1, 1)
    await call('Olga', 'subject.enrol', { ...asked, id: id('R-8'), captureIds: [await capture('Olga', 6)] })
    expect(await code('Sam', 'inbox.decide', { item, decision: 'different', reason: 'other' })).toBe('subject.exists')
    expect(await call('Sam', 'inbox.decide', { item, decision: 'reject', reason: 'wrongData' })).toEqual({
      item,
      decision: 'reject',
      id: null,
      sequence: null,
    })
    expect((await call('Sam', 'inbox.list', {})).items).toEqual([])
    expect(await newest()).toMatchObject({ event: 'inbox.list' })
  })

  it('a supervisor decides at the desk of an operator, who stays signed in', async () => {
    const { item } = await leave('Olga', 'R-9', 1, 1)
    const here = (name: string, secret: string) => ({ item, decision: 'different', reason: 'relatives', name, secret }) as const
    expect(await code('Olga', 'inbox.decideHere', here('Auda', 'not her long password'))).toBe('signIn.wrong')
    expect(await code('Olga', 'inbox.decideHere', here('Otto', secretOf('Otto')))).toBe('permission.denied')
    expect((await call('Sue', 'inbox.list', {})).waiting).toBe(1)
    expect((await call('Sue', 'inbox.count', {})).waiting).toBe(1)
    expect(await code('Olga', 'inbox.count', {})).toBe('permission.denied')
    events.length = 0
    expect(await call('Olga', 'inbox.decideHere', here('Sue', secretOf('Sue')))).toMatchObject({ id: 'R-9' })
    expect(events).toContain('inbox.changed')
    expect(await call('Olga', 'operator.current', {})).toMatchObject({ state: 'signedIn', name: 'Olga', role: 'operator' })
    const { records } = await call('Xenia', 'audit.list', { limit: 3 })
    const [signedOut, decided, signedIn] = records
    expect([signedIn?.event, decided?.event, signedOut?.event]).toEqual(['operator.signIn', 'inbox.decideHere', 'operator.signOut'])
    const olga = (await call('Olga', 'operator.current', {})).operator
    expect(decided).toMatchObject({ actor: { role: 'supervisor' }, details: { decision: 'different', openedBy: olga } })
    expect(decided?.actor.operator).not.toBe(olga)
  })

  it('nobody decides on what they left themselves, whoever sits at the desk', async () => {
    const { item } = await leave('Sue', 'R-10', 1, 1)
    const decision = { item, decision: 'reject', reason: 'wrongData', name: 'Sue', secret: secretOf('Sue') } as const
    expect(await code('Olga', 'inbox.decideHere', decision)).toBe('inbox.ownItem')
    expect(await call('Olga', 'inbox.decideHere', { ...decision, name: 'Sam', secret: secretOf('Sam') })).toMatchObject({ id: null })
  })

  it('what waits carries the consent and the exemption that were given', async () => {
    await call('Xenia', 'consent.change', { texts: { en: 'May we?', de: 'Dürfen wir?' } })
    const captureIds = [await capture('Olga', 1, 1)]
    const wanted = { ...asked, id: id('R-11'), captureIds }
    expect(await code('Olga', 'inbox.leave', wanted)).toBe('consent.required')
    expect(await code('Olga', 'exception.propose', { ...asked, id: id('R-12'), reason: 'injury' })).toBe('consent.required')
    const consent = { consentVersion: 1, consentLanguage: 'de' } as const
    const { item } = await call('Olga', 'inbox.leave', { ...wanted, ...consent, exemption: 'wheelchair' })
    await call('Sam', 'inbox.decide', { item, decision: 'different', reason: 'relatives' })
    const subject = await call('Sam', 'subject.get', { id: id('R-11') })
    expect(subject).toMatchObject({ consents: [{ version: 1, language: 'de' }] })
    expect(subject.history[0]?.exemption).toMatchObject({ reason: 'wheelchair' })
    const proposed = await call('Olga', 'exception.propose', { ...asked, ...consent, id: id('R-12'), reason: 'injury' })
    await call('Sam', 'inbox.decide', { item: proposed.item!, decision: 'confirm', reason: 'proofChecked' })
    expect(await call('Sam', 'subject.get', { id: id('R-12') })).toMatchObject({ consents: [{ version: 1, language: 'de' }] })
    await call('Xenia', 'consent.change', { texts: {} })
  })

  it('numbers are proposed where the form takes them, free ones, and nobody gets the number of somebody else', async () => {
    expect((await call('Olga', 'policy.form', {})).numbers).toBe('station')
    // The form of before takes a letter and digits only.
    expect(await call('Olga', 'subject.proposeNumber', {})).toEqual({ number: null })
    const [number, ...rest] = policy.fields
    const { pattern: _, ...open } = number as { pattern?: string } & typeof number
    await call('Xenia', 'policy.setForm', { policy: { ...policy, fields: [open as never, ...rest] } })
    const { number: proposed } = await call('Olga', 'subject.proposeNumber', {})
    expect(proposed).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect((await call('Olga', 'subject.proposeNumber', {})).number).not.toBe(proposed)
    await call('Xenia', 'policy.setForm', { policy })
    const taken = { id: id('R-1'), captureIds: [await capture('Olga', 0, 2)], newSubject: true }
    const before = (await call('Sam', 'subject.get', { id: id('R-1') })).history.length
    expect(await code('Olga', 'subject.enrol', taken)).toBe('subject.exists')
    expect(await code('Olga', 'inbox.leave', taken)).toBe('subject.exists')
    expect((await call('Sam', 'subject.get', { id: id('R-1') })).history).toHaveLength(before)
    expect(await call('Xenia', 'policy.enrolment', { numbers: 'site' })).toMatchObject({ numbers: 'site' })
    expect((await call('Olga', 'policy.form', {})).numbers).toBe('site')
    await call('Xenia', 'policy.enrolment', { numbers: 'station' })
  })

  it('nothing of all this stands in the audit chain, and the vault is whole', async () => {
    const records: unknown[] = []
    for (let before: number | undefined; ; ) {
      const page = await call('Xenia', 'audit.list', { limit: 1000, ...(before === undefined ? {} : { before }) })
      records.push(...page.records)
      if (page.next === null) break
      before = page.next
    }
    expect(JSON.stringify(records)).not.toMatch(/Ada|Bea|Cleo|Dora|R-\d|1815-12|C0123|bandaged|twins/)
    expect(await call('Xenia', 'vault.maintain', { thorough: true })).toMatchObject({ ok: true })
    expect((await call('Xenia', 'audit.verify', {})).ok).toBe(true)
  })
})
