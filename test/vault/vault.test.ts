import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noLabel } from '../../src/contract/label.ts'
import type { VaultPort } from '../../src/operations/ports.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  eraseEntry,
  fingerprint,
  model,
  newVault,
  readEntry,
  referenceOf,
  reopened,
  startMs,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const collect = (vault: Vault, wanted = model, batchRows = 2) => {
  const { sequence, rows, batches } = vault.galleries.load(wanted, batchRows)
  const all = [...batches].map((batch) => ({ referenceNos: [...batch.referenceNos], templates: [...batch.templates] }))
  return { sequence, rows, referenceNos: all.flatMap((batch) => batch.referenceNos), templates: all.flatMap((batch) => batch.templates) }
}

describe('enrolment', () => {
  it('keeps what was enrolled over a reopening', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const change = vault.enrolments.commit({
      id: 'R-1',
      name: 'Ada Example',
      references: [referenceOf('a'), referenceOf('b', { sample: null, quality: null })],
      audit: enrolEntry,
    })
    expect(change).toEqual({ sequence: 1, referenceNos: [1, 2], removedReferenceNos: [] })
    vault.close()

    const again: VaultPort = await reopened(folder)
    expect(again.kind).toBe('demo')
    expect(again.subjects.get('R-1')).toEqual({ id: 'R-1', name: 'Ada Example', createdAt: expect.any(String), references: 2 })
    expect(Date.parse(again.subjects.get('R-1')!.createdAt)).toBeGreaterThan(startMs)
    expect(again.references.byNo([2, 1, 3])).toEqual([
      { referenceNo: 2, subjectId: 'R-1', model, template: templateOf('b'), label: noLabel },
      { referenceNo: 1, subjectId: 'R-1', model, template: templateOf('a'), label: noLabel },
    ])
    expect(again.references.ofSubject('R-1', model)?.map((reference) => reference.referenceNo)).toEqual([1, 2])
    expect(again.references.ofSubject('R-1', 'other@1.0.0')).toEqual([])
    expect(again.references.ofSubject('R-2', model)).toBeUndefined()
    expect(Buffer.from(again.references.newestSample('R-1')!)).toEqual(bytesOf('a picture', 5000))
    expect(again.galleries.counts()).toEqual({ subjects: 1, references: 2, sequence: 1 })
    expect(again.subjects.auditIdOf('R-1')).toMatch(/^[0-9a-f-]{36}$/)
    expect(again.subjects.auditIdOf('R-2')).toBeUndefined()
  })

  it('supersedes older versions, which leave the gallery and stay stored', async () => {
    const vault = await newVault(temporaryFolder())
    vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
    vault.enrolments.commit({ id: 'R-2', references: [referenceOf('x')], audit: enrolEntry })
    const change = vault.enrolments.commit({ id: 'R-1', references: [referenceOf('b', { pad: 'passed' })], audit: enrolEntry })
    expect(change).toEqual({ sequence: 3, referenceNos: [3], removedReferenceNos: [1] })
    expect(vault.references.history('R-1')).toMatchObject([
      { referenceNo: 1, version: 1, active: false, pad: 'notAssessed', quality: { components: { interEyeDistance: { raw: 80 } } } },
      { referenceNo: 3, version: 2, active: true, pad: 'passed' },
    ])
    expect(vault.references.byNo([1, 2, 3]).map((reference) => reference.referenceNo)).toEqual([2, 3])
    expect(vault.subjects.get('R-1')).toMatchObject({ name: 'Ada', references: 1 })
    vault.enrolments.commit({ id: 'R-1', name: 'Ada Lovelace', references: [referenceOf('c')], audit: enrolEntry })
    expect(vault.subjects.all().map((subject) => [subject.id, subject.name])).toEqual([
      ['R-1', 'Ada Lovelace'],
      ['R-2', null],
    ])
    expect(vault.galleries.counts()).toEqual({ subjects: 2, references: 2, sequence: 4 })
  })

  it('writes nothing of a commit that is refused', async () => {
    const vault = await newVault(temporaryFolder(), 'real')
    const simulated = referenceOf('a', { captureSource: 'simulated' })
    expect(await codeOf(() => vault.enrolments.commit({ id: 'R-1', references: [simulated], audit: enrolEntry }))).toBe(
      'capture.simulatedRefused',
    )
    const broken = referenceOf('a', { template: Float32Array.of(1, Number.NaN) })
    expect(await codeOf(() => vault.enrolments.commit({ id: 'R-1', references: [referenceOf('b'), broken], audit: enrolEntry }))).toBe(
      'template.invalid',
    )
    const tooMuch = { ...enrolEntry, details: { note: 'x'.repeat(5000) } }
    expect(() => vault.enrolments.commit({ id: 'R-1', references: [referenceOf('b')], audit: tooMuch })).toThrow(RangeError)
    expect(vault.galleries.counts()).toEqual({ subjects: 0, references: 0, sequence: 0 })
    expect(vault.subjects.get('R-1')).toBeUndefined()
    expect(vault.audit.verify()).toEqual({ ok: true, records: 0, firstBad: null })
  })
})

