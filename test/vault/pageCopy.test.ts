/** A copy of the database that waits for its place, and what stands beside it. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { pageCopyPath } from '../../src/vault/folder.ts'
import { adoptMissingCopy } from '../../src/vault/pageCopy.ts'
import { temporaryFolder } from './fixtures.ts'

/** As where another process takes the vault while this one waits for its lock. */
vi.mock('../../src/vault/database.ts', async (original) => ({
  ...(await original<typeof import('../../src/vault/database.ts')>()),
  connect: (path: string) => {
    writeFileSync(`${path}-wal`, 'what that process has committed')
    throw new Database.SqliteError('database is locked', 'SQLITE_BUSY')
  },
}))

it('the log of a process that has taken the vault meanwhile stays', () => {
  const folder = temporaryFolder()
  const vaultId = '6b9f4f0e-0d2c-4a51-9d4e-2f6f1d1f7a11'
  const [database, copy] = [join(folder, 'vault.db'), pageCopyPath(folder, vaultId, 3)]
  for (const path of [database, copy]) writeFileSync(path, 'pages')
  adoptMissingCopy(folder, vaultId, 3, Buffer.alloc(32))
  expect([database, `${database}-wal`, copy].map((path) => existsSync(path))).toEqual([true, true, true])
})
