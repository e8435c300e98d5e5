import * as nodeCrypto from 'node:crypto'
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { deriveKeys } from '../../src/vault/keys/derive.ts'
import { deriveFromPassphrase, passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { codeOf } from './fixtures.ts'

const vaultId = '6f3c5a4e-8f0b-4d57-9c1e-0a1b2c3d4e5f'

describe('keys from a passphrase', () => {
  it('are the bytes that the Argon2id of Node gives', async ({ skip }) => {
    if (!('argon2Sync' in nodeCrypto)) return skip('this Node has no Argon2')
    for (const [memoryKiB, passes, parallelism] of [
      [8192, 1, 1],
      [65536, 3, 1],
      [16384, 2, 4],
    ] as const) {
      const salt = randomBytes(16)
      const ours = await deriveFromPassphrase('grüße vom See 🙂', {
        algorithm: 'argon2id',
        memoryKiB,
        passes,
        parallelism,
        salt: salt.toString('base64'),
      })
      const message = Buffer.from('grüße vom See 🙂'.normalize('NFKC'))
      const theirs = nodeCrypto.argon2Sync('argon2id', { message, nonce: salt, memory: memoryKiB, passes, parallelism, tagLength: 32 })
      expect(ours.toString('hex')).toBe(theirs.toString('hex'))
    }
  })

  it('cost a new vault and a new account 64 MiB in three passes', async () => {
    const { newKdf } = await vi.importActual<typeof import('../../src/vault/keys/kdf.ts')>('../../src/vault/keys/kdf.ts')
    expect(newKdf(randomBytes)).toMatchObject({ algorithm: 'argon2id', memoryKiB: 65536, passes: 3, parallelism: 1 })
  })

  it('wrap a root key that only the passphrase, the vault and the record as it was give back', async () => {
    const rootKey = randomBytes(32)
    const record = await passphraseProvider('correct horse battery').create(vaultId, rootKey, randomBytes)
    if (record.provider !== 'passphrase') throw new Error('the record is of a passphrase')
    const open = (given: string, id = vaultId, changed = record) => passphraseProvider(given).open(id, changed)
    expect((await open('correct horse battery')).equals(rootKey)).toBe(true)
    expect(record.wrappedRootKey.sealed).not.toBe(rootKey.toString('base64'))
    expect(await codeOf(() => open('correct horse batterz'))).toBe('vault.wrongKey')
    expect(await codeOf(() => open('correct horse battery', vaultId.replace('6', '7')))).toBe('vault.wrongKey')
    const damaged = { ...record, wrappedRootKey: { ...record.wrappedRootKey, tag: randomBytes(16).toString('base64') } }
    expect(await codeOf(() => open('correct horse battery', vaultId, damaged))).toBe('vault.damaged')
  })
})

describe('derived keys', () => {
  it('differ by label, by vault and by root key, and follow RFC 5869', () => {
    const rootKey = Buffer.alloc(32, 5)
    const bytesOf = (keys: ReturnType<typeof deriveKeys>) => [
      keys.page.subarray(4).toString('hex'),
      ...[keys.headerMac, keys.keyCheck, keys.audit, keys.blindIndex, keys.recoveryCheck].map((key) => key.export().toString('hex')),
    ]
    const all = [
      ...bytesOf(deriveKeys(rootKey, vaultId)),
      ...bytesOf(deriveKeys(rootKey, vaultId.replace('6', '7'))),
      ...bytesOf(deriveKeys(Buffer.alloc(32, 6), vaultId)),
    ]
    expect(new Set(all).size).toBe(18)
    const extracted = createHmac('sha256', vaultId).update(rootKey).digest()
    const audit = createHmac('sha256', extracted).update('vultus/1/audit').update(Buffer.of(1)).digest('hex')
    expect(deriveKeys(rootKey, vaultId).audit.export().toString('hex')).toBe(audit)
    expect(Buffer.from(hkdfSync('sha256', rootKey, vaultId, 'vultus/1/page', 32)).toString('hex')).toBe(all[0])
  })
})
