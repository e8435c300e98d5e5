/**
 * Making a generation: the database as it is at one moment, without any wrapped subject key, under a page key of its own.
 *
 * 1. VACUUM INTO takes the moment: one statement, in the vault's own folder and under the vault's page key, so that nothing
 *    leaves the vault that would not be allowed to. Everything after it works on that copy; reads and writes of the vault go on.
 * 2. The subject keys are taken from the copy, so they are those of the moment, and destroyed in it before anything of it
 *    is written into the backup folder: what stands there never held a wrapped key.
 */
import { rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { VultusError } from '../../contract/errors.ts'
import { type CopyWatch, copyDatabase } from '../copy.ts'
import { connect, createCopy } from '../database.ts'
import { Epochs } from '../epochs.ts'
import { vaultFailure } from '../failure.ts'
import { createPrivateFile, pageCopyPath } from '../folder.ts'
import { pageSaltOf } from '../header.ts'
import { readHeader } from '../headerFile.ts'
import { derivePageKey } from '../keys/derive.ts'
import { keyBytes } from '../keys/provider.ts'
import { forgetDigest } from '../rowDigest.ts'
import { unseal } from '../seal.ts'
import { keyPlace, type WrappedKeyColumns, wrappedKeyColumns, wrappedKeyJoin } from '../subjects.ts'
import { syncFile } from './folder.ts'
import type { BackupParts } from './parts.ts'
import type { SubjectKey } from './subjectKeys.ts'

const keysPerTurn = 512

/** A random page key as the cipher takes it. @param bytes 32; zeroed here */
export function pageKeyOf(bytes: Buffer): Buffer {
  const key = Buffer.concat([Buffer.from('raw:'), bytes])
  bytes.fill(0)
  return key
}

/**
 * Writes a generation to a path and syncs it.
 * @param pageKey of the new file; the caller zeroes it
 * @returns the subject keys that belong to it, which the caller zeroes
 * @throws vault.diskFull, vault.unwritable, vault.damaged; the signal's reason when it is aborted
 */
export async function makeGeneration(
  parts: BackupParts,
  folder: string,
  path: string,
  pageKey: Buffer,
  watch: CopyWatch,
): Promise<SubjectKey[]> {
  // The name of a page copy that no header ever names: opening the vault removes what a kill left of it.
  const staging = pageCopyPath(folder, parts.vaultId, 0)
  const keys: SubjectKey[] = []
  let moment: Database.Database | undefined
  try {
    moment = takeMoment(parts, folder, staging)
    await takeKeys(parts, moment, watch, keys)
    strip(moment)
    const copy = createCopy(path, pageKey)
    try {
      await copyDatabase(moment, copy, watch)
    } finally {
      copy.close()
    }
    syncFile(path)
    return keys
  } catch (error) {
    for (const { key } of keys) key.fill(0)
    throw error
  } finally {
    moment?.close()
    removeMoment(parts, folder)
  }
}

/** Takes the copy of the moment away, which holds wrapped keys until they are stripped off. Never throws: what stays goes at the next opening. */
export function removeMoment({ vaultId }: Pick<BackupParts, 'vaultId'>, folder: string): void {
  const staging = pageCopyPath(folder, vaultId, 0)
  try {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${staging}${ending}`, { force: true })
  } catch {
    // A system that keeps open files: the making, which is cut off, removes it when it closes it.
  }
}

function takeMoment({ database, keys, vaultId }: BackupParts, folder: string, staging: string): Database.Database {
  const vaultPageKey = derivePageKey(keys.root, vaultId, pageSaltOf(readHeader(folder)))
  try {
    rmSync(staging, { force: true })
    createPrivateFile(staging)
    database.prepare('VACUUM INTO ?').run(staging)
    return connect(staging, vaultPageKey, { readonly: false })
  } catch (error) {
    throw vaultFailure(error)
  } finally {
    vaultPageKey.fill(0)
  }
}

/** @param taken where the keys are put, so that whoever gave it can zero them whatever happens */
async function takeKeys(
  { keys, vaultId, random }: BackupParts,
  moment: Database.Database,
  { signal }: CopyWatch,
  taken: SubjectKey[],
): Promise<void> {
  const epochs = new Epochs({ database: moment, root: keys.root, vaultId, random })
  const rows = moment.prepare<[], WrappedKeyColumns>(`SELECT ${wrappedKeyColumns} FROM subjects s ${wrappedKeyJoin} ORDER BY s.subject_no`)
  for (const row of rows.iterate()) {
    const { key_algorithm: algorithm, key_nonce: nonce, key_tag: tag, key_wrapped: sealed } = row
    const key = unseal(epochs.keyOf(row.key_epoch), keyPlace(row), { algorithm, nonce, tag, sealed })
    taken.push({ auditId: row.audit_id, key })
    if (key.length !== keyBytes) throw new VultusError('vault.damaged', `subject_keys.wrapped ${row.subject_no}`)
    if (taken.length % keysPerTurn === 0) {
      await nextTurn()
      signal.throwIfAborted()
    }
  }
}

/**
 * Destroys in the copy what must not leave the machine (wrapped keys, the salts of their epochs and of the gallery's
 * segments), what would still tell of an erased subject without its key (the blind indexes of id and name, which are made
 * anew; what imported rows said of them; the reports of double enrolments and candidates of imports, which pair them with who may be the same person), drafts, which no copy may outlive, and what
 * only the vault itself can answer for: where backups are kept, and which certificates await them.
 */
function strip(moment: Database.Database): void {
  moment.pragma('journal_mode = MEMORY')
  moment.exec(`BEGIN; DELETE FROM subject_keys; DELETE FROM epochs; DELETE FROM gallery_segments;
    DELETE FROM backup_generations; DELETE FROM backup_lines;
    UPDATE subjects SET id_index = CAST(audit_id AS BLOB); DELETE FROM prefixes;
    DELETE FROM subject_ids; UPDATE subject_id_tail SET settled_until = 0;
    DELETE FROM jobs WHERE kind = 'duplicates'; DELETE FROM duplicate_pairs; DELETE FROM import_candidates;
    UPDATE import_rows SET mark = NULL WHERE subject_no IS NOT NULL;
    DELETE FROM draft_candidates; DELETE FROM drafts;
    UPDATE prefix_backlog SET done_until = 0, missing_until = (SELECT coalesce(max(subject_no), 0) FROM subjects);
    UPDATE settings SET value = json_set(value, '$.folder', NULL) WHERE name = 'backup.schedule';
    UPDATE erasure_certificates SET awaits_erasure_no = NULL`)
  forgetDigest(moment)
  moment.exec('COMMIT')
}
