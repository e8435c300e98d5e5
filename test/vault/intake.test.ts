/** What the enrolment desk keeps in the vault: forms, records of subjects, drafts, and what waits for a supervisor. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FormPolicy, formFormat } from '../../src/contract/form.ts'
import { DraftContent, intakeLimits, type WaitingContent } from '../../src/contract/intake.ts'
import { noLiveness } from '../../src/contract/liveness.ts'
import type { KeptCapture } from '../../src/contract/processes.ts'
import type { AuditEntry } from '../../src/contract/records.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { initVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  clock,
  codeOf,
  decrypted,
  enrolEntry,
  eraseEntry,
  model,
  newVault,
  passphrase,
  rawDatabase,
  referenceOf,
  reopened,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const entry = (event: AuditEntry['event']): AuditEntry => ({
  event,
  actor: { role: 'operator', door: 'ipc', operator: 'ada' },
  outcome: 'done',
})
const label = { en: 'Born' }
const policy = FormPolicy.parse({
  format: formFormat,
  fields: [
    { id: 'number', type: 'text', label, required: true },
    { id: 'born', type: 'date', label },
  ],
})
const content = (changes: Partial<DraftContent> = {}) =>
  DraftContent.parse({ step: 'details', id: 'R-1', name: 'Ada', form: { born: '1815-12-10' }, ...changes })

function captureOf(seed: string): KeptCapture {
  const { pad, captureSource, quality } = referenceOf(seed)
  const summary = { captureSource, pad, liveness: noLiveness, width: 640, height: 480, box: { x: 1, y: 2, width: 3, height: 4 } }
  return {
    captureId: `capture-of-${seed}-0000000`,
    summary: { ...summary, detectionScore: 0.9, facesInPicture: 1, quality: quality! },
    sample: {
      captureSource,
      pad,
      liveness: noLiveness,
      quality: quality!,
      picture: new Uint8Array(bytesOf(seed, 3000)),
      model,
      template: templateOf(seed),
    },
  }
}

const save = (vault: Vault, owner: string | null, seed = 'a', changes: Partial<DraftContent> = {}) =>
  vault.drafts.save({ owner, content: content(changes), captures: [captureOf(seed)], proof: null, audit: entry('draft.save') })
const own = (id: string, owner: string | null) => ({ id, states: ['draft'], owner }) as const
const waiting: WaitingContent = {
  id: 'R-9',
  name: 'Ada',
  form: { born: '1815-12-10' },
  formVersion: 0,
  note: 'a note',
  known: false,
  fmr: 1e-3,
}
const leave = (vault: Vault, candidates: string[], changes: Partial<WaitingContent> = {}) =>
  vault.drafts.leave({
    state: 'duplicate',
    owner: 'ada',
    content: { ...waiting, ...changes },
    captures: [captureOf('w')],
    proof: null,
    candidates: candidates.map((id, at) => ({ id, comparisonScore: 0.9 - at / 10 })),
    audit: entry('inbox.leave'),
  })
const item = (id: string) => ({ id, states: ['duplicate', 'exception'], owner: 'everybody' }) as const
const enrol = (vault: Vault, id: string) => vault.enrolments.commit({ id, name: 'Ada', references: [referenceOf(id)], audit: enrolEntry })
const problems = async (vault: Vault) => (await vault.upkeep.run({ thorough: true })).checks.flatMap((check) => check.problems)

async function blobsOf(folder: string, ...queries: string[]): Promise<Buffer[]> {
  const raw = await rawDatabase(folder)
  const blobs = queries.flatMap((query) => raw.prepare<[], Buffer>(query).pluck().all())
  raw.close()
  return blobs
}
const found = (file: Buffer, blobs: readonly Buffer[]) => blobs.filter((blob) => file.includes(blob.subarray(0, 24))).length

describe('forms', () => {
  it('keep every version, and a subject says by which one it was checked', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    expect(vault.forms.current()).toMatchObject({ version: 0, setAt: null })
    expect(vault.forms.set(policy, entry('policy.setForm'))).toMatchObject({ version: 1 })
    const form = { version: 1, values: { born: '1815-12-10' } }
    vault.enrolments.commit({ id: 'R-1', name: 'Ada', form, references: [referenceOf('a')], audit: enrolEntry })
    vault.forms.set({ ...policy, fields: policy.fields.slice(0, 1) }, entry('policy.setForm'))
    // A version without a form leaves it as it is.
    enrol(vault, 'R-1')
    vault.close()
    const again = await reopened(folder)
    expect(again.forms.current()).toMatchObject({ version: 2, policy: { fields: [{ id: 'number' }] } })
    expect(again.forms.version(1)?.policy).toEqual(policy)
    expect(again.forms.version(3)).toBeUndefined()
    expect(again.subjects.intakeOf('R-1')).toEqual({ form, exception: null, decision: null })
    expect(again.subjects.intakeOf('R-2')).toBeUndefined()
    expect(again.audit.verify().ok).toBe(true)
    expect(await problems(again)).toEqual([])
  })

  it('a policy that was changed behind the vault is not taken', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.forms.set(policy, entry('policy.setForm'))
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec(`UPDATE form_policies SET policy = '{}'`)
    raw.close()
    const again = await reopened(folder)
    expect(await codeOf(() => again.forms.current())).toBe('vault.damaged')
  })
})

describe('records of a subject', () => {
  it('outlive a deep rotation and a backup, and their seals are looked at', async () => {
    const [folder, backups, target] = [temporaryFolder(), temporaryFolder(), join(temporaryFolder(), 'restored')]
    const vault = await newVault(folder)
    const form = { version: 0, values: { born: '1815-12-10' } }
    vault.enrolments.commit({ id: 'R-1', form, references: [referenceOf('a')], audit: enrolEntry })
    const kept = { reason: 'injury', note: 'a note', proposedBy: null, confirmedBy: null } as const
    vault.enrolments.commitException({
      id: 'R-2',
      name: 'Bea',
      exception: { kept, proof: bytesOf('proof', 2000) },
      audit: entry('exception.propose'),
    })
    save(vault, 'ada')
    let job = vault.rotation.begin({ deep: true, audit: { ...enrolEntry, event: 'vault.rotate' } })
    while (job.state === 'running') job = vault.rotation.step(job.id)
    expect(vault.upkeep.unsealAll('R-1')).toBe(4)
    await vault.backups.backUp({ folder: backups, audit: { ...enrolEntry, event: 'vault.backUp' } })
    expect(await problems(vault)).toEqual([])
    const audit = { ...enrolEntry, event: 'vault.restore' } as const
    await restoreVault({ from: backups, folder: target, passphrase, audit, nowMs: clock() })
    const restored = await reopened(target)
    expect(restored.subjects.intakeOf('R-1')?.form).toEqual(form)
    expect(restored.subjects.intakeOf('R-2')?.exception).toMatchObject({ ...kept, hasProof: true })
    expect(Buffer.from(restored.subjects.exceptionProof('R-2')!)).toEqual(bytesOf('proof', 2000))
    // No copy may outlive a draft.
    expect(restored.drafts.list({ states: ['draft'], owner: 'everybody', limit: 10, after: 0 }).records).toEqual([])
    expect(await problems(restored)).toEqual([])
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec(`UPDATE subject_records SET sealed = x'00' WHERE kind = 'form'`)
    raw.close()
    expect(await problems(await reopened(folder))).toEqual([expect.stringContaining('subject_records.sealed')])
  })

  it('an exception is a subject without a reference until a face is captured', async () => {
    const vault = await newVault(temporaryFolder())
    const kept = { reason: 'injury', note: '', proposedBy: 'ada', confirmedBy: 'bea' } as const
    const exception = { kept, proof: bytesOf('proof', 2000) }
    const propose = (id: string) =>
      vault.enrolments.commitException({ id, name: 'Cleo Case', exception, audit: entry('exception.propose') })
    expect(propose('R-1')).toMatchObject({ sequence: 1, referenceNos: [], removedReferenceNos: [] })
    expect(await codeOf(() => propose('R-1'))).toBe('subject.exists')
    expect(vault.galleries.counts()).toMatchObject({ subjects: 1, references: 0 })
    expect(vault.subjects.search({ query: 'cleo', limit: 5, after: 0 }).subjects).toMatchObject([{ id: 'R-1', references: 0 }])
    expect(vault.references.ofSubject('R-1', model)).toEqual([])
    expect(await problems(vault)).toEqual([])
    enrol(vault, 'R-1')
    expect(vault.subjects.intakeOf('R-1')?.exception).toBeNull()
    expect(await codeOf(() => vault.subjects.exceptionProof('R-1'))).toBe('subject.notException')
    propose('R-2')
    vault.enrolments.commitBatch({ entries: [{ id: 'R-2', references: [referenceOf('b')] }], audit: enrolEntry })
    expect(vault.subjects.intakeOf('R-2')?.exception).toBeNull()
    expect(await problems(vault)).toEqual([])
  })

  it('an erasure takes them, what was begun of the subject, and the subject as a candidate, to the last byte', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const form = { version: 0, values: { born: '1815-12-10' } }
    for (const id of ['R-1', 'R-2']) {
      const decision = { decision: 'different', reason: 'relatives', note: 'twins', by: null } as const
      vault.enrolments.commit({ id, name: 'Ada', form, decision, references: [referenceOf(id)], audit: enrolEntry })
    }
    save(vault, 'ada', 'a', { id: 'R-1' })
    save(vault, 'ada', 'b', { id: 'R-2' })
    leave(vault, ['R-2'], { id: 'R-1', known: true })
    const left = leave(vault, ['R-1', 'R-2'])
    vault.close()
    const ofOne = `(SELECT subject_no FROM subjects WHERE audit_id = '${await auditIdIn(folder, 0)}')`
    const blobs = await blobsOf(
      folder,
      `SELECT sealed FROM subject_records WHERE subject_no = ${ofOne}`,
      'SELECT sealed FROM drafts WHERE draft_no IN (1, 3)',
      'SELECT key_wrapped FROM drafts WHERE draft_no IN (1, 3)',
    )
    expect(blobs).toHaveLength(6)
    expect(found(await decrypted(folder), blobs)).toBe(6)
    const again = await reopened(folder)
    expect(again.erasures.erase({ id: 'R-1', audit: eraseEntry }).logEmptied).toBe(true)
    expect(again.drafts.list({ states: ['draft'], owner: 'everybody', limit: 9, after: 0 }).records).toMatchObject([
      { content: { id: 'R-2' } },
    ])
    expect(again.drafts.waiting()).toBe(1)
    expect(again.drafts.candidatesOf(left).map(({ id }) => id)).toEqual(['R-2'])
    expect(await problems(again)).toEqual([])
    again.close()
    expect(found(await decrypted(folder), blobs)).toBe(0)
  })
})

async function auditIdIn(folder: string, at: number): Promise<string> {
  const raw = await rawDatabase(folder)
  const ids = raw.prepare<[], string>('SELECT audit_id FROM subjects ORDER BY subject_no').pluck().all()
  raw.close()
  return ids[at] as string
}

describe('drafts', () => {
  it('outlive a crash whole, are of their operator, and go with the enrolment that completes them', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const { id, ...saved } = save(vault, 'ada')
    expect(saved).toMatchObject({ state: 'draft', owner: 'ada', content: content(), captures: [captureOf('a')], proof: null })
    const renewed = vault.drafts.save({
      id,
      owner: 'ada',
      content: content({ step: 'review' }),
      captures: [captureOf('a'), captureOf('b')],
      proof: bytesOf('proof', 2000),
      audit: entry('draft.save'),
    })
    expect(renewed.id).toBe(id)
    for (const owner of ['bea', null]) {
      expect(await codeOf(() => vault.drafts.open(own(id, owner)))).toBe('draft.unknown')
      expect(await codeOf(() => vault.drafts.discard(own(id, owner), entry('draft.discard')))).toBe('draft.unknown')
      expect(vault.drafts.list({ states: ['draft'], owner, limit: 9, after: 0 }).records).toEqual([])
    }
    vault.close()
    const again = await reopened(folder)
    const opened = again.drafts.open<DraftContent>(own(id, 'ada'))
    expect(opened).toMatchObject({ content: { step: 'review' }, captures: [captureOf('a'), captureOf('b')] })
    expect(Buffer.from(opened.proof ?? []).equals(bytesOf('proof', 2000))).toBe(true)
    // A draft that is not theirs stops the whole enrolment.
    const change = { id: 'R-1', references: [referenceOf('a')], audit: enrolEntry }
    expect(await codeOf(() => again.enrolments.commit({ ...change, takes: own(id, 'bea') }))).toBe('draft.unknown')
    expect(again.subjects.get('R-1')).toBeUndefined()
    again.enrolments.commit({ ...change, takes: own(id, 'ada') })
    expect(again.subjects.get('R-1')).toBeDefined()
    expect(await codeOf(() => again.drafts.open(own(id, 'ada')))).toBe('draft.unknown')
    expect(await codeOf(() => again.enrolments.commit({ ...change, id: 'R-2', takes: own(id, 'ada') }))).toBe('draft.unknown')
    // Only that it was begun, and that it was completed, stands in the chain; nothing of what was filled in.
    const { records } = await again.audit.page({ limit: 10 })
    expect(records.map(({ event }) => event)).toEqual(['subject.enrol', 'draft.save'])
    expect(JSON.stringify(records)).not.toMatch(/Ada|1815|R-1/)
    expect(await problems(again)).toEqual([])
  })

  it('leave no byte when they are discarded', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const { id } = save(vault, null)
    vault.close()
    const blobs = await blobsOf(folder, 'SELECT sealed FROM drafts', 'SELECT key_wrapped FROM drafts')
    expect(found(await decrypted(folder), blobs)).toBe(2)
    const again = await reopened(folder)
    again.drafts.discard(own(id, null), entry('draft.discard'))
    again.close()
    expect(found(await decrypted(folder), blobs)).toBe(0)
  })

  it('expire, and the maintenance takes them away with an entry that names nobody', async () => {
    let nowMs = Date.UTC(2031, 4, 6)
    const vault = await initVault({ folder: temporaryFolder(), key: 'passphrase', passphrase, kind: 'demo', nowMs: () => nowMs })
    vault.settings.change({ name: 'drafts.keptHours', value: 2, audit: entry('policy.enrolment') })
    const first = save(vault, 'ada')
    const left = leave(vault, [])
    nowMs += 2 * 60 * 60_000 - 1
    const second = save(vault, 'ada')
    expect(vault.drafts.open(own(first.id, 'ada')).id).toBe(first.id)
    nowMs += 1
    expect(await codeOf(() => vault.drafts.open(own(first.id, 'ada')))).toBe('draft.unknown')
    expect(vault.drafts.list({ states: ['draft'], owner: 'ada', limit: 9, after: 0 }).records.map(({ id }) => id)).toEqual([second.id])
    await vault.upkeep.run({ thorough: false })
    expect((await vault.audit.page({ limit: 1 })).records[0]).toMatchObject({
      event: 'draft.discard',
      details: { byItself: true, drafts: 1, waiting: 0 },
    })
    expect(vault.drafts.open(item(left)).id).toBe(left)
    nowMs += intakeLimits.waitingDaysDefault * 24 * 60 * 60_000
    expect(vault.drafts.sweep()).toEqual({ removed: 2, nextMs: undefined })
    expect(await codeOf(() => vault.drafts.open(item(left)))).toBe('draft.unknown')
    expect(vault.audit.verify().ok).toBe(true)
    vault.close()
  })

  it('have limits', async () => {
    const vault = await newVault(temporaryFolder())
    for (let no = 0; no < intakeLimits.draftsPerOwnerMax; no++) {
      vault.drafts.save({ owner: 'ada', content: content(), captures: [], proof: null, audit: entry('draft.save') })
    }
    expect(await codeOf(() => save(vault, 'ada'))).toBe('draft.tooMany')
    const { id } = save(vault, 'bea')
    const large = { ...captureOf('a'), sample: { ...captureOf('a').sample, picture: new Uint8Array(intakeLimits.draftBytesMax) } }
    expect(
      await codeOf(() =>
        vault.drafts.save({ id, owner: 'bea', content: content(), captures: [large], proof: null, audit: entry('draft.save') }),
      ),
    ).toBe('request.tooLarge')
    expect(vault.drafts.open(own(id, 'bea')).captures).toHaveLength(1)
    const pages: string[][] = []
    for (let after: number | null = 0; after !== null; ) {
      const page: { records: { id: string }[]; after: number | null } = vault.drafts.list({
        states: ['draft'],
        owner: 'ada',
        limit: 20,
        after,
      })
      pages.push(page.records.map((record) => record.id))
      after = page.after
    }
    expect(pages.map((page) => page.length)).toEqual([20, 20, 10])
    expect(new Set(pages.flat()).size).toBe(50)
  })

  it('are found changed: another place, another owner, an older row', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const { id } = save(vault, 'ada')
    save(vault, 'bea', 'b')
    vault.close()
    const harm: readonly string[] = [
      `UPDATE drafts SET owner = 'eve' WHERE draft_no = 1`,
      `UPDATE drafts SET state = 'duplicate' WHERE draft_no = 1`,
      `UPDATE drafts SET expires_ms = expires_ms + 1 WHERE draft_no = 1`,
      `UPDATE drafts SET id_index = x'00' WHERE draft_no = 1`,
      `UPDATE drafts SET sealed = (SELECT sealed FROM drafts WHERE draft_no = 2) WHERE draft_no = 1`,
      `UPDATE drafts SET key_wrapped = (SELECT key_wrapped FROM drafts WHERE draft_no = 2) WHERE draft_no = 1`,
    ]
    for (const sql of harm) {
      const copy = temporaryFolder()
      for (const name of ['vault.db', 'vault.json']) copyFileSync(join(folder, name), join(copy, name))
      const raw = await rawDatabase(copy)
      raw.exec(sql)
      raw.close()
      expect([sql, await problems(await reopened(copy))]).toEqual([sql, [expect.stringMatching(/^drafts\./)]])
    }
    // What waits under the digest of the rows is refused at once where it is older.
    const raw = await rawDatabase(folder, { digest: 'kept' })
    raw.exec(`DELETE FROM drafts WHERE draft_id = '${id}'`)
    raw.close()
    expect(await codeOf(() => reopened(folder))).toBe('vault.damaged')
  })
})
