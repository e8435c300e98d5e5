/**
 * A vault's database out of a generation and the key file: what a restore and a test restore share.
 *
 * 1. The generation is copied under the new page key and read back; it is never written to.
 * 2. Subject keys come from the key file and are wrapped by a new first epoch; ids are indexed anew, and names by the opening.
 * 3. Subjects whose key is not in the key file any more were erased later: everything of them goes, and the erasure is in
 *    the audit chain again.
 * 4. What reaches beyond the database is left behind: segments of the gallery are made anew, and the witness file, whose
 *    lines know records that are lost, stays as it is and is set up again by somebody.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { VultusError } from '../../contract/errors.ts'
import type { AuditEntry } from '../../contract/records.ts'
import { type CopyWatch, copyDatabase } from '../copy.ts'
import { connect, createCopy, openDatabase } from '../database.ts'
import { Epochs } from '../epochs.ts'
import { vaultFailure } from '../failure.ts'
import type { Header } from '../header.ts'
import { deriveKeys } from '../keys/derive.ts'
import type { RandomSource } from '../random.ts'
import { forgetDigest } from '../rowDigest.ts'
import { Sealer, unseal } from '../seal.ts'
import { settleAllIds } from '../subjectIds.ts'
import { identityPlace, idIndexOf, keyPlace } from '../subjects.ts'
import { syncFile } from './folder.ts'
import { pageKeyOf } from './generation.ts'
import type { Generation } from './keyFile.ts'
import type { OpenRebuilt, RebuiltVault } from './parts.ts'

/** Subjects whose values are read in full. */
const sampledSubjects = 50
const subjectsPerTurn = 512

export interface RebuildOptions {
  /** The generation's file and what the key file says of it. */
  readonly source: string
  readonly generation: Generation
  readonly keys: ReadonlyMap<string, Buffer>
  /** The new database and its header, whose page salt makes its page key. */
  readonly target: string
  readonly header: Header
  /** Zeroed by the caller. */
  readonly rootKey: Buffer
  readonly pageSalt: Buffer
  readonly audit: AuditEntry
  readonly random: RandomSource
  readonly nowMs: () => number
  readonly watch: CopyWatch
  readonly open: OpenRebuilt
}

/** What was looked at in a rebuilt vault. */
export interface Verified {
  readonly subjects: number
  readonly references: number
  /** Subjects of whom every seal was opened. */
  readonly sampled: number
  readonly auditRecords: number
  readonly auditOk: boolean
  /** Subjects that were erased after the generation was made, and are erased again. */
  readonly erased: number
  /** Whether a witness file was left behind. */
  readonly witnessLeft: boolean
}

/** Builds the database, checks it and closes it. @throws backup.damaged, vault.tooNew, vault.diskFull */
export async function rebuild(options: RebuildOptions): Promise<Verified> {
  const { target, header, rootKey, pageSalt, audit } = options
  const keys = deriveKeys(rootKey, header.vaultId, pageSalt)
  try {
    await copyGeneration(options, keys.page)
    const database = openDatabase(target, keys.page, header)
    try {
      const { erased, witnessLeft } = await fill(database, options, keys.blindIndex)
      const vault = options.open({ header, database, keys })
      const { ok, records } = vault.audit.verify()
      vault.audit.append({
        ...audit,
        details: { ...audit.details, generation: options.generation.number, erased: erased.length, auditOk: ok, witnessLeft },
      })
      for (const subject of erased) vault.audit.append({ ...audit, event: 'subject.erase', subject, details: { replayed: true } })
      const verified = {
        ...look(vault, database, options),
        auditRecords: records + 1 + erased.length,
        auditOk: ok,
        erased: erased.length,
        witnessLeft,
      }
      vault.close()
      syncFile(target)
      return verified
    } finally {
      database.close()
    }
  } catch (error) {
    throw asBackupFailure(error, options.generation.number)
  } finally {
    keys.page.fill(0)
  }
}

/** What is wrong inside a generation is damage of the backup, not of a vault. */
function asBackupFailure(error: unknown, number: number): unknown {
  const failure = vaultFailure(error)
  if (!(failure instanceof VultusError) || failure.code !== 'vault.damaged') return failure
  return new VultusError('backup.damaged', `generation ${number}`, { cause: error })
}

async function copyGeneration({ source, generation, target, watch }: RebuildOptions, pageKey: Buffer): Promise<void> {
  const sourceKey = pageKeyOf(Buffer.from(generation.pageKey, 'base64'))
  let from: Database.Database | undefined
  let to: Database.Database | undefined
  try {
    from = connect(source, sourceKey, { readonly: true })
    to = createCopy(target, pageKey)
    await copyDatabase(from, to, watch)
  } finally {
    sourceKey.fill(0)
    from?.close()
    to?.close()
  }
  syncFile(target)
}

interface SubjectNumber {
  readonly subject_no: number
  readonly audit_id: string
}

interface IdentityRow extends SubjectNumber {
  readonly algorithm: string
  readonly identity_nonce: Buffer
  readonly identity_tag: Buffer
  readonly identity_sealed: Buffer
}

const identityColumns = 'subject_no, audit_id, algorithm, identity_nonce, identity_tag, identity_sealed'

/** The site's id of a subject. @throws vault.damaged */
function idOf(subject: IdentityRow, key: Buffer): string {
  const { algorithm, identity_nonce: nonce, identity_tag: tag, identity_sealed: sealed } = subject
  const plain = unseal(createSecretKey(key), identityPlace(subject), { algorithm, nonce, tag, sealed })
  const { id } = JSON.parse(plain.toString()) as { id: string }
  plain.fill(0)
  return id
}

