/**
 * Buffers that held a key are overwritten, with zeros or with what was sealed in place: whatever a key object was made of, what keys
 * were derived into, and what a passphrase gave.
 */
import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { encodeRecoveryKey } from '../../src/vault/keys/recoveryKey.ts'
import { initVault, openVault, recoverVault } from '../../src/vault/open.ts'
import { rekeyVault } from '../../src/vault/rekey.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { clock, codeOf, enrolEntry, eraseEntry, passphrase, referenceOf, temporaryFolder } from './fixtures.ts'

const held = vi.hoisted(() => [] as { readonly at: string; readonly bytes: Uint8Array; readonly was: Buffer }[])
const hold = vi.hoisted(() => (by: string, bytes: Uint8Array) => {
  if (bytes.some((byte) => byte !== 0)) held.push({ at: new Error(by).stack ?? '', bytes, was: Buffer.from(bytes) })
})

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>()
  return {
    ...real,
    createSecretKey: (key: Uint8Array) => {
      hold('createSecretKey', key)
      return real.createSecretKey(key)
    },
    hkdfSync: (...args: Parameters<typeof real.hkdfSync>) => {
      const bytes = real.hkdfSync(...args)
      hold('hkdfSync', new Uint8Array(bytes))
      return bytes
    },
  }
})
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return {
    ...real,
    hashRaw: async (...args: Parameters<typeof real.hashRaw>) => {
      const bytes = await real.hashRaw(...args)
      hold('hashRaw', bytes)
      return bytes
    },
  }
})
vi.mock('../../src/vault/keys/derive.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/keys/derive.ts')>()
  const held = (page: Buffer) => {
    hold('page key', page)
    return page
  }
  return {
    ...real,
    derivePageKey: (...args: Parameters<typeof real.derivePageKey>) => held(real.derivePageKey(...args)),
    deriveKeys: (...args: Parameters<typeof real.deriveKeys>) => {
      const keys = real.deriveKeys(...args)
      held(keys.page)
      return keys
    },
  }
})
vi.mock('../../src/vault/keys/recoveryKey.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/keys/recoveryKey.ts')>()
  const heldBy = <Args extends unknown[]>(name: string, run: (...args: Args) => Buffer) => {
    return (...args: Args): Buffer => {
      const bytes = run(...args)
      hold(name, bytes)
      return bytes
    }
  }
  return {
    ...real,
    decodeRecoveryKey: heldBy('decodeRecoveryKey', real.decodeRecoveryKey),
    openWithRecoveryKey: heldBy('openWithRecoveryKey', real.openWithRecoveryKey),
  }
})

const actor = { role: 'administrator', door: 'ipc' } as const
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })

/** Where buffers were made that still hold a key; forgets all of them. */
function left(): string[] {
  const found = held.filter(({ bytes, was }) => was.equals(bytes)).map(({ at }) => at)
  const counted = held.length
  held.length = 0
  expect(counted).toBeGreaterThan(0)
  return found
}

const kept = (vault: Vault): Vault => {
  onTestFinished(() => vault.close())
  return vault
}

it('in the whole life of a vault', async () => {
  const folder = temporaryFolder()
  const to = temporaryFolder()
  let recoveryKey = ''
  const onRecoveryKey = (made: string) => {
    recoveryKey = made
  }
  let vault = kept(await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: clock(), onRecoveryKey }))
  expect(left()).toEqual([])

  for (const id of ['R-1', 'R-2', 'R-3']) vault.enrolments.commit({ id, name: id, references: [referenceOf(id)], audit: enrolEntry })
  vault.enrolments.commitBatch({
    entries: Array.from({ length: 150 }, (_, at) => ({ id: `B-${at}`, references: [referenceOf('b', { sample: null })] })),
    audit: enrolEntry,
  })
  vault.subjects.dropKeys()
  expect(vault.subjects.get('R-2')?.name).toBe('R-2')
  expect(left()).toEqual([])

  const secret = 'a long password of somebody'
  await vault.operators.add({ name: 'Ada', role: 'administrator', secretKind: 'password', secret }, actor)
  await vault.operators.signIn('Ada', secret, 'ipc')
  expect(await codeOf(() => vault.operators.signIn('Ada', 'another one', 'ipc'))).toBe('signIn.wrong')
  expect(await codeOf(() => vault.operators.signIn('Eve', 'another one', 'ipc'))).toBe('signIn.wrong')
  expect(left()).toEqual([])

  for (const deep of [false, true]) {
    let job = vault.rotation.begin({ deep, audit: entry('vault.rotate') })
    while (job.state === 'running') job = vault.rotation.step(job.id)
  }
  expect(left()).toEqual([])

  await vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
  await vault.erasures.follow(vault.erasures.erase({ id: 'R-3', audit: eraseEntry }).certificate)
  expect(left()).toEqual([])

  const { id: jobId } = vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, entry('vault.rekey'))
  const signal = new AbortController().signal
  vault = kept(await rekeyVault(vault, { jobId, audit: entry('vault.rekey'), signal, onProgress: () => undefined }))
  recoveryKey = vault.recovery.reissue(entry('recovery.reissue'))
  vault.close()
  expect(left()).toEqual([])

  kept(await openVault({ folder, passphrase, nowMs: clock() })).close()
  expect(await codeOf(() => openVault({ folder, passphrase: 'another horse battery', nowMs: clock() }))).toBe('vault.wrongKey')
  expect(left()).toEqual([])

  const recover = (typed: string) =>
    recoverVault({ folder, recoveryKey: typed, key: 'passphrase', passphrase, audit: entry('vault.recover'), nowMs: clock() })
  kept(await recover(recoveryKey)).close()
  expect(await codeOf(() => recover(encodeRecoveryKey(randomBytes(32))))).toBe('recovery.wrong')
  await restoreVault({ from: to, folder: temporaryFolder(), passphrase, audit: entry('vault.restore'), nowMs: clock() })
  expect(left()).toEqual([])
})
