import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { VaultHolder } from '../../src/station/vaultHolder.ts'
import { decodeRecoveryKey, encodeRecoveryKey } from '../../src/vault/keys/recoveryKey.ts'
import { initVault, openVault, recoverVault, vaultState } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  clock,
  codeOf,
  enrolEntry,
  filesWith,
  fingerprint,
  newVault,
  passphrase,
  referenceOf,
  reopened,
  temporaryFolder,
} from './fixtures.ts'

const actor = { role: 'administrator', door: 'ipc' } as const
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })
const newPassphrase = 'another horse battery'

async function realVault(folder: string): Promise<{ vault: Vault; recoveryKey: string }> {
  let recoveryKey = ''
  const onRecoveryKey = (made: string) => {
    recoveryKey = made
  }
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: clock(), onRecoveryKey })
  onTestFinished(() => vault.close())
  return { vault, recoveryKey }
}

async function recovered(folder: string, recoveryKey: string, given = newPassphrase): Promise<Vault> {
  const options = { folder, recoveryKey, key: 'passphrase', passphrase: given, audit: entry('vault.recover'), nowMs: clock() } as const
  const vault = await recoverVault(options)
  onTestFinished(() => vault.close())
  return vault
}

const groupsOf = (recoveryKey: string, positions: readonly number[]) =>
  positions.map((position) => ({ position, text: recoveryKey.split('-')[position - 1] ?? '' }))

describe('a written recovery key', () => {
  it('is read back however it was typed, and every wrong letter is found', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(55), fc.nat(30), (key, at, other) => {
        const text = encodeRecoveryKey(key)
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/)
        const sloppy = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
        for (const typed of [text, sloppy, text.replaceAll('-', '')]) expect(new Uint8Array(decodeRecoveryKey(typed))).toEqual(key)
        const letters = [...text.replaceAll('-', '')]
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        letters[at] = alphabet[(alphabet.indexOf(letters[at] ?? '') + 1 + other) % 32] ?? ''
        expect(() => decodeRecoveryKey(letters.join(''))).toThrow(expect.objectContaining({ code: 'recovery.mistyped' }))
      }),
    )
  })

  it.each(['', 'abc', `${encodeRecoveryKey(randomBytes(32))}0`, encodeRecoveryKey(randomBytes(32)).replace(/.$/, 'U'), 'é'.repeat(56)])(
    'nothing else is taken for one (%#)',
    (text) => {
      expect(() => decodeRecoveryKey(text)).toThrow(expect.objectContaining({ code: 'recovery.mistyped' }))
    },
  )
})

