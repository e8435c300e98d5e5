/** References of several models beside each other: made from stored samples, found apart, and taken away again. */
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  eraseEntry,
  model,
  newVault,
  referenceOf,
  reopened,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const other = 'other@2.0.0'
const actor = { role: 'administrator', door: 'command' } as const
const reembedEntry: AuditEntry = { event: 'model.reembed', actor, outcome: 'done' }
const removeEntry: AuditEntry = { event: 'model.remove', actor, outcome: 'done' }

const enrol = (vault: Vault, id: string, pictures = 1, seed = id) =>
  vault.enrolments.commit({
    id,
    references: Array.from({ length: pictures }, (_, at) => referenceOf(`${seed}/${at}`, { sample: bytesOf(`${seed}/${at}`, 500) })),
    audit: enrolEntry,
  })

/** What a model makes of a sample: here something that depends on its bytes. */
const made = (picture: Uint8Array) => templateOf(Buffer.from(picture).toString('hex').slice(0, 40), 64)

function run(vault: Vault, id: string, stepsMax = Number.POSITIVE_INFINITY, refuse: number[] = []): string {
  for (let step = 0; step < stepsMax; step++) {
    const { samples } = vault.models.next(id, 2)
    const { job } = vault.models.commit(
      id,
      samples.map(({ referenceNo, picture }) => ({ referenceNo, template: refuse.includes(referenceNo) ? null : made(picture) })),
    )
    if (job.state !== 'running') return job.state
  }
  return 'running'
}

const begin = (vault: Vault, to = other) => vault.models.begin({ model: to, pack: 'other', audit: reembedEntry })

function galleryOf(vault: Vault, of: string): number[] {
  return [...vault.galleries.load(of, 100).batches].flatMap(({ referenceNos }) => [...referenceNos])
}

describe('references of another model', () => {
  it('are made from the samples, beside the old ones, and each gallery has its own', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'A', 2)
    enrol(vault, 'B')
    const job = begin(vault)
    expect(job).toMatchObject({ kind: 'reembed', total: 3, state: 'running' })
    expect(vault.models.packOf(job.id)).toBe('other')
    expect(vault.models.missing(other)).toBe(2)
    expect(run(vault, job.id)).toBe('done')
    expect(vault.models.missing(other)).toBe(0)
    expect(vault.models.missing(model)).toBe(0)
    expect(vault.models.counts()).toEqual([
      { model, references: 3 },
      { model: other, references: 3 },
    ])
    expect(galleryOf(vault, model)).toEqual([1, 2, 3])
    expect(galleryOf(vault, other)).toEqual([4, 5, 6])
    expect(vault.references.ofSubject('A', other)!.map(({ template }) => template)).toEqual([
      made(bytesOf('A/0', 500)),
      made(bytesOf('A/1', 500)),
    ])
    expect(vault.references.ofSubject('A', model)!.length).toBe(2)
    expect(vault.references.history('A').map(({ version, active, quality }) => [version, active, quality?.qualityScore])).toEqual(
      Array.from({ length: 4 }, () => [1, true, 0.9]),
    )
    expect(vault.galleries.counts()).toMatchObject({ subjects: 2, references: 6 })
    expect((await vault.upkeep.run({ thorough: true })).checks.flatMap(({ problems }) => problems)).toEqual([])
    // Nothing is made twice.
    expect(begin(vault).total).toBe(0)
  })

  it('go on after the vault was closed in the middle, and come to who was enrolled meanwhile', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (const id of ['A', 'B', 'C', 'D', 'E']) enrol(vault, id)
    const job = begin(vault)
    expect(run(vault, job.id, 1)).toBe('running')
    expect(vault.jobs.get(job.id).done).toBe(2)
    enrol(vault, 'F')
    enrol(vault, 'A', 1, 'A again')
    vault.erasures.erase({ id: 'C', audit: eraseEntry })
    vault.close()
    const again = await reopened(folder)
    expect(run(again, job.id)).toBe('done')
    expect(again.models.missing(other)).toBe(0)
    expect(again.references.ofSubject('A', other)![0]!.template).toEqual(made(bytesOf('A again/0', 500)))
    expect((await again.audit.page({ limit: 1 } as never)).records[0]).toMatchObject({
      event: 'model.reembed',
      details: { made: 6, failed: 0, missing: 0 },
    })
  })

  it('are left out where a sample cannot be used or its reference has left, and counted as missing', async () => {
    const vault = await newVault(temporaryFolder())
    for (const id of ['A', 'B', 'C']) enrol(vault, id)
    vault.storedTemplates.commit({ id: 'stored', model, template: templateOf('s'), metadata: {}, audit: storeEntry })
    const job = begin(vault)
    const { samples } = vault.models.next(job.id, 3)
    expect(samples.length).toBe(3)
    enrol(vault, 'B', 1, 'B again')
    vault.models.commit(
      job.id,
      samples.map(({ referenceNo, picture }) => ({ referenceNo, template: referenceNo === 1 ? null : made(picture) })),
    )
    expect(run(vault, job.id)).toBe('done')
    // A could not be used, B came again under its new number, the stored template has no sample.
    expect(vault.models.missing(other)).toBe(2)
    expect(galleryOf(vault, other).length).toBe(2)
    expect(await codeOf(() => vault.models.commit(job.id, [{ referenceNo: 2, template: Float32Array.of(Number.NaN) }]))).toBe(
      'template.invalid',
    )
  })

  it('go with their subject, and with its older version', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'A')
    enrol(vault, 'B')
    run(vault, begin(vault).id)
    const change = enrol(vault, 'A', 1, 'A again')
    expect([...change.removedReferenceNos].sort()).toEqual([1, 3])
    expect(vault.models.missing(other)).toBe(1)
    const back = vault.versions.rollBack({ id: 'A', version: 1, audit: enrolEntry })
    expect([...back.referenceNos].sort()).toEqual([1, 3])
    expect(vault.models.missing(other)).toBe(0)
    expect([...vault.erasures.erase({ id: 'A', audit: eraseEntry }).removedReferenceNos].sort()).toEqual([1, 3])
    expect(galleryOf(vault, other)).toEqual([4])
  })
})

describe('the references of a model', () => {
  it('are taken away, and their samples stay with what was made from them', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'A', 2)
    enrol(vault, 'B')
    run(vault, begin(vault).id)
    const heard: number[][] = []
    const removed = await vault.models.remove({ model, active: other, audit: removeEntry }, async ({ removedReferenceNos }) => {
      heard.push([...removedReferenceNos])
    })
    expect(removed).toEqual({ removed: 3 })
    expect(heard).toEqual([[1, 2, 3]])
    expect(vault.models.counts()).toEqual([{ model: other, references: 3 }])
    expect(Buffer.from(vault.references.newestSample('B')!)).toEqual(bytesOf('B/0', 500))
    // From those samples a third model, or the first one again, can be made.
    expect(run(vault, begin(vault, model).id)).toBe('done')
    expect(vault.models.missing(model)).toBe(0)
    expect((await vault.upkeep.run({ thorough: true })).ok).toBe(true)
    expect(vault.audit.verify().ok).toBe(true)
  })

  it('stay where a subject has nothing else', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'A')
    enrol(vault, 'B')
    run(vault, begin(vault).id, 1, [1])
    const remove = () => vault.models.remove({ model, active: other, audit: removeEntry }, async () => undefined)
    expect(await codeOf(remove)).toBe('model.referencesMissing')
    expect(galleryOf(vault, model)).toEqual([1, 2])
  })
})
