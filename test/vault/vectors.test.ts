/** Project Wycheproof's vectors through the vault's own wrappers, for both ciphers and both implementations. */
import { createSecretKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SealAlgorithm } from '../../src/contract/types.ts'
import { javaScriptCiphers, nodeCiphers, nodeHas } from '../../src/vault/ciphers.ts'
import { hkdf } from '../../src/vault/keys/derive.ts'
import { Sealer, unsealFor } from '../../src/vault/seal.ts'

interface Vector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
  readonly key: string
  readonly iv: string
  readonly aad: string
  readonly msg: string
  readonly ct: string
  readonly tag: string
}
interface HkdfVector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
  readonly ikm: string
  readonly salt: string
  readonly info: string
  readonly size: number
  readonly okm: string
}
interface Group<Test> {
  readonly ivSize: number
  readonly keySize: number
  readonly tagSize: number
  readonly tests: readonly Test[]
}

const folder = process.env.VULTUS_TEST_DATA
const pathOf = (name: string) => join(folder ?? '', 'vectors', `${name}_test.json`)
const bytes = (hex: string) => Buffer.from(hex, 'hex')

function groupsOf<Test>(name: string): Group<Test>[] | undefined {
  if (folder === undefined || !existsSync(pathOf(name))) return undefined
  return (JSON.parse(readFileSync(pathOf(name), 'utf8')) as { testGroups: Group<Test>[] }).testGroups
}

const files = { A256GCM: 'aes_gcm', C20P: 'chacha20_poly1305' } as const satisfies Record<SealAlgorithm, string>
const implementations = [
  ['node:crypto', nodeCiphers],
  ['JavaScript', javaScriptCiphers],
] as const

describe.each(Object.entries(files) as [SealAlgorithm, string][])('%s', (algorithm, file) => {
  it.for(implementations)(`passes the vectors of ${file} by %s (VULTUS_TEST_DATA)`, ([name, ciphers], { skip }) => {
    const groups = groupsOf<Vector>(file)
    if (groups === undefined) return skip('VULTUS_TEST_DATA has no vectors')
    if (name === 'node:crypto' && !nodeHas(algorithm)) return skip(`this node:crypto has no ${algorithm}`)
    let sealedCount = 0
    let refused = 0
    for (const group of groups.filter(({ keySize }) => keySize === 256)) {
      for (const { tcId, key: keyHex, iv, aad, msg, ct, tag, result } of group.tests) {
        const key = createSecretKey(bytes(keyHex))
        const value = { algorithm, nonce: bytes(iv), sealed: bytes(ct), tag: bytes(tag) }
        const plain = unsealFor(key, bytes(aad), value, ciphers)
        // The vault has nonces of 96 bits only; a record with any other is refused, whatever it holds.
        if (result !== 'valid' || group.ivSize !== 96) {
          expect([tcId, plain]).toEqual([tcId, undefined])
          refused += 1
          continue
        }
        expect([tcId, plain?.toString('hex')]).toEqual([tcId, msg])
        const sealer = new Sealer(() => bytes(iv), { algorithm, implementations: ciphers })
        const { nonce, sealed, tag: made } = sealer.sealFor(key, bytes(aad), bytes(msg))
        expect([tcId, nonce.toString('hex'), sealed.toString('hex'), made.toString('hex')]).toEqual([tcId, iv, ct, tag])
        sealedCount += 1
      }
    }
    expect(sealedCount).toBeGreaterThan(30)
    expect(refused).toBeGreaterThan(30)
  })
})

it('hkdf passes the vectors of hkdf_sha256 (VULTUS_TEST_DATA)', ({ skip }) => {
  const groups = groupsOf<HkdfVector>('hkdf_sha256')
  if (groups === undefined) return skip('VULTUS_TEST_DATA has no vectors')
  for (const { tests } of groups) {
    for (const { tcId, result, ikm, salt, info, size, okm } of tests) {
      const make = () => hkdf(bytes(ikm), bytes(salt), bytes(info), size).toString('hex')
      if (result === 'valid') expect([tcId, make()]).toEqual([tcId, okm])
      else expect(make, String(tcId)).toThrow()
    }
  }
})
