/** Versions of references: rolled back, removed, swept; samples as they are kept. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { initVault, openVault } from '../../src/vault/open.ts'
import { decodeSample, encodeSample } from '../../src/vault/sampleEncoding.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  codeOf,
  enrolEntry,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  passphrase,
  rawDatabase,
  readEntry,
  referenceOf,
  reopened,
  rowsHeld,
  startMs,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const rollBackEntry: AuditEntry = { event: 'reference.rollBack', actor: { role: 'supervisor', door: 'ipc' }, outcome: 'done' }
const removeEntry: AuditEntry = { ...rollBackEntry, event: 'reference.remove' }
const sweepEntry: AuditEntry = { ...rollBackEntry, event: 'retention.sweep' }

const enrol = (vault: Vault, id: string, ...seeds: string[]) =>
  vault.enrolments.commit({ id, references: seeds.map((seed) => referenceOf(seed)), audit: enrolEntry })
const galleryNos = (vault: Vault) => [...vault.galleries.load(model, 100).batches].flatMap((batch) => [...batch.referenceNos])

describe('rolling back', () => {
  it('makes an older version active again, in one change of the gallery, and a capture goes on from the highest version', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    enrol(vault, 'R-1', 'a', 'b')
    enrol(vault, 'R-2', 'x')
    enrol(vault, 'R-1', 'c')
    const change = vault.versions.rollBack({ id: 'R-1', version: 1, audit: rollBackEntry })
    expect(change).toEqual({
      sequence: 4,
      referenceNos: [1, 2],
      removedReferenceNos: [4],
      added: [
        { referenceNo: 1, template: templateOf('a') },
        { referenceNo: 2, template: templateOf('b') },
      ],
    })
    expect(galleryNos(vault).sort()).toEqual([1, 2, 3])
    expect(vault.galleries.counts()).toEqual({ subjects: 2, references: 3, sequence: 4 })
    expect(Buffer.from(vault.references.newestSample('R-1')!)).toEqual(bytesOf('b picture', 5000))
    enrol(vault, 'R-1', 'd')
    expect(vault.references.history('R-1').map(({ version, active }) => [version, active])).toEqual([
      [1, false],
      [1, false],
      [2, false],
      [3, true],
    ])
    vault.close()
    const again = await reopened(folder)
    expect(await again.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
    expect(again.audit.verify()).toMatchObject({ ok: true, records: 5 })
  })

  it('is seen through sealed segments', async () => {
    const vault = await newVault(temporaryFolder(), 'demo', 4)
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) enrol(vault, `R-${seed}`, seed)
    enrol(vault, 'R-a', 'a2')
    const given = async () => {
      const { rows, inBlocks } = await handedOver(vault, galleryModelOf(model))
      expect(rows).toEqual(rowsHeld(vault, galleryModelOf(model)))
      return { numbers: [...rows.keys()].sort(), inBlocks }
    }
    await vault.galleries.seal(galleryModelOf(model))
    expect(await given()).toEqual({ numbers: [2, 3, 4, 5, 6, 7], inBlocks: 3 })
    vault.versions.rollBack({ id: 'R-a', version: 1, audit: rollBackEntry })
    expect(await given()).toEqual({ numbers: [1, 2, 3, 4, 5, 6], inBlocks: 3 })
    await vault.galleries.seal(galleryModelOf(model))
    expect(await given()).toEqual({ numbers: [1, 2, 3, 4, 5, 6], inBlocks: 4 })
  })

  it('is refused for what is not there or is active, and changes nothing', async () => {
    const vault = await newVault(temporaryFolder())
    enrol(vault, 'R-1', 'a')
    const roll = (id: string, version: number) => codeOf(() => vault.versions.rollBack({ id, version, audit: rollBackEntry }))
    expect(await roll('R-9', 1)).toBe('subject.unknown')
    expect(await roll('R-1', 2)).toBe('reference.unknown')
    expect(await roll('R-1', 1)).toBe('reference.active')
    expect(vault.galleries.counts().sequence).toBe(1)
  })
})

describe('removing', () => {
  it('deletes a superseded version and the segment in which it may be, never the active one', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder, 'demo', 2)
    for (const seed of ['a', 'b', 'c']) enrol(vault, `R-${seed}`, seed)
    await vault.galleries.seal(galleryModelOf(model))
    enrol(vault, 'R-a', 'a2')
    expect(readdirSync(join(folder, 'gallery'))).toHaveLength(1)
    expect(await codeOf(() => vault.versions.remove({ id: 'R-a', version: 2, audit: removeEntry }))).toBe('reference.active')
    expect(vault.versions.remove({ id: 'R-a', version: 1, audit: removeEntry })).toEqual({ removed: 1 })
    expect(readdirSync(join(folder, 'gallery'))).toHaveLength(0)
    expect(vault.references.history('R-a').map(({ version }) => version)).toEqual([2])
    expect(await codeOf(() => vault.versions.remove({ id: 'R-a', version: 1, audit: removeEntry }))).toBe('reference.unknown')
    expect(galleryNos(vault)).toEqual([2, 3, 4])
    expect(await vault.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
  })
})

describe('retention', () => {
  it('keeps everything until it is told otherwise, then deletes what was superseded long enough ago', async () => {
    const folder = temporaryFolder()
    let nowMs = startMs
    const day = 24 * 60 * 60_000
    const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: () => nowMs })
    for (let no = 0; no < 250; no++) enrol(vault, `R-${no}`, `${no}`)
    nowMs += 10 * day
    for (let no = 0; no < 240; no++) enrol(vault, `R-${no}`, `${no} again`)
    nowMs += 5 * day
    for (let no = 0; no < 10; no++) enrol(vault, `R-${no}`, `${no} once more`)
    expect(vault.versions.due()).toEqual({ days: null, due: 0 })
    expect(await vault.versions.sweep(sweepEntry)).toEqual({ removed: 0 })
    vault.settings.change({ name: 'retention.supersededDays', value: 3, audit: readEntry })
    expect(vault.versions.due()).toEqual({ days: 3, due: 240 })
    expect(await vault.versions.sweep(sweepEntry)).toEqual({ removed: 240 })
    expect(vault.versions.due()).toEqual({ days: 3, due: 0 })
    expect(vault.references.history('R-5').map(({ version }) => version)).toEqual([2, 3])
    expect(vault.references.history('R-245').map(({ version }) => version)).toEqual([1])
    nowMs += 3 * day
    expect(vault.versions.due().due).toBe(10)
    expect(await vault.upkeep.run({ thorough: true })).toMatchObject({ ok: true })
    vault.close()
  })
})

describe('samples', () => {
  it('are kept as they are where they are pictures, and compressed otherwise', () => {
    const text = Buffer.from('landmarks '.repeat(500))
    const jpeg = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), Buffer.alloc(2000)])
    const webp = Buffer.concat([Buffer.from('RIFF0000WEBP'), Buffer.alloc(2000)])
    for (const picture of [jpeg, webp]) expect(encodeSample(picture)).toEqual({ encoding: 'plain', bytes: picture })
    expect(encodeSample(bytesOf('a', 3000)).encoding).toBe('plain')
    for (const withZstd of [true, false]) {
      const { encoding, bytes } = encodeSample(text, withZstd)
      expect(encoding).toBe(withZstd ? 'zstd' : 'deflate')
      expect(bytes.length).toBeLessThan(500)
      expect(Buffer.from(decodeSample(encoding, bytes))).toEqual(text)
    }
  })

  it('come back as they were stored, and an encoding that was changed is damage', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    const text = Buffer.from('landmarks '.repeat(500))
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a', { sample: text })], audit: enrolEntry })
    expect(Buffer.from(vault.references.newestSample('R-1')!)).toEqual(text)
    vault.close()
    const raw = await rawDatabase(folder)
    expect(raw.prepare('SELECT encoding FROM samples').pluck().get()).toBe('zstd')
    raw.exec(`UPDATE samples SET encoding = 'plain'`)
    raw.close()
    const again = await reopened(folder)
    expect(await codeOf(() => again.references.newestSample('R-1'))).toBe('vault.damaged')
  })

  it('are not stored at all by policy', async () => {
    const vault = await newVault(temporaryFolder())
    vault.settings.change({ name: 'samples.kept', value: false, audit: readEntry })
    enrol(vault, 'R-1', 'a')
    vault.enrolments.commitBatch({ entries: [{ id: 'R-2', references: [referenceOf('b')] }], audit: enrolEntry })
    expect([vault.references.newestSample('R-1'), vault.references.newestSample('R-2')]).toEqual([null, null])
    vault.settings.change({ name: 'samples.kept', value: true, audit: readEntry })
    enrol(vault, 'R-1', 'c')
    expect(vault.references.newestSample('R-1')).not.toBeNull()
  })
})

it('nothing that is only kept to be fast is needed after a reopening', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (const seed of ['a', 'b', 'c']) enrol(vault, `R-${seed}`, seed)
  const before = vault.subjects.all()
  expect(vault.subjects.all()).toEqual(before)
  expect(vault.references.ofSubject('R-b', model)).toMatchObject([{ template: templateOf('b') }])
  expect(existsSync(join(folder, 'gallery'))).toBe(false)
  vault.close()
  const again = await openVault({ folder, passphrase, nowMs: Date.now })
  expect(again.subjects.all()).toEqual(before)
  again.close()
})