describe('the recovery key of a vault', () => {
  it('opens it and gives its key to a new provider; its use is in the audit chain', async () => {
    const folder = temporaryFolder()
    const { vault, recoveryKey } = await realVault(folder)
    vault.enrolments.commit({ id: 'R-1', name: 'Ada', references: [referenceOf('a')], audit: enrolEntry })
    vault.close()
    const before = fingerprint(folder)
    const wrong = encodeRecoveryKey(randomBytes(32))
    expect(await codeOf(() => recovered(folder, wrong))).toBe('recovery.wrong')
    expect(
      await codeOf(() =>
        recovered(
          folder,
          recoveryKey.replace(/^./, (letter) => (letter === '0' ? '1' : '0')),
        ),
      ),
    ).toBe('recovery.mistyped')
    expect(await codeOf(() => recovered(folder, recoveryKey, 'short'))).toBe('vault.passphraseWeak')
    expect(fingerprint(folder)).toEqual(before)
    const again = await recovered(folder, recoveryKey)
    expect(again.subjects.get('R-1')?.name).toBe('Ada')
    expect(again.audit.verify()).toEqual({ ok: true, records: 2, firstBad: null })
    again.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    expect(await codeOf(() => openVault({ folder, passphrase, nowMs: clock() }))).toBe('vault.wrongKey')
    const opened = await openVault({ folder, passphrase: newPassphrase, nowMs: clock() })
    expect(opened.recovery.state()).toBe('unconfirmed')
    opened.close()
    // It stays good, also after a rotation and under the new provider.
    ;(await recovered(folder, recoveryKey, passphrase)).close()
    ;(await reopened(folder)).close()
  })

  it('is confirmed by two groups of it', async () => {
    const folder = temporaryFolder()
    const { vault, recoveryKey } = await realVault(folder)
    expect(vault.recovery.state()).toBe('unconfirmed')
    const confirm = (groups: { position: number; text: string }[]) =>
      codeOf(() => vault.recovery.confirm(groups, entry('recovery.confirm')))
    expect(await confirm(groupsOf(recoveryKey, [3, 3]))).toBe('recovery.mismatch')
    expect(await confirm(groupsOf(recoveryKey, [3]))).toBe('recovery.mismatch')
    expect(await confirm([...groupsOf(recoveryKey, [3]), { position: 9, text: '0000' }])).toBe('recovery.mismatch')
    expect(await confirm([...groupsOf(recoveryKey, [3]), { position: 15, text: '' }])).toBe('recovery.mismatch')
    expect(vault.recovery.state()).toBe('unconfirmed')
    expect(await confirm(groupsOf(recoveryKey.toLowerCase(), [3, 14]))).toBeUndefined()
    vault.close()
    expect((await reopened(folder)).recovery.state()).toBe('confirmed')
  })

  it('is voided by a new one', async () => {
    const folder = temporaryFolder()
    const { vault, recoveryKey } = await realVault(folder)
    vault.recovery.confirm(groupsOf(recoveryKey, [1, 2]), entry('recovery.confirm'))
    const second = vault.recovery.reissue(entry('recovery.reissue'))
    expect(vault.recovery.state()).toBe('unconfirmed')
    vault.close()
    expect(await codeOf(() => recovered(folder, recoveryKey))).toBe('recovery.wrong')
    const again = await recovered(folder, second)
    expect(again.audit.verify()).toEqual({ ok: true, records: 3, firstBad: null })
  })

  it('that nobody has seen, because its reissue was cut off, is known as such', async () => {
    const folder = temporaryFolder()
    const { vault, recoveryKey } = await realVault(folder)
    const before = readFileSync(join(folder, 'vault.json'))
    vault.recovery.confirm(groupsOf(recoveryKey, [1, 2]), entry('recovery.confirm'))
    vault.recovery.reissue(entry('recovery.reissue'))
    vault.close()
    // As after a kill between header and commit, the other way round: the header names another key than the database.
    writeFileSync(join(folder, 'vault.json'), before)
    const again = await reopened(folder)
    expect(again.recovery.state()).toBe('unconfirmed')
    expect(await codeOf(() => again.recovery.confirm(groupsOf(recoveryKey, [1, 2]), entry('recovery.confirm')))).toBe('recovery.mismatch')
    expect(again.audit.verify().ok).toBe(true)
  })

  it('that is wrong is never acknowledged because the vault is being opened in another way', async () => {
    const folder = temporaryFolder()
    const { vault } = await realVault(folder)
    vault.close()
    const holder = new VaultHolder({ folder, passphrase, onOpen: () => undefined })
    onTestFinished(() => holder.close())
    const opening = holder.need()
    const options = { recoveryKey: encodeRecoveryKey(randomBytes(32)), key: 'passphrase', passphrase: newPassphrase } as const
    expect(await codeOf(() => holder.recover({ ...options, audit: entry('vault.recover') }))).toBe('request.invalid')
    expect((await opening).audit.verify().records).toBe(0)
  })

  it('stands nowhere in the folder', async () => {
    const folder = temporaryFolder()
    const { vault, recoveryKey } = await realVault(folder)
    const second = vault.recovery.reissue(entry('recovery.reissue'))
    for (const text of [recoveryKey, second]) {
      const bytes = decodeRecoveryKey(text)
      expect(filesWith(folder, bytes)).toEqual([])
      expect(filesWith(folder, Buffer.from(bytes.toString('base64')))).toEqual([])
      for (const group of text.split('-').slice(0, 3)) expect(readFileSync(join(folder, 'vault.json'), 'utf8')).not.toContain(`${group}-`)
    }
  })

  it('a demo vault has none', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder, 'demo')
    expect(vault.recovery.state()).toBe('none')
    expect(await codeOf(() => vault.recovery.reissue(entry('recovery.reissue')))).toBe('vault.kindRefused')
    vault.close()
    expect(await codeOf(() => recovered(folder, encodeRecoveryKey(randomBytes(32))))).toBe('recovery.none')
    expect(vaultState(folder).kind).toBe('demo')
  })
})
