import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Job } from '../../src/contract/jobs.ts'
import type { AuditEntry } from '../../src/contract/records.ts'
import { databasePath } from '../../src/vault/folder.ts'
import { parseHeader } from '../../src/vault/header.ts'
import { rekeyVault } from '../../src/vault/rekey.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  filesWith,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const actor = { role: 'administrator', door: 'ipc' } as const
const rotateEntry: AuditEntry = { event: 'vault.rotate', actor, outcome: 'done' }
const rekeyEntry: AuditEntry = { event: 'vault.rekey', actor, outcome: 'done' }
const ids = Array.from({ length: 300 }, (_, no) => `R-${no}`)

function enrol(vault: Vault, id: string): void {
  vault.enrolments.commit({ id, name: `Name of ${id}`, references: [referenceOf(id, { sample: bytesOf(id, 50) })], audit: enrolEntry })
}

async function filled(folder: string, wanted: readonly string[] = ids): Promise<Vault> {
  const vault = await newVault(folder)
  for (const id of wanted) enrol(vault, id)
  vault.storedTemplates.commit({ id: 'T-1', model, template: templateOf('T-1'), metadata: { of: 'T-1' }, audit: storeEntry })
  return vault
}

function expectAll(vault: Vault, wanted: readonly string[] = ids): void {
  for (const id of wanted) {
    expect(vault.subjects.get(id)?.name).toBe(`Name of ${id}`)
    expect(vault.references.ofSubject(id, model)?.[0]?.template).toEqual(templateOf(id))
    expect(Buffer.compare(vault.references.newestSample(id)!, bytesOf(id, 50))).toBe(0)
  }
  expect(vault.storedTemplates.retrieve('T-1')?.metadata).toEqual({ of: 'T-1' })
  expect(vault.audit.verify().ok).toBe(true)
}

function finished(vault: Vault, begun: Job): Job {
  let job = begun
  while (job.state === 'running') job = vault.rotation.step(job.id)
  return job
}

async function contentOf(folder: string) {
  const raw = await rawDatabase(folder)
  const content = {
    epochs: raw.prepare<[], { epoch: number; salt: Buffer }>('SELECT epoch, salt FROM epochs ORDER BY epoch').all(),
    wrapped: raw.prepare<[], Buffer>('SELECT wrapped FROM subject_keys ORDER BY subject_no').pluck().all(),
    keyEpochs: raw.prepare<[], number>('SELECT DISTINCT key_epoch FROM subject_keys').pluck().all(),
    sealed: raw
      .prepare<[], Buffer>(
        'SELECT sealed FROM subject_references UNION ALL SELECT sealed FROM samples UNION ALL SELECT identity_sealed FROM subjects',
      )
      .pluck()
      .all(),
  }
  raw.close()
  return content
}

describe.each([
  ['rotation', false],
  ['deep rotation', true],
] as const)('%s', (_, deep) => {
  it('moves every key to a new epoch while others read and write, and destroys the old one', async () => {
    const folder = temporaryFolder()
    let vault = await filled(folder)
    vault.close()
    const before = await contentOf(folder)
    vault = await reopened(folder)
    let job = vault.rotation.begin({ deep, audit: rotateEntry })
    expect(job).toMatchObject({ kind: deep ? 'rotateDeep' : 'rotate', state: 'running', done: 0, total: 301, owner: 'administrator' })
    vault.enrolments.commit({ id: 'new', references: [referenceOf('new')], audit: enrolEntry })
    job = vault.rotation.step(job.id, 256)
    expect(job.done).toBe(deep ? 1 : 256)
    vault.erasures.erase({ id: 'R-299', audit: { ...enrolEntry, event: 'subject.erase' } })
    vault.enrolments.commit({ id: 'R-298', references: [referenceOf('R-298', { sample: bytesOf('R-298', 50) })], audit: enrolEntry })
    expect(vault.subjects.get('R-299')).toBeUndefined()
    job = finished(vault, job)
    expect(job).toMatchObject({ state: 'done', done: 300, total: 300, error: null })
    expectAll(vault, ids.slice(0, -1))
    vault.close()
    const after = await contentOf(folder)
    expect(after.epochs.map(({ epoch }) => epoch)).toEqual([2])
    expect(after.keyEpochs).toEqual([2])
    // What the old epoch wrapped, and its salt, are nowhere any more; sealed data stays as it was unless its key is new.
    for (const bytes of before.wrapped) expect(after.wrapped.some((now) => now.equals(bytes))).toBe(false)
    expect(filesWith(folder, before.epochs[0]!.salt)).toEqual([])
    const kept = new Set(after.sealed.map((bytes) => bytes.toString('hex')))
    const same = before.sealed.filter((bytes) => kept.has(bytes.toString('hex'))).length
    expect(same).toBe(deep ? 0 : before.sealed.length - 3)
    const again = await reopened(folder)
    expectAll(again, ids.slice(0, -1))
  })

  it('goes on where it was when the vault is opened again', async () => {
    const folder = temporaryFolder()
    const vault = await filled(folder)
    const { id } = vault.rotation.begin({ deep, audit: rotateEntry })
    vault.rotation.step(id, 256)
    vault.close()
    const again = await reopened(folder)
    const [job] = again.jobs.list()
    expect(job).toMatchObject({ id, state: 'running', done: deep ? 1 : 256 })
    expectAll(again)
    expect(finished(again, job!)).toMatchObject({ state: 'done', done: 301 })
    expectAll(again)
  })
})

