import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, isSignatureOf, privateKeyOf, publicBytesOf, signText } from '../../src/vault/signature.ts'

const vectors = join(process.env.VULTUS_TEST_DATA ?? '', 'vectors/ed25519_test.json')
const hex = (text: string) => Buffer.from(text, 'hex')

interface Group {
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string; readonly result: string }[]
}

describe('signatures', () => {
  it('are those of RFC 8032', () => {
    // Section 7.1, test 1 (an empty message) and test 2 (the letter r).
    const empty = privateKeyOf(hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'))
    expect(publicBytesOf(empty).toString('hex')).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    const signature =
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
    expect(signText(empty, '').toString('hex')).toBe(signature)
    const one = privateKeyOf(hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'))
    expect(signText(one, 'r').toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
  })

  it('are refused for other bytes, other keys and other lengths', () => {
    const key = privateKeyOf(Buffer.alloc(32, 1))
    const publicKey = publicBytesOf(key)
    const signature = signText(key, 'text')
    expect(isSignatureOf(publicKey, Buffer.from('text'), signature)).toBe(true)
    expect(isSignatureOf(publicKey, Buffer.from('texT'), signature)).toBe(false)
    expect(isSignatureOf(publicBytesOf(privateKeyOf(Buffer.alloc(32, 2))), Buffer.from('text'), signature)).toBe(false)
    expect(isSignatureOf(publicKey, Buffer.from('text'), signature.subarray(1))).toBe(false)
    expect(isSignatureOf(publicKey.subarray(1), Buffer.from('text'), signature)).toBe(false)
    expect(fingerprintOf(publicKey)).toMatch(/^[0-9a-f]{64}$/)
  })

  it.skipIf(!existsSync(vectors))('agree with every vector of Wycheproof (needs VULTUS_TEST_DATA)', () => {
    const groups: readonly Group[] = JSON.parse(readFileSync(vectors, 'utf8')).testGroups
    const tests = groups.flatMap(({ publicKey, tests }) => tests.map((test) => ({ ...test, publicKey: hex(publicKey.pk) })))
    const wrong = tests.filter(({ publicKey, msg, sig, result }) => isSignatureOf(publicKey, hex(msg), hex(sig)) !== (result === 'valid'))
    expect(tests.length).toBeGreaterThan(100)
    expect(wrong.map(({ tcId }) => tcId)).toEqual([])
  })
})
