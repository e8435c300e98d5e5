/** Backups that are not what was written, and restores that are cut off. */
import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { generationPath } from '../../src/vault/backup/folder.ts'
import { keyFileName, parseKeyFile } from '../../src/vault/backup/keyFile.ts'
import type { RestoreOptions } from '../../src/vault/backup/restore.ts'
import { pageCopyPath } from '../../src/vault/folder.ts'
import { readHeader } from '../../src/vault/headerFile.ts'
import { vaultState } from '../../src/vault/open.ts'
import { backUpEntry, expectSubject, keyFileOf, refusal, restored, site } from './backupSite.ts'
import { bytesOf, codeOf, newVault, reopened, temporaryFolder } from './fixtures.ts'

describe('a backup that is not what was written', () => {
  it('is refused by name, and the data folder stays empty', async () => {
    const one = await site(1)
    const { to, vault } = one
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    copyFileSync(keyFileOf(one), join(to, 'kept'))
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const keyFile = readFileSync(keyFileOf(one))
    const path = generationPath(to, vault.id, 2)
    const data = readFileSync(path)
    const folder = temporaryFolder()
    const attempt = (changes: Partial<RestoreOptions> = {}) => refusal(to, { folder, ...changes })
    for (let round = 0; round < 12; round++) {
      const at = bytesOf(`flip ${round}`, 4).readUInt32LE() % keyFile.length
      const flipped = Buffer.from(keyFile)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (round % 8))
      writeFileSync(keyFileOf(one), flipped)
      expect(await attempt()).toBe('backup.damaged')
    }
    for (const length of [0, 10, 100, keyFile.length - 1]) {
      writeFileSync(keyFileOf(one), keyFile.subarray(0, length))
      expect(await attempt()).toBe('backup.damaged')
    }
    writeFileSync(keyFileOf(one), keyFile)
    for (const at of [0, 30, 5000, data.length - 1]) {
      const flipped = Buffer.from(data)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      writeFileSync(path, flipped)
      expect(await attempt()).toBe('backup.damaged')
    }
    writeFileSync(path, data.subarray(0, data.length - 8192))
    expect(await attempt()).toBe('backup.damaged')
    // One generation under the name of another.
    copyFileSync(generationPath(to, vault.id, 1), path)
    expect(await attempt()).toBe('backup.damaged')
    rmSync(path)
    expect(await attempt()).toBe('backup.missing')
    writeFileSync(path, data)
    // The key file of before does not know the generation.
    renameSync(join(to, 'kept'), keyFileOf(one))
    expect(await attempt({ generation: 2 })).toBe('backup.mismatch')
    rmSync(keyFileOf(one))
    expect(await attempt()).toBe('backup.missing')
    expect(readdirSync(folder)).toEqual([])
    expect(vaultState(folder).state).toBe('missing')
  })

  it('of another vault under this name is refused, and a vault is never overwritten', async () => {
    const one = await site(1)
    const other = await newVault(temporaryFolder())
    const elsewhere = temporaryFolder()
    await one.vault.backups.backUp({ folder: one.to, audit: backUpEntry })
    await other.backups.backUp({ folder: elsewhere, audit: backUpEntry })
    expect(await refusal(one.to, { folder: one.folder })).toBe('vault.exists')
    copyFileSync(join(elsewhere, keyFileName(other.id)), keyFileOf(one))
    expect(await refusal(one.to)).toBe('backup.foreign')
    expect(await codeOf(() => one.vault.backups.backUp({ folder: one.to, audit: backUpEntry }))).toBe('backup.foreign')
    copyFileSync(join(elsewhere, keyFileName(other.id)), join(one.to, keyFileName(other.id)))
    expect(await refusal(one.to)).toBe('backup.mismatch')
    expect(await refusal(join(one.to, 'none'))).toBe('backup.unreachable')
  })

  it('a restore goes on after one that was cut off before its header was published', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const folder = temporaryFolder()
    writeFileSync(join(folder, `vault-${vault.id}.init.json`), 'half a hea')
    writeFileSync(pageCopyPath(folder, vault.id, 1), 'half a database')
    const { vault: back } = await restored(to, { folder })
    expectSubject(back, 1)
    back.close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
    // Cut off after the header was published and before its other name was removed.
    copyFileSync(join(folder, 'vault.json'), join(folder, `vault-${vault.id}.init.json`))
    ;(await reopened(folder)).close()
    expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
  })

  it('a restore that was cut off before the database had its name is carried out by opening', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    vault.close()
    const { vault: back, folder } = await restored(to)
    back.close()
    renameSync(join(folder, 'vault.db'), pageCopyPath(folder, vault.id, readHeader(folder).page?.generation ?? 0))
    expectSubject(await reopened(folder), 1)
  })

  it('a restore whose key cannot be kept leaves no vault, and can be tried again', async () => {
    const { to, vault } = await site(1)
    await vault.backups.backUp({ folder: to, audit: backUpEntry })
    const folder = temporaryFolder()
    const bus = process.env.DBUS_SESSION_BUS_ADDRESS
    process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent'
    onTestFinished(() => {
      if (bus === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS
      else process.env.DBUS_SESSION_BUS_ADDRESS = bus
    })
    expect(await refusal(to, { folder, key: 'keychain' })).toBe('keychain.unavailable')
    expect(readdirSync(folder)).toEqual([])
    expectSubject((await restored(to, { folder })).vault, 1)
  })

  it('a doctored header of the key file is refused, also with a digest that fits', async () => {
    const one = await site(1)
    await one.vault.backups.backUp({ folder: one.to, audit: backUpEntry })
    const keyFile = readFileSync(keyFileOf(one))
    const at = keyFile.indexOf('"writtenAt":"20')
    keyFile.write('19', at + '"writtenAt":"'.length)
    createHash('sha256')
      .update(keyFile.subarray(0, -32))
      .digest()
      .copy(keyFile, keyFile.length - 32)
    expect(parseKeyFile(keyFile).writtenAt.startsWith('19')).toBe(true)
    writeFileSync(keyFileOf(one), keyFile)
    expect(await refusal(one.to)).toBe('backup.damaged')
  })
})
