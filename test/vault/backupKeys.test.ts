/** A backup takes every subject key into memory; wherever it ends, none stays there. */
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { initVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { clock, codeOf, enrolEntry, eraseEntry, passphrase, rawDatabase, referenceOf, temporaryFolder } from './fixtures.ts'

/** Every buffer that held subject keys, by who made it, and the call that is to fail. */
const seen = vi.hoisted(() => ({
  held: [] as { readonly by: string; readonly bytes: Buffer; readonly wasEmpty: boolean }[],
  calls: new Map<string, number>(),
  failing: undefined as { readonly name: string; readonly call: number } | undefined,
}))

const hold = vi.hoisted(() => (by: string, bytes: Buffer) => {
  seen.held.push({ by, bytes, wasEmpty: bytes.every((byte) => byte === 0) })
  return bytes
})

/** A function that fails at the call that is asked for, before or after it has done its work. */
const failing = vi.hoisted(() => <Args extends unknown[], Result>(name: string, real: (...args: Args) => Result) => {
  return (...args: Args): Result => {
    const call = (seen.calls.get(name) ?? 0) + 1
    seen.calls.set(name, call)
    if (seen.failing?.name === name && seen.failing.call === call) throw new Error(`${name} fails`)
    return real(...args)
  }
})

vi.mock('../../src/vault/seal.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/seal.ts')>()
  const unseal: typeof real.unseal = (key, place, sealed) => {
    const plain = real.unseal(key, place, sealed)
    return place[0] === 'subject_keys' ? hold('unseal', plain) : plain
  }
  return { ...real, unseal }
})
vi.mock('../../src/vault/backup/subjectKeys.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/backup/subjectKeys.ts')>()
  return {
    ...real,
    withGeneration: failing('withGeneration', (...args: Parameters<typeof real.withGeneration>) =>
      hold('withGeneration', real.withGeneration(...args)),
    ),
    withoutErased: failing('withoutErased', (...args: Parameters<typeof real.withoutErased>) =>
      hold('withoutErased', real.withoutErased(...args)),
    ),
  }
})
vi.mock('../../src/vault/backup/keyFile.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/backup/keyFile.ts')>()
  return {
    ...real,
    encodeKeyFile: failing('encodeKeyFile', real.encodeKeyFile),
    openKeyFile: failing('openKeyFile', (...args: Parameters<typeof real.openKeyFile>) => {
      const contents = real.openKeyFile(...args)
      hold('openKeyFile', contents.subjectKeys)
      return contents
    }),
  }
})
vi.mock('../../src/vault/copy.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/copy.ts')>()
  return { ...real, copyDatabase: failing('copyDatabase', real.copyDatabase) }
})
vi.mock('../../src/vault/headerFile.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/headerFile.ts')>()
  return { ...real, readHeader: failing('readHeader', real.readHeader) }
})
vi.mock('../../src/vault/backup/folder.ts', async (original) => {
  const real = await original<typeof import('../../src/vault/backup/folder.ts')>()
  return {
    ...real,
    digestOfFile: failing('digestOfFile', real.digestOfFile),
    generationsIn: failing('generationsIn', real.generationsIn),
    publish: failing('publish', real.publish),
    replaceKeyFile: failing('replaceKeyFile', real.replaceKeyFile),
    syncFile: failing('syncFile', real.syncFile),
    temporaryFolder: failing('temporaryFolder', real.temporaryFolder),
  }
})

const entry = (event: AuditEntry['event']): AuditEntry => ({
  event,
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
})

const begin = () => {
  seen.held.length = 0
  seen.calls.clear()
}

/** What still holds keys. */
const left = () => seen.held.filter(({ bytes }) => bytes.some((byte) => byte !== 0)).map(({ by }) => by)

afterEach(() => {
  seen.failing = undefined
  begin()
})

/** A vault with a backup, and somebody erased since, so that the next one reads and writes keys of both. */
async function site(): Promise<{ vault: Vault; to: string; folder: string }> {
  const folder = temporaryFolder()
  const to = temporaryFolder()
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'demo', nowMs: clock() })
  onTestFinished(() => vault.close())
  for (const no of [1, 2, 3]) vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`a${no}`)], audit: enrolEntry })
  await vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })
  vault.erasures.erase({ id: 'R-2', audit: eraseEntry })
  begin()
  return { vault, to, folder }
}

const backUp = ({ vault, to }: { vault: Vault; to: string }) => vault.backups.backUp({ folder: to, audit: entry('vault.backUp') })

it('none stays after a backup, a refreshed key file, and a backup that fails at any of its calls', async () => {
  const at = await site()
  await backUp(at)
  const makers = new Set(seen.held.filter(({ wasEmpty }) => !wasEmpty).map(({ by }) => by))
  // What is looked at did hold keys, or this test would say nothing.
  expect([...makers].sort()).toEqual(['openKeyFile', 'unseal', 'withGeneration', 'withoutErased'])
  expect(left()).toEqual([])
  const calls = [...seen.calls]
  expect(calls.map(([name]) => name)).toEqual(expect.arrayContaining(['copyDatabase', 'publish', 'replaceKeyFile', 'encodeKeyFile']))

  for (const [name, count] of calls) {
    for (let call = 1; call <= count; call++) {
      begin()
      seen.failing = { name, call }
      await expect(backUp(at)).rejects.toThrow()
      expect([name, call, left()]).toEqual([name, call, []])
    }
  }
  seen.failing = undefined
  begin()
  at.vault.erasures.erase({ id: 'R-3', audit: eraseEntry })
  for (const name of [undefined, 'encodeKeyFile', 'replaceKeyFile', 'withoutErased', 'readHeader']) {
    begin()
    if (name !== undefined) seen.failing = { name, call: 1 }
    await at.vault.backups.refresh(entry('vault.refreshKeyFile')).catch(() => undefined)
    expect(seen.held.length).toBeGreaterThan(0)
    expect([name, left()]).toEqual([name, []])
  }
})

it('none stays when the backup is cancelled, or finds a key that is damaged', async () => {
  const at = await site()
  const watch = { signal: AbortSignal.abort(new Error('given up')), onProgress: () => undefined }
  for (let no = 10; no < 530; no++) at.vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf('a')], audit: enrolEntry })
  begin()
  await expect(at.vault.backups.backUp({ folder: at.to, audit: entry('vault.backUp'), watch })).rejects.toThrow('given up')
  expect(seen.held.filter(({ by }) => by === 'unseal').length).toBeGreaterThanOrEqual(512)
  expect(left()).toEqual([])

  at.vault.close()
  const database = await rawDatabase(at.folder)
  database.exec('UPDATE subject_keys SET tag = zeroblob(16) WHERE subject_no = (SELECT max(subject_no) FROM subject_keys)')
  database.close()
  const { openVault } = await import('../../src/vault/open.ts')
  const damaged = await openVault({ folder: at.folder, passphrase, nowMs: clock() })
  onTestFinished(() => damaged.close())
  begin()
  expect(await codeOf(() => damaged.backups.backUp({ folder: at.to, audit: entry('vault.backUp') }))).toBe('vault.damaged')
  expect(seen.held.length).toBeGreaterThan(500)
  expect(left()).toEqual([])
})
