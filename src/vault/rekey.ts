/**
 * A new key for the database's pages. The root key stays; the page key is derived with another salt, which the header names.
 *
 * 1. The copy is made beside the database, verified as a vault of its own, closed and synced. Until the header names its
 *    generation it is nothing: a kill leaves the old database under the old header, and the next opening removes the copy.
 * 2. Replacing the header is the one moment at which the copy becomes the vault: from then on an opening that finds no database, or one
 *    under another key, gives the copy its name before anything else (pageCopy.ts).
 * 3. The old file goes only when the copy takes its name.
 * 4. The lock of the old database is held until then. Where the header names the copy and the swap fails after that, the old vault is
 *    closed: the next opening carries it out.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import type { AuditEntry } from '../contract/records.ts'
import { type CopyWatch, copyDatabase } from './copy.ts'
import { createCopy, openDatabase } from './database.ts'
import { vaultFailure } from './failure.ts'
import { adoptPageCopy, pageCopyPath, removeUnfinishedChanges, replaceHeader } from './folder.ts'
import { bodyOf, encodeHeader, type Header, headerFormat, signHeader } from './header.ts'
import { readHeader, takeHeaderBack } from './headerFile.ts'
import { derivePageKey } from './keys/derive.ts'
import { keyBytes } from './keys/provider.ts'
import { openWith } from './open.ts'
import { Vault, type VaultParts } from './vault.ts'

export interface RekeyOptions extends CopyWatch {
  /** The job that ends with the copy, in the copy. */
  readonly jobId: string
  /** The entry of the copy that became the vault. */
  readonly audit: AuditEntry
}

/**
 * Copies the vault under a new page key and swaps it in. Reads go on until the swap; writes are refused (vault.busy).
 * @returns the vault that goes on; the old one is closed. Where this throws, the old one goes on, unless it is closed.
 * @throws vault.damaged, vault.diskFull, vault.unwritable; the signal's reason when it is aborted
 */
export async function rekeyVault(vault: Vault, options: RekeyOptions): Promise<Vault> {
  const { parts, over } = vault.lendForCopy()
  const { folder } = parts
  if (folder === undefined) throw new TypeError('A vault without a folder has no header')
  try {
    const header = readHeader(folder)
    const generation = (header.page?.generation ?? 0) + 1
    const salt = parts.random(keyBytes)
    const page = { generation, salt: salt.toString('base64') }
    const changed = signHeader({ ...bodyOf(header), format: headerFormat, page }, parts.keys)
    const pageKey = derivePageKey(parts.keys.root, parts.vaultId, salt)
    const copyPath = pageCopyPath(folder, parts.vaultId, generation)
    try {
      const rows = await makeCopy(parts, copyPath, pageKey, options)
      proveCopy(parts, copyPath, pageKey, changed, { ...options, rows })
    } catch (error) {
      pageKey.fill(0)
      removeUnfinishedChanges(folder)
      throw error
    }
    return swap(vault, parts, folder, header, changed, pageKey)
  } catch (error) {
    throw vaultFailure(error)
  } finally {
    over()
  }
}

async function makeCopy(parts: VaultParts, path: string, pageKey: Buffer, watch: CopyWatch): Promise<number> {
  removeUnfinishedChanges(parts.folder ?? '')
  const copy = createCopy(path, pageKey)
  try {
    return await copyDatabase(parts.database, copy, watch)
  } finally {
    copy.close()
  }
}

/** Opens the copy as the vault that it will be, checks the audit chain, and ends the job in it. */
function proveCopy(
  parts: VaultParts,
  path: string,
  pageKey: Buffer,
  header: Header,
  { jobId, audit, rows }: RekeyOptions & { rows: number },
): void {
  const database = openDatabase(path, pageKey, header)
  // Without a folder and all else that reaches beyond the database: what is not the vault yet must leave no trace there.
  const { vaultId, kind, keys, random, nowMs } = parts
  const copy = new Vault({ vaultId, kind, keys, random, nowMs, database })
  try {
    const { ok, firstBad } = copy.audit.verify()
    // A chain that was broken before must not keep the site from a new key; it is told by who verifies it.
    copy.jobs.countAll(jobId, rows)
    copy.jobs.setState(jobId, 'done', { audit: { ...audit, details: { ...audit.details, auditOk: ok, firstBad } } })
  } finally {
    copy.close()
  }
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function swap(
  vault: Vault,
  { database, vaultId, keys, random, nowMs, segmentRows }: VaultParts,
  folder: string,
  former: Header,
  header: Header,
  pageKey: Buffer,
): Vault {
  try {
    // Without a log of its own the old database has nothing that could be taken for the new one's.
    database.pragma('journal_mode = DELETE')
    replaceHeader(folder, vaultId, encodeHeader(header))
  } catch (error) {
    pageKey.fill(0)
    if (takeHeaderBack(folder, former)) {
      removeUnfinishedChanges(folder)
      database.pragma('journal_mode = WAL')
    } else vault.abandon()
    throw error
  }
  try {
    // Windows does not rename over an open file.
    if (process.platform === 'win32') vault.abandon()
    adoptPageCopy(folder, vaultId, header.page?.generation ?? 0)
  } catch (error) {
    pageKey.fill(0)
    throw error
  } finally {
    // The header names the copy: what the old file took now would be lost.
    vault.abandon()
  }
  return openWith(folder, header, { ...keys, page: pageKey }, { nowMs, random, segmentRows })
}
