import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Place, Sealer, unseal } from '../../src/vault/seal.ts'
import {
  codeOf,
  enrolEntry,
  model,
  newVault,
  rawDatabase,
  referenceOf,
  reopened,
  storeEntry,
  templateOf,
  temporaryFolder,
} from './fixtures.ts'

const key = createSecretKey(randomBytes(32))
const place: Place = ['table', 'column', 7, 'bound', 1, null]

describe('sealed values', () => {
  it('come back as they were, with a nonce of their own', () => {
    const sealer = new Sealer(randomBytes)
    const nonces = new Set<string>()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (plain) => {
        const sealed = sealer.seal(key, place, plain)
        nonces.add(sealed.nonce.toString('hex'))
        expect(sealed.sealed).toHaveLength(plain.length)
        expect(new Uint8Array(unseal(key, place, sealed))).toEqual(plain)
      }),
      { numRuns: 700 },
    )
    expect(nonces.size).toBeGreaterThanOrEqual(700)
  })

  it('open nowhere else and not when a bit is changed', async () => {
    const sealed = new Sealer(randomBytes).seal(key, place, Buffer.from('a template'))
    const refused = async (changed: Partial<typeof sealed>, at: Place = place, by = key) =>
      expect(await codeOf(() => unseal(by, at, { ...sealed, ...changed }))).toBe('vault.damaged')
    for (let at = 0; at < place.length; at++) await refused({}, place.with(at, 'other') as unknown as Place)
    await refused({}, ['table', 'column', 7, 'bound', 1])
    await refused({}, place, createSecretKey(randomBytes(32)))
    await refused({ algorithm: 'A128GCM' })
    await refused({ tag: sealed.tag.subarray(0, 12) })
    await refused({ nonce: Buffer.concat([sealed.nonce, Buffer.alloc(4)]) })
    for (const part of ['nonce', 'sealed', 'tag'] as const) {
      for (let at = 0; at < sealed[part].length; at++) {
        const bytes = Buffer.from(sealed[part])
        bytes[at]! ^= 0x10
        await refused({ [part]: bytes })
      }
    }
  })
})

describe('rows that somebody with the page key changed', () => {
  const changes: Record<string, string> = {
    'a template moved to another reference': `UPDATE subject_references SET (nonce, tag, sealed) =
      (SELECT nonce, tag, sealed FROM subject_references WHERE reference_no = 2) WHERE reference_no = 1`,
    'a reference given to another subject': 'UPDATE subject_references SET subject_no = 2 WHERE reference_no = 1',
    'another model': `UPDATE subject_references SET model = 'other@1.0.0'`,
    'another version': 'UPDATE subject_references SET version = 9',
    'another capture source': `UPDATE subject_references SET capture_source = 'camera'`,
    'another outcome of attack detection': `UPDATE subject_references SET pad = 'passed'`,
    'a key moved to another subject': `UPDATE subject_keys SET (nonce, tag, wrapped) =
      (SELECT nonce, tag, wrapped FROM subject_keys WHERE subject_no = 2) WHERE subject_no = 1`,
  }

  it.each(Object.keys(changes))('are told: %s', async (name) => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (const id of ['R-1', 'R-2']) vault.enrolments.commit({ id, references: [referenceOf(id)], audit: enrolEntry })
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec(changes[name]!)
    raw.close()
    const again = await reopened(folder)
    const readAll = () => [...again.galleries.load(model, 10).batches, ...again.galleries.load('other@1.0.0', 10).batches]
    expect(await codeOf(readAll)).toBe('vault.damaged')
    expect(await codeOf(() => again.references.byNo([1]))).toBe('vault.damaged')
  })

  it('samples, names and metadata too', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    for (const id of ['R-1', 'R-2'])
      vault.enrolments.commit({ id, name: `Name of ${id}`, references: [referenceOf(id)], audit: enrolEntry })
    for (const id of ['T-1', 'T-2'])
      vault.storedTemplates.commit({ id, model, template: templateOf(id), metadata: { of: id }, audit: storeEntry })
    vault.close()
    const raw = await rawDatabase(folder)
    raw.exec(`UPDATE samples SET sealed = (SELECT sealed FROM samples WHERE reference_no = 2) WHERE reference_no = 1;
      UPDATE subjects SET (identity_nonce, identity_tag, identity_sealed) =
        (SELECT identity_nonce, identity_tag, identity_sealed FROM subjects WHERE subject_no = 2) WHERE subject_no = 1;
      UPDATE subject_references SET (nonce, tag, sealed) =
        (SELECT nonce, tag, sealed FROM subject_references WHERE reference_no = 4) WHERE reference_no = 3`)
    raw.close()
    const again = await reopened(folder)
    for (const read of [
      () => again.references.newestSample('R-1'),
      () => again.subjects.get('R-1'),
      () => again.subjects.all(),
      () => again.storedTemplates.retrieve('T-1'),
    ]) {
      expect(await codeOf(read)).toBe('vault.damaged')
    }
    expect(again.subjects.get('R-2')?.name).toBe('Name of R-2')
    expect(again.references.newestSample('R-2')).not.toBeNull()
    expect(again.storedTemplates.retrieve('T-2')?.metadata).toEqual({ of: 'T-2' })
  })
})
