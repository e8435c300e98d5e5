/**
 * Backups of an open vault.
 *
 * 1. A generation counts from the moment the key file that names it has replaced the one before; that happens after a test
 *    restore of exactly these files has passed.
 * 2. The key file never holds keys of subjects that were erased when it was written. Which erasure it follows is noted
 *    after it was replaced: a kill between the two makes it pending, and it is written once more.
 * 3. A generation's data needs the key file; the key file needs the root key or the recovery key.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { failedOf, VultusError } from '../../contract/errors.ts'
import type { AuditEntry } from '../../contract/records.ts'
import type { BackupFolderReport, BackupReport, BackupSchedule, KeyFileReport } from '../../contract/rows/backup.ts'
import type { CopyWatch } from '../copy.ts'
import { sizeOf } from '../folder.ts'
import { bodyOf, type Header, headerFormat, signHeader } from '../header.ts'
import { readHeader } from '../headerFile.ts'
import { keyBytes } from '../keys/provider.ts'
import type { Transactions } from '../transactions.ts'
import {
  assertFolder,
  digestOfFile,
  generationPath,
  generationsIn,
  inBackupFolder,
  publish,
  readKeyFile,
  removeTemporary,
  replaceKeyFile,
  temporaryFolder,
  vaultsIn,
} from './folder.ts'
import { makeGeneration, pageKeyOf } from './generation.ts'
import { encodeKeyFile, type Generation, type KeyFileContents, openKeyFile, parseKeyFile } from './keyFile.ts'
import type { BackupParts, OpenRebuilt } from './parts.ts'
import { rebuild, type Verified } from './rebuild.ts'
import { keysOfGeneration, withGeneration, withoutErased } from './subjectKeys.ts'

const hourMs = 3_600_000

interface FolderRow {
  readonly folder: string
  readonly erasure_no: number
  readonly header_digest: string
  readonly refreshed_ms: number
}

interface GenerationRow {
  readonly number: number
  readonly created_ms: number
  readonly bytes: number
  readonly subjects: number
  readonly verified_ms: number
}

interface ScheduleRow {
  readonly folder: string | null
  readonly interval_hours: number
  readonly generations_kept: number
}

export interface BackUpOptions {
  readonly folder: string
  readonly audit: AuditEntry
  readonly watch?: CopyWatch | undefined
}

export interface BackupsParts {
  readonly parts: BackupParts
  readonly transactions: Transactions
  readonly open: OpenRebuilt
}

const isoOf = (ms: number) => new Date(ms).toISOString()
const nobodyWatches = (): CopyWatch => ({ signal: new AbortController().signal, onProgress: () => undefined })

export class Backups {
  readonly #parts: BackupParts
  readonly #openRebuilt: OpenRebuilt
  readonly #transactions: Transactions
  readonly #folders: Database.Statement<[], FolderRow>
  readonly #generations: Database.Statement<[string], GenerationRow>
  readonly #schedule: Database.Statement<[], ScheduleRow>
  readonly #lastErasure: Database.Statement<[], number>
  readonly #erased: Database.Statement<[], string>
  #running = false

  constructor({ parts, transactions, open }: BackupsParts) {
    this.#openRebuilt = open
    const { database } = parts
    this.#parts = parts
    this.#transactions = transactions
    this.#folders = database.prepare('SELECT folder, erasure_no, header_digest, refreshed_ms FROM backup_folders ORDER BY folder')
    this.#generations = database.prepare(
      'SELECT number, created_ms, bytes, subjects, verified_ms FROM backup_generations WHERE folder = ? ORDER BY number',
    )
    this.#schedule = database.prepare('SELECT folder, interval_hours, generations_kept FROM backup_schedule WHERE only_row = 1')
    this.#lastErasure = database.prepare<[], number>('SELECT coalesce(max(erasure_no), 0) FROM erasures').pluck()
    this.#erased = database.prepare<[], string>('SELECT audit_id FROM erasures').pluck()
  }

  /** What is known of the backups, without looking into their folders. */
  folders(): BackupFolderReport[] {
    return this.#transactions.read(() =>
      this.#folders.all().map((row) => ({
        folder: row.folder,
        keyFile: { refreshedAt: isoOf(row.refreshed_ms), pending: this.#isPending(row) },
        generations: this.#generations.all(row.folder).map(({ number, created_ms, bytes, subjects, verified_ms }) => ({
          number,
          createdAt: isoOf(created_ms),
          bytes,
          subjects,
          verifiedAt: isoOf(verified_ms),
        })),
      })),
    )
  }

  schedule(): BackupSchedule {
    const row = this.#transactions.read(() => this.#schedule.get())
    return { folder: row?.folder ?? null, intervalHours: row?.interval_hours ?? 24, generationsKept: row?.generations_kept ?? 7 }
  }

  setSchedule({ folder, intervalHours, generationsKept }: BackupSchedule, audit: AuditEntry): void {
    this.#transactions.write(() => {
      this.#parts.database
        .prepare('UPDATE backup_schedule SET folder = ?, interval_hours = ?, generations_kept = ? WHERE only_row = 1')
        .run(folder, intervalHours, generationsKept)
      this.#transactions.audit({ ...audit, details: { ...audit.details, scheduled: folder !== null, intervalHours, generationsKept } })
    })
  }

  /** The folder into which the schedule wants a backup now, or undefined. */
  due(): string | undefined {
    const { folder, intervalHours } = this.schedule()
    if (folder === null) return undefined
    const last = this.#transactions.read(() => this.#generations.all(folder).at(-1))
    return last === undefined || last.created_ms + intervalHours * hourMs <= this.#transactions.nowMs() ? folder : undefined
  }

  /** Whether a key file still has to follow an erasure or a change of the vault's header. */
  get pending(): boolean {
    return this.#transactions.read(() => this.#folders.all().some((row) => this.#isPending(row)))
  }

  /**
   * Makes a generation, proves it by a test restore, and replaces the key file. Reads and writes of the vault go on.
   * @throws backup.unreachable, backup.foreign, backup.damaged (what stands in the folder, or what was just made), backup.running,
   * vault.diskFull, vault.wrongKey for a key file of another root key
   */
  async backUp({ folder, audit, watch = nobodyWatches() }: BackUpOptions): Promise<BackupReport> {
    if (this.#running) throw new VultusError('backup.running')
    this.#running = true
    try {
      return await inBackupFolder(() => this.#backUp(folder, audit, watch))
    } finally {
      this.#running = false
    }
  }

  /** Writes the key files anew without the keys of erased subjects. A folder that cannot be reached stays pending. */
  async refresh(audit: AuditEntry, only: 'all' | 'pending' = 'all'): Promise<KeyFileReport[]> {
    const reports: KeyFileReport[] = []
    for (const row of this.#transactions.read(() => this.#folders.all())) {
      if (only === 'pending' && !this.#isPending(row)) continue
      // A backup that is being made ends with a new key file of its own.
      if (this.#running) throw new VultusError('backup.running')
      try {
        await inBackupFolder(() => {
          assertFolder(row.folder)
          const contents = this.#open(row.folder)
          if (contents === undefined) throw new VultusError('backup.missing', 'no key file')
          try {
            this.#replace(row.folder, contents, audit)
          } finally {
            contents.subjectKeys.fill(0)
          }
        })
        reports.push({
          folder: row.folder,
          refreshedAt: isoOf(this.#folders.all().find(({ folder }) => folder === row.folder)?.refreshed_ms ?? 0),
          problem: null,
        })
      } catch (error) {
        reports.push({ folder: row.folder, refreshedAt: null, problem: failedOf(error).refusal.code })
      }
      await nextTurn()
    }
    return reports
  }

  /** Does not look after a folder any more: its key file stays as it is and follows no erasure. @throws backup.missing */
  forget(folder: string, audit: AuditEntry): void {
    this.#transactions.write(() => {
      const { changes } = this.#parts.database.prepare('DELETE FROM backup_folders WHERE folder = ?').run(folder)
      if (changes === 0) throw new VultusError('backup.missing', folder)
      this.#parts.database.prepare('UPDATE backup_schedule SET folder = NULL WHERE folder = ?').run(folder)
      this.#transactions.audit(audit)
    })
  }

  async #backUp(folder: string, audit: AuditEntry, watch: CopyWatch): Promise<BackupReport> {
    const { vaultId, random, keys } = this.#parts
    const header = this.#header()
    assertFolder(folder)
    if (vaultsIn(folder).some((other) => other !== vaultId)) throw new VultusError('backup.foreign')
    const before = this.#open(folder) ?? { generations: [], subjectKeys: Buffer.alloc(0) }
    removeTemporary(folder, vaultId)
    const number = 1 + Math.max(0, ...before.generations.map((known) => known.number), ...generationsIn(folder, vaultId))
    const temporary = temporaryFolder(folder, vaultId)
    const pageKeyBytes = random(keyBytes)
    const pageKeyText = pageKeyBytes.toString('base64')
    const pageKey = pageKeyOf(pageKeyBytes)
    let subjectKeys: Buffer = Buffer.alloc(0)
    try {
      const path = join(temporary, 'generation')
      const createdMs = this.#transactions.nowMs()
      const taken = await makeGeneration(this.#parts, this.#folder(), path, pageKey, watch)
      subjectKeys = withGeneration(before.subjectKeys, number, taken)
      for (const { key } of taken) key.fill(0)
      const generation: Generation = {
        number,
        createdAt: isoOf(createdMs),
        bytes: sizeOf(path) ?? 0,
        sha256: await digestOfFile(path),
        subjects: taken.length,
        pageKey: pageKeyText,
      }
      const contents = { generations: [...before.generations, generation], subjectKeys }
      const keyFile = encodeKeyFile(contents, { vaultHeader: header, root: keys.root, random, nowMs: createdMs })
      const verified = await this.#testRestore(path, temporary, keyFile, generation, audit, watch)
      publish(path, folder, generationPath(folder, vaultId, number))
      const kept = this.#replace(folder, contents, audit, generation)
      this.#removeOlder(folder, kept)
      return {
        folder,
        generation: { number, createdAt: generation.createdAt, bytes: generation.bytes },
        verified,
        kept: kept.map((one) => one.number),
      }
    } finally {
      pageKey.fill(0)
      subjectKeys.fill(0)
      before.subjectKeys.fill(0)
      rmSync(temporary, { recursive: true, force: true })
    }
  }

  /** Restores the new generation with the new key file, as it was written, beside it. */
  async #testRestore(
    source: string,
    temporary: string,
    keyFile: Buffer,
    { number }: Generation,
    audit: AuditEntry,
    watch: CopyWatch,
  ): Promise<Verified> {
    const { keys, random, nowMs } = this.#parts
    const contents = openKeyFile(parseKeyFile(keyFile), keys.root)
    const rootKey = keys.root.export()
    const target = join(temporary, 'restored')
    try {
      const generation = contents.generations.find((one) => one.number === number)
      if (generation === undefined || (await digestOfFile(source)) !== generation.sha256) {
        throw new VultusError('backup.damaged', `generation ${number}`)
      }
      const pageSalt = random(keyBytes)
      const page = { generation: 1, salt: pageSalt.toString('base64') }
      const header = signHeader({ ...bodyOf(this.#header()), format: headerFormat, page }, keys)
      const generationKeys = keysOfGeneration(contents.subjectKeys, number)
      return await rebuild({
        source,
        generation,
        keys: generationKeys,
        target,
        header,
        rootKey,
        pageSalt,
        audit,
        random,
        nowMs,
        watch,
        open: this.#openRebuilt,
      })
    } finally {
      rootKey.fill(0)
      contents.subjectKeys.fill(0)
      for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${target}${ending}`, { force: true })
    }
  }

  /** Replaces the key file and notes it, both in one turn: nothing can be erased between. @returns the generations it names */
  #replace(folder: string, contents: KeyFileContents, audit: AuditEntry, made?: Generation): readonly Generation[] {
    const { vaultId, keys, random } = this.#parts
    // Refused here and not after the file was replaced, where the vault was closed meanwhile.
    const erasureNo = this.#transactions.read(() => this.#lastErasure.get() ?? 0)
    const generations = made === undefined ? contents.generations : contents.generations.slice(-this.schedule().generationsKept)
    const oldest = generations[0]?.number ?? 0
    const subjectKeys = withoutErased(contents.subjectKeys, new Set(this.#erased.all()), oldest)
    const vaultHeader = this.#header()
    const nowMs = this.#transactions.nowMs()
    try {
      replaceKeyFile(folder, vaultId, encodeKeyFile({ generations, subjectKeys }, { vaultHeader, root: keys.root, random, nowMs }))
    } finally {
      subjectKeys.fill(0)
    }
    this.#note(folder, { erasureNo, digest: vaultHeader.digest, nowMs }, generations, audit, made)
    return generations
  }

  #note(
    folder: string,
    { erasureNo, digest, nowMs }: { erasureNo: number; digest: string; nowMs: number },
    generations: readonly Generation[],
    audit: AuditEntry,
    made: Generation | undefined,
  ): void {
    const { database } = this.#parts
    this.#transactions.write(() => {
      database
        .prepare(
          `INSERT INTO backup_folders (folder, erasure_no, header_digest, refreshed_ms) VALUES (?, ?, ?, ?) ON CONFLICT (folder)
            DO UPDATE SET erasure_no = excluded.erasure_no, header_digest = excluded.header_digest, refreshed_ms = excluded.refreshed_ms`,
        )
        .run(folder, erasureNo, digest, nowMs)
      const verifiedMs = new Map(this.#generations.all(folder).map((row) => [row.number, row.verified_ms]))
      database.prepare('DELETE FROM backup_generations WHERE folder = ?').run(folder)
      const insert = database.prepare(
        'INSERT INTO backup_generations (folder, number, created_ms, bytes, subjects, verified_ms) VALUES (?, ?, ?, ?, ?, ?)',
      )
      for (const { number, createdAt, bytes, subjects } of generations) {
        const createdMs = Date.parse(createdAt)
        insert.run(folder, number, createdMs, bytes, subjects, made?.number === number ? nowMs : (verifiedMs.get(number) ?? createdMs))
      }
      const details = {
        ...audit.details,
        ...(made === undefined ? {} : { generation: made.number, bytes: made.bytes, subjects: made.subjects }),
      }
      this.#transactions.audit({ ...audit, details: { ...details, generations: generations.length, erasure: erasureNo } })
    })
  }

  /** Generations that the key file names no more; nobody can read them. */
  #removeOlder(folder: string, kept: readonly Generation[]): void {
    const oldest = kept[0]?.number ?? 0
    const { vaultId } = this.#parts
    for (const number of generationsIn(folder, vaultId))
      if (number < oldest) rmSync(generationPath(folder, vaultId, number), { force: true })
  }

  #open(folder: string): KeyFileContents | undefined {
    const file = readKeyFile(folder, this.#parts.vaultId)
    return file === undefined ? undefined : openKeyFile(file, this.#parts.keys.root)
  }

  #isPending(row: FolderRow): boolean {
    return row.erasure_no < (this.#lastErasure.get() ?? 0) || row.header_digest !== this.#header().digest
  }

  #folder(): string {
    const { folder } = this.#parts
    if (folder === undefined) throw new TypeError('A vault without a folder has no header')
    return folder
  }

  #header(): Header {
    return readHeader(this.#folder())
  }
}