describe('erasure', () => {
  it('removes everything and never uses a number again', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    vault.enrolments.commit({ id: 'R-2', references: [referenceOf('b')], audit: enrolEntry })
    const auditId = vault.subjects.auditIdOf('R-2')
    expect(vault.erasures.erase({ id: 'R-2', audit: eraseEntry })).toMatchObject({
      sequence: 3,
      referenceNos: [],
      removedReferenceNos: [2],
      logEmptied: true,
    })
    expect(statSync(join(folder, 'vault.db-wal')).size).toBe(0)
    expect(vault.subjects.get('R-2')).toBeUndefined()
    expect(vault.references.history('R-2')).toEqual([])
    expect(vault.references.newestSample('R-2')).toBeNull()
    expect(vault.references.byNo([2])).toEqual([])
    expect(await codeOf(() => vault.erasures.erase({ id: 'R-2', audit: eraseEntry }))).toBe('subject.unknown')
    const again = vault.enrolments.commit({ id: 'R-2', references: [referenceOf('c')], audit: enrolEntry })
    expect(again).toEqual({ sequence: 4, referenceNos: [3], removedReferenceNos: [] })
    expect(vault.subjects.auditIdOf('R-2')).not.toBe(auditId)
    expect(vault.audit.verify()).toEqual({ ok: true, records: 4, firstBad: null })
  })
})

describe('stored templates', () => {
  it('gives back what was stored, the newest version, and nothing of enrolled subjects', async () => {
    const vault = await newVault(temporaryFolder())
    const store = (id: string, seed: string, metadata: Record<string, unknown>) =>
      vault.storedTemplates.commit({ id, model, template: templateOf(seed), metadata, audit: storeEntry })
    const first = store('T-1', 'a', { list: ['x'], ünïcode: true })
    expect(vault.storedTemplates.retrieve('T-1')).toEqual({
      id: 'T-1',
      data: templateOf('a'),
      metadata: { list: ['x'], ünïcode: true },
      createdAt: first.createdAt,
    })
    expect(store('T-1', 'b', {})).toMatchObject({ sequence: 2, referenceNos: [2], removedReferenceNos: [1] })
    expect(vault.storedTemplates.retrieve('T-1')).toMatchObject({ data: templateOf('b'), metadata: {} })
    expect(vault.storedTemplates.retrieve('T-2')).toBeUndefined()

    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('c')], audit: enrolEntry })
    expect(vault.storedTemplates.retrieve('R-1')).toBeUndefined()
    expect(await codeOf(() => store('R-1', 'd', {}))).toBe('template.idTaken')
    vault.enrolments.commit({ id: 'T-1', references: [referenceOf('e')], audit: enrolEntry })
    expect(vault.storedTemplates.retrieve('T-1')).toBeUndefined()
    expect(vault.references.history('T-1')).toHaveLength(3)
  })
})

describe('gallery', () => {
  it('comes in batches of one sequence, only active references of the model', async () => {
    const vault = await newVault(temporaryFolder())
    expect(collect(vault)).toEqual({ sequence: 0, rows: 0, referenceNos: [], templates: [] })
    for (const seed of ['a', 'b', 'c', 'd', 'e'])
      vault.enrolments.commit({ id: `R-${seed}`, references: [referenceOf(seed)], audit: enrolEntry })
    vault.enrolments.commit({ id: 'R-other', references: [referenceOf('o', { model: 'other@1.0.0' })], audit: enrolEntry })
    vault.enrolments.commit({ id: 'R-b', references: [referenceOf('b2'), referenceOf('b3')], audit: enrolEntry })
    const seeds = ['a', 'c', 'd', 'e', 'b2', 'b3']
    expect(collect(vault)).toEqual({
      sequence: 7,
      rows: 6,
      referenceNos: [1, 3, 4, 5, 7, 8],
      templates: seeds.flatMap((seed) => [...templateOf(seed)]),
    })
    expect(collect(vault, 'other@1.0.0')).toMatchObject({ rows: 1, referenceNos: [6] })
  })

  it('stays at its sequence while changes are committed between batches', async () => {
    const vault = await newVault(temporaryFolder())
    for (const seed of ['a', 'b', 'c', 'd'])
      vault.enrolments.commit({ id: `R-${seed}`, references: [referenceOf(seed)], audit: enrolEntry })
    const { sequence, batches } = vault.galleries.load(model, 1)
    const seen: number[] = []
    for (const batch of batches) {
      seen.push(...batch.referenceNos)
      if (seen.length !== 1) continue
      vault.enrolments.commit({ id: 'R-b', references: [referenceOf('b2')], audit: enrolEntry })
      vault.erasures.erase({ id: 'R-c', audit: eraseEntry })
    }
    expect(sequence).toBe(4)
    expect(seen).toEqual([1, 2, 4])
  })
})

describe('closing', () => {
  it('leaves two private files, and refuses everything afterwards', async () => {
    const folder = join(temporaryFolder(), 'data')
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    vault.audit.append(readEntry)
    expect(statSync(join(folder, 'vault.db-wal')).mode & 0o777).toBe(0o600)
    vault.close()
    vault.close()
    expect(Object.keys(fingerprint(folder))).toEqual(['vault.db', 'vault.json'])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ['vault.db', 'vault.json']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(await codeOf(() => vault.galleries.counts())).toBe('vault.locked')
    expect(await codeOf(() => vault.audit.append(readEntry))).toBe('vault.locked')
  })
})
