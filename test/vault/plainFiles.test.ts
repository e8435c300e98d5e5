/** Pipes, folders, sockets, devices and links in the places of a vault's files. Others than this process meet them, so that one that waits can be ended. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { keyFileName } from '../../src/vault/backup/keyFile.ts'
import { notPlain, readPlainFile } from '../../src/vault/plainFile.ts'
import { startVaultChild } from '../fault/child-process.ts'
import { backUpEntry, keyFileOf, refusal, site } from './backupSite.ts'
import { codeOf, enrolEntry, newVault, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

const kinds = ['pipe', 'folder', 'socket', 'device', 'link'] as const
const made: Record<(typeof kinds)[number], (path: string) => unknown> = {
  pipe: (path) => execFileSync('mkfifo', [path]),
  folder: (path) => mkdirSync(path),
  socket: (path) =>
    new Promise<void>((resolve) => {
      const server = createServer().listen(path, resolve)
      onTestFinished(() => void server.close())
    }),
  device: (path) => symlinkSync('/dev/zero', path),
  link: (path) => {
    const behind = join(temporaryFolder(), 'behind')
    if (existsSync(path)) renameSync(path, behind)
    symlinkSync(behind, path)
  },
}

const files = ['vault.json', 'vault.db', 'vault.db-wal', 'vault.db-journal', 'vault.db-shm']

it.skipIf(process.platform === 'win32').each(files)(
  'something else in the place of %s is named, and waited for by nobody',
  async (name) => {
    const original = temporaryFolder()
    const vault = await newVault(original)
    vault.enrolments.commit({ id: 'R-1', references: [referenceOf('a')], audit: enrolEntry })
    vault.close()
    for (const kind of kinds) {
      const folder = join(temporaryFolder(), 'data')
      cpSync(original, folder, { recursive: true })
      const path = join(folder, name)
      if (kind !== 'link') rmSync(path, { force: true })
      await made[kind](path)
      const child = startVaultChild('open', folder)
      expect([kind, await child.line((line) => line.startsWith('vault.') || line === 'opened')]).toEqual([kind, 'vault.damaged'])
    }
    // The check is right where nothing stands in the way.
    ;(await reopened(original)).close()
  },
)

it.skipIf(process.platform === 'win32')(
  'a key file of the backups that is no plain file is refused, and replaced by no backup',
  async () => {
    const one = await site(1)
    await one.vault.backups.backUp({ folder: one.to, audit: backUpEntry })
    for (const kind of kinds.filter((kind) => kind !== 'pipe' && kind !== 'device')) {
      const kept = join(temporaryFolder(), keyFileName(one.vault.id))
      cpSync(keyFileOf(one), kept)
      if (kind !== 'link') rmSync(keyFileOf(one))
      await made[kind](keyFileOf(one))
      expect([kind, await refusal(one.to)]).toEqual([kind, 'backup.damaged'])
      expect([kind, await codeOf(() => one.vault.backups.backUp({ folder: one.to, audit: backUpEntry }))]).toEqual([kind, 'backup.damaged'])
      rmSync(keyFileOf(one), { recursive: true })
      cpSync(kept, keyFileOf(one))
    }
    expect(await refusal(one.to)).toBeUndefined()
  },
)

it.skipIf(process.platform === 'win32')('reading waits for no pipe and ends at its limit', async () => {
  const folder = temporaryFolder()
  for (const kind of kinds) await made[kind](join(folder, kind))
  expect(kinds.map((kind) => notPlain(join(folder, kind)) === undefined)).toEqual(kinds.map(() => false))
  for (const kind of kinds.filter((kind) => kind !== 'link')) {
    // A pipe that somebody has open keeps a reader that waits from being kept for good.
    expect([kind, readPlainFile(join(folder, kind), 100)]).toEqual([kind, undefined])
  }
})