describe('rekey', () => {
  async function rekeyed(vault: Vault, progressMin = 3): Promise<Vault> {
    const { id } = vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, rekeyEntry)
    const counts: number[] = []
    const next = await rekeyVault(vault, {
      jobId: id,
      audit: rekeyEntry,
      signal: new AbortController().signal,
      onProgress: (done, total) => counts.push(done / total),
    })
    expect(next.jobs.get(id).state).toBe('done')
    expect(counts.length).toBeGreaterThanOrEqual(progressMin)
    expect(counts.every((share, at) => share <= 1 && share > (counts[at - 1] ?? 0))).toBe(true)
    return next
  }

  it('gives the pages another key and changes nothing else; also a second time', async () => {
    const folder = temporaryFolder()
    let vault = await filled(folder)
    const pages = readFileSync(databasePath(folder))
    for (let generation = 1; generation <= 2; generation++) {
      const former = vault
      vault = await rekeyed(vault)
      expect(await codeOf(() => former.galleries.counts())).toBe('vault.locked')
      expect(parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8')).page?.generation).toBe(generation)
      expectAll(vault)
    }
    vault.enrolments.commit({ id: 'after', references: [referenceOf('after')], audit: enrolEntry })
    vault.close()
    const now = readFileSync(databasePath(folder))
    expect(now.includes(pages.subarray(8192, 8192 + 64))).toBe(false)
    const again = await reopened(folder)
    expectAll(again)
    expect(again.subjects.get('after')).toBeDefined()
    // Numbers that were used are not used again.
    expect(again.enrolments.commit({ id: 'next', references: [referenceOf('next')], audit: enrolEntry }).referenceNos[0]).toBe(303)
  })

  it('that was cut off at any step leaves the old vault or the new one', async () => {
    const folder = temporaryFolder()
    const few = ids.slice(0, 20)
    let vault = await filled(folder, few)
    const { id: vaultId } = vault
    vault.close()
    const file = (name: string) => join(folder, name)
    const former = { header: readFileSync(file('vault.json')), database: readFileSync(file('vault.db')) }
    vault = await reopened(folder)
    vault = await rekeyed(vault, 0)
    vault.close()
    const later = { header: readFileSync(file('vault.json')), database: readFileSync(file('vault.db')) }
    const copy = `vault-${vaultId}.page-1.db`
    const hotJournal = Buffer.concat([Buffer.from('d9d505f920a163d7', 'hex'), Buffer.alloc(8200)])
    const steps: Record<string, { files: Record<string, Buffer>; generation: number | undefined }> = {
      'a copy that is not complete': {
        files: { 'vault.json': former.header, 'vault.db': former.database, [copy]: later.database.subarray(0, 20_000) },
        generation: undefined,
      },
      'a copy that the header does not name': {
        files: { 'vault.json': former.header, 'vault.db': former.database, [copy]: later.database },
        generation: undefined,
      },
      'a header to come': {
        files: { 'vault.json': former.header, 'vault.db': former.database, [`vault-${vaultId}.next.json`]: later.header.subarray(0, 9) },
        generation: undefined,
      },
      'a copy that the header names': {
        files: { 'vault.json': later.header, 'vault.db': former.database, [copy]: later.database, 'vault.db-journal': Buffer.alloc(0) },
        generation: 1,
      },
      'a copy that the header names, with the journal of the last step': {
        files: { 'vault.json': later.header, 'vault.db': former.database, [copy]: later.database, 'vault.db-journal': hotJournal },
        generation: 1,
      },
      'a copy without the old file': { files: { 'vault.json': later.header, [copy]: later.database }, generation: 1 },
    }
    for (const [step, { files, generation }] of Object.entries(steps)) {
      for (const name of readdirSync(folder)) rmSync(file(name))
      for (const [name, content] of Object.entries(files)) writeFileSync(file(name), content, { mode: 0o600 })
      const opened = await reopened(folder)
      expectAll(opened, few)
      opened.close()
      expect([step, readdirSync(folder).sort()]).toEqual([step, ['vault.db', 'vault.json']])
      expect([step, parseHeader(readFileSync(file('vault.json'), 'utf8')).page?.generation]).toEqual([step, generation])
    }
  })

  it('lets nothing that bears the name of a copy take the place of a database that is whole', async () => {
    const folder = temporaryFolder()
    const few = ids.slice(0, 10)
    let vault = await rekeyed(await filled(folder, few.slice(0, 5)), 0)
    const copy = join(folder, `vault-${vault.id}.page-1.db`)
    vault.close()
    const older = readFileSync(join(folder, 'vault.db'))
    vault = await reopened(folder)
    for (const id of few.slice(5)) enrol(vault, id)
    vault.close()
    for (const put of [() => writeFileSync(copy, older), () => writeFileSync(copy, 'not a database'), () => mkdirSync(copy)]) {
      put()
      const opened = await reopened(folder)
      expectAll(opened, few)
      opened.close()
      expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    }
    rmSync(join(folder, 'vault.db'))
    writeFileSync(copy, 'not a database')
    expect(await codeOf(() => reopened(folder))).toBe('vault.damaged')
    expect(readdirSync(folder).sort()).toEqual([basename(copy), 'vault.json'])
  })

  it('refuses writes meanwhile, answers reads, and leaves the vault as it was when it is given up', async () => {
    const folder = temporaryFolder()
    const vault = await filled(folder)
    const { id } = vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, rekeyEntry)
    const abort = new AbortController()
    const seen: (string | undefined)[] = []
    const running = rekeyVault(vault, {
      jobId: id,
      audit: rekeyEntry,
      signal: abort.signal,
      onProgress: () => {
        seen.push(vault.subjects.get('R-1')?.name ?? undefined)
        try {
          vault.enrolments.commit({ id: 'meanwhile', references: [referenceOf('m')], audit: enrolEntry })
        } catch (error) {
          seen.push(error instanceof Error && 'code' in error ? String(error.code) : 'bug')
        }
        abort.abort()
      },
    })
    await expect(running).rejects.toThrow(/abort/i)
    expect(seen).toEqual(['Name of R-1', 'vault.busy'])
    vault.enrolments.commit({ id: 'later', references: [referenceOf('l')], audit: enrolEntry })
    expectAll(vault)
    vault.close()
    expect(parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8')).page).toBeUndefined()
    expectAll(await reopened(folder))
  })
})

describe('a step of a rotation', () => {
  it('does not wait for the disk, and everything after it does again, also where the step fails', async () => {
    const vault = await filled(temporaryFolder(), ids.slice(0, 20))
    const { parts, over } = vault.lendForCopy()
    over()
    const { database } = parts
    const waits = () => database.pragma('synchronous', { simple: true })
    const [normal, full] = [1, 2]
    const seen: unknown[] = []
    const advance = vault.jobs.advance.bind(vault.jobs)
    vi.spyOn(vault.jobs, 'advance').mockImplementation((...change) => {
      seen.push(waits())
      return advance(...change)
    })
    const { id } = vault.rotation.begin({ deep: false, audit: rotateEntry })
    expect(waits()).toBe(full)
    expect(vault.rotation.step(id, 8)).toMatchObject({ state: 'running', done: 8 })
    expect([seen.splice(0), waits()]).toEqual([[normal], full])
    expect(await codeOf(() => vault.rotation.step('no such job'))).toBe('job.unknown')
    expect(waits()).toBe(full)
    while (vault.rotation.step(id).state === 'running');
    // The last one ends the job, and waits.
    expect(seen.at(-1)).toBe(full)
    vault.close()
  })
})
