import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initVault, openVault, vaultState } from '../../src/vault/open.ts'
import { startVaultChild } from '../fault/child-process.ts'
import { clock, codeOf, enrolEntry, fingerprint, newVault, passphrase, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const init = (folder: string, changes: { passphrase?: string; kind?: 'real' | 'demo'; key?: 'keychain' | 'passphrase' } = {}) =>
  initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock(), ...changes })

describe('init', () => {
  it('says what stands in a folder before and after', async () => {
    const folder = temporaryFolder()
    expect(vaultState(folder)).toEqual({ state: 'missing', kind: null, key: null })
    expect(vaultState(join(folder, 'nowhere'))).toEqual({ state: 'missing', kind: null, key: null })
    expect(await codeOf(() => openVault({ folder, passphrase, nowMs: clock() }))).toBe('vault.missing')
    const vault = await newVault(folder, 'real')
    expect(vault.kind).toBe('real')
    expect(vaultState(folder)).toEqual({ state: 'present', kind: 'real', key: 'passphrase' })
    vault.close()
    writeFileSync(join(folder, 'vault.json'), 'damaged')
    expect(vaultState(folder)).toEqual({ state: 'present', kind: null, key: null })
  })

  it('never makes a vault over another', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.close()
    const before = fingerprint(folder)
    expect(await codeOf(() => init(folder))).toBe('vault.exists')
    expect(fingerprint(folder)).toEqual(before)
    rmSync(join(folder, 'vault.json'))
    expect(await codeOf(() => init(folder))).toBe('vault.exists')
  })

  it('two at once make one vault', async () => {
    const folder = temporaryFolder()
    const results = await Promise.allSettled([init(folder), init(folder), init(folder)])
    const made = results.filter((result) => result.status === 'fulfilled')
    expect(made).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'vault.exists' })
    }
    made[0]?.value.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    ;(await reopened(folder)).close()
  })

  it('refuses weak passphrases and a keychain for a demo, and makes nothing', async () => {
    const folder = join(temporaryFolder(), 'data')
    expect(await codeOf(() => init(folder, { passphrase: 'eleven char' }))).toBe('vault.passphraseWeak')
    expect(await codeOf(() => init(folder, { passphrase: '🙂🙂🙂🙂🙂🙂' }))).toBe('vault.passphraseWeak')
    expect(await codeOf(() => init(folder, { passphrase: 'x'.repeat(1025) }))).toBe('vault.passphraseWeak')
    expect(await codeOf(() => initVault({ folder, key: 'passphrase', kind: 'demo', nowMs: clock() }))).toBe('vault.passphraseWeak')
    expect(await codeOf(() => init(folder, { key: 'keychain' }))).toBe('vault.kindRefused')
    expect(vaultState(folder).state).toBe('missing')
    expect(() => readdirSync(folder)).toThrow(/ENOENT/)
  })

  it('opening completes an init that was cut off after the header', async () => {
    const folder = temporaryFolder()
    const vault = await newVault(folder)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    vault.close()
    renameSync(join(folder, 'vault.db'), join(folder, `vault-${vault.id}.init.db`))
    expect(await codeOf(() => openVault({ folder, passphrase: 'another passphrase', nowMs: clock() }))).toBe('vault.wrongKey')
    const again = await reopened(folder)
    expect(again.galleries.counts().subjects).toBe(1)
    again.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
  })

  it('removes leftovers only once a vault stands, and no other files', async () => {
    const folder = temporaryFolder()
    const leftover = 'vault-00000000-0000-4000-8000-000000000000.init.db'
    for (const name of [leftover, `${leftover}-journal`, 'notes.txt', 'vault-other.db']) writeFileSync(join(folder, name), 'x')
    expect(vaultState(folder).state).toBe('missing')
    expect(await codeOf(() => openVault({ folder, passphrase, nowMs: clock() }))).toBe('vault.missing')
    expect(readdirSync(folder)).toContain(leftover)
    const vault = await newVault(folder)
    vault.close()
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'vault-other.db', 'vault.db', 'vault.json'])
  })

  it('leaves nothing behind when it fails', async () => {
    const folder = temporaryFolder()
    let calls = 0
    const failing = (bytes: number) => {
      calls += 1
      // The third request is the salt: the folder stands by then.
      if (calls === 3) throw Object.assign(new Error('no entropy'), { code: 'ENOSPC' })
      return Buffer.alloc(bytes, calls)
    }
    const made = initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock(), random: failing })
    await expect(made).rejects.toMatchObject({ code: 'vault.diskFull' })
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([1, 2, 3, 4, 5, 6])('killed at a moment of its own (%i) it leaves a whole vault or none', async (moment) => {
    const folder = temporaryFolder()
    const child = startVaultChild('init', folder)
    await child.line((line) => line === 'starting')
    await new Promise((resolve) => setTimeout(resolve, moment * 45))
    await child.kill()
    if (vaultState(folder).state === 'missing') {
      expect(readdirSync(folder).filter((name) => !name.includes('.init'))).toEqual([])
      ;(await newVault(folder)).close()
    }
    const vault = await reopened(folder)
    expect(vault.galleries.counts()).toEqual({ subjects: 0, references: 0, sequence: 0 })
    vault.close()
    expect(readFileSync(join(folder, 'vault.json'), 'utf8')).toContain('"format":1')
  })
})