/**
 * Gives each subject its key and its blind index, in one transaction of a database that nobody else has, with turns for others.
 * @returns audit ids of those that have no key any more, and whether there was a witness file
 * @throws vault.damaged where an identity is not what was sealed
 */
async function fill(
  database: Database.Database,
  { header, keys, rootKey, random, nowMs, watch, generation }: RebuildOptions,
  blindIndex: KeyObject,
): Promise<{ erased: string[]; witnessLeft: boolean }> {
  const epochs = new Epochs({ database, root: createSecretKey(rootKey), vaultId: header.vaultId, random })
  database.exec('BEGIN; DELETE FROM subject_keys; DELETE FROM epochs; DELETE FROM subject_ids')
  epochs.startFirst(Math.floor(nowMs()))
  database
    .prepare(
      `UPDATE vault SET restored_from_ms = ?, restored_subject_no = (SELECT coalesce(max(subject_no), 0) FROM subjects) WHERE only_row = 1`,
    )
    .run(Date.parse(generation.createdAt))
  const epoch = epochs.newest()
  const sealer = new Sealer(random)
  const insert = database.prepare<[number, number, string, Buffer, Buffer, Buffer]>(
    'INSERT INTO subject_keys (subject_no, key_epoch, algorithm, nonce, tag, wrapped) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const setIndex = database.prepare<[Buffer, number]>('UPDATE subjects SET id_index = ? WHERE subject_no = ?')
  const after = database.prepare<[number], IdentityRow>(
    `SELECT ${identityColumns} FROM subjects WHERE subject_no > ? ORDER BY subject_no LIMIT ${subjectsPerTurn}`,
  )
  const erased: SubjectNumber[] = []
  for (let rows = after.all(0); rows.length > 0; rows = after.all(rows.at(-1)?.subject_no ?? 0)) {
    for (const subject of rows) {
      const key = keys.get(subject.audit_id)
      if (key === undefined) {
        erased.push({ subject_no: subject.subject_no, audit_id: subject.audit_id })
        continue
      }
      const wrapped = sealer.seal(epochs.keyOf(epoch), keyPlace({ ...subject, key_epoch: epoch }), key)
      insert.run(subject.subject_no, epoch, wrapped.algorithm, wrapped.nonce, wrapped.tag, wrapped.sealed)
      setIndex.run(idIndexOf(blindIndex, idOf(subject, key)), subject.subject_no)
    }
    await nextTurn()
    watch.signal.throwIfAborted()
  }
  remove(database, erased)
  settleAllIds(database)
  const witnessLeft = database.prepare('UPDATE audit_witness SET file = NULL WHERE file IS NOT NULL').run().changes > 0
  // Whoever knew the gallery before must not take this one for it; rotations that were going on have nothing left to do.
  database.exec(`UPDATE gallery SET sequence = sequence + 1 + ${erased.length}, subjects = (SELECT count(*) FROM subjects),
    active_references = (SELECT count(*) FROM subject_references WHERE active = 1);
    DELETE FROM gallery_segments;
    UPDATE jobs SET state = 'cancelled' WHERE state IN ('running', 'paused')`)
  forgetDigest(database)
  database.exec('COMMIT')
  return { erased: erased.map(({ audit_id }) => audit_id), witnessLeft }
}

/** Removes everything of subjects, in whatever table it stands. */
function remove(database: Database.Database, subjects: readonly SubjectNumber[]): void {
  const withColumn = database
    .prepare<[string], string>(
      `SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = ?
        ORDER BY m.name IN ('subjects', 'subject_references'), m.name`,
    )
    .pluck()
  const ofReferences = withColumn.all('reference_no').filter((table) => table !== 'subject_references')
  const ofSubjects = withColumn.all('subject_no').filter((table) => table !== 'subjects')
  const statements = [
    ...ofReferences.map(
      (table) => `DELETE FROM "${table}" WHERE reference_no IN (SELECT reference_no FROM subject_references WHERE subject_no = ?)`,
    ),
    ...ofSubjects.map((table) => `DELETE FROM "${table}" WHERE subject_no = ?`),
    'DELETE FROM subjects WHERE subject_no = ?',
  ].map((sql) => database.prepare<[number]>(sql))
  for (const { subject_no } of subjects) for (const statement of statements) statement.run(subject_no)
}

/** Counts, and every seal of a sample of the subjects. @throws vault.damaged */
function look(
  vault: RebuiltVault,
  database: Database.Database,
  { keys }: RebuildOptions,
): Pick<Verified, 'subjects' | 'references' | 'sampled'> {
  const { subjects, references } = vault.galleries.counts()
  const every = Math.max(1, Math.ceil(subjects / sampledSubjects))
  const rows = database
    .prepare<[number], IdentityRow>(
      `SELECT ${identityColumns} FROM (SELECT *, row_number() OVER (ORDER BY subject_no) AS position FROM subjects)
        WHERE position % ? = 0`,
    )
    .all(every)
  for (const row of rows) {
    const id = idOf(row, keys.get(row.audit_id) ?? Buffer.alloc(0))
    if (vault.upkeep.unsealAll(id) === 0) throw new VultusError('vault.damaged', 'subjects')
  }
  return { subjects, references, sampled: rows.length }
}
