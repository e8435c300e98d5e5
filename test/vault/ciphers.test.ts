import { createSecretKey, getCiphers, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SealAlgorithm } from '../../src/contract/types.ts'
import { ciphers, javaScriptCiphers, nodeCiphers, nodeHas } from '../../src/vault/ciphers.ts'
import { type Place, Sealer, unseal, unsealFor } from '../../src/vault/seal.ts'
import { codeOf, enrolEntry, newVault, rawDatabase, referenceOf, reopened, templateOf, temporaryFolder } from './fixtures.ts'

const algorithms = SealAlgorithm.options
const place: Place = ['table', 'column', 7, 'bound']
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 })

describe.each(algorithms)('%s', (algorithm) => {
  it('has the same bytes from node:crypto and without it, and either opens what the other sealed', ({ skip }) => {
    if (!nodeHas(algorithm)) return skip(`this node:crypto has no ${algorithm}`)
    fc.assert(
      fc.property(bytes, nonce, fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 3000 }), (key, iv, aad, plain) => {
        const object = createSecretKey(Buffer.from(key))
        const ours = javaScriptCiphers[algorithm].seal(object, iv, aad, plain)
        const theirs = nodeCiphers[algorithm].seal(object, iv, aad, plain)
        expect(ours.sealed.equals(theirs.sealed) && ours.tag.equals(theirs.tag)).toBe(true)
        for (const aead of [javaScriptCiphers[algorithm], nodeCiphers[algorithm]]) {
          expect(new Uint8Array(aead.unseal(object, iv, aad, ours.sealed, ours.tag) ?? [])).toEqual(plain)
          const wrong = Buffer.from(ours.tag)
          wrong[plain.length % 16]! ^= 1
          expect(aead.unseal(object, iv, aad, ours.sealed, wrong)).toBeUndefined()
        }
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['node:crypto', nodeCiphers],
    ['JavaScript', javaScriptCiphers],
  ] as const)('seals and opens by %s, and opens nothing that was changed', (_, implementations) => {
    const key = createSecretKey(randomBytes(32))
    const sealer = new Sealer(randomBytes, { algorithm, implementations })
    const aad = Buffer.from('somewhere')
    const sealed = sealer.sealFor(key, aad, Buffer.from('a template'))
    expect(sealed.algorithm).toBe(algorithm)
    expect(unsealFor(key, aad, sealed, implementations)?.toString()).toBe('a template')
    for (const part of ['nonce', 'sealed', 'tag'] as const) {
      for (let at = 0; at < sealed[part].length; at++) {
        const changed = Buffer.from(sealed[part])
        changed[at]! ^= 0x80
        expect(unsealFor(key, aad, { ...sealed, [part]: changed }, implementations)).toBeUndefined()
      }
    }
    expect(unsealFor(key, Buffer.from('elsewhere'), sealed, implementations)).toBeUndefined()
  })
})

it('an algorithm that node:crypto has is taken from it', () => {
  expect(ciphers.A256GCM).toBe(getCiphers().includes('aes-256-gcm') ? nodeCiphers.A256GCM : javaScriptCiphers.A256GCM)
  expect(ciphers.C20P).toBe(nodeHas('C20P') ? nodeCiphers.C20P : javaScriptCiphers.C20P)
})

it('a record under another algorithm name does not open', async () => {
  const key = createSecretKey(randomBytes(32))
  const sealed = new Sealer(randomBytes, { algorithm: 'C20P' }).seal(key, place, Buffer.from('a template'))
  for (const algorithm of ['A256GCM', 'none', '', 'constructor', '__proto__']) {
    expect(await codeOf(() => unseal(key, place, { ...sealed, algorithm }))).toBe('vault.damaged')
  }
})

it('new values get the algorithm of the vault, and those of the other stay readable', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const entry = { ...enrolEntry, event: 'vault.setAlgorithm' } as const
  vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
  vault.sealing.setAlgorithm('C20P', entry)
  vault.enrolments.commit({ id: 'R-2', name: 'Bob', references: [referenceOf('b')], audit: enrolEntry })
  vault.close()
  const raw = await rawDatabase(folder)
  const names = raw.prepare<[], string>('SELECT algorithm FROM subject_references ORDER BY reference_no').pluck().all()
  expect(names).toEqual(['A256GCM', 'C20P'])
  raw.close()
  const again = await reopened(folder)
  expect(again.sealing.algorithm).toBe('C20P')
  expect([again.subjects.get('R-1')?.name, again.subjects.get('R-2')?.name]).toEqual(['Ada', 'Bob'])
  expect(again.references.byNo([1, 2]).map(({ template }) => template)).toEqual([templateOf('a'), templateOf('b')])
  expect(again.audit.verify()).toEqual({ ok: true, records: 3, firstBad: null })
})
