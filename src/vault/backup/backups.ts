/**
 * Backups of an open vault.
 *
 * 1. A generation counts from the moment the key file that names it has replaced the one before; that happens after a test
 *    restore of exactly these files has passed.
 * 2. The key file never holds keys of subjects that were erased when it was written. Which erasure it follows is noted
 *    after it was replaced: a kill between the two makes it pending, and it is written once more.
 * 3. A generation's data needs the key file; the key file needs the root key or the recovery key.
 * 4. A line of key files (one, and all that replace it) is known before its first stands anywhere, so that no erasure can miss
 *    one. A line that is not in its folder, because another disk is there now, stays pending.
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
import { randomId } from '../random.ts'
import type { Settings } from '../settings.ts'
import type { Transactions } from '../transactions.ts'
import {
  assertFolder,
  assertOutside,
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
import { makeGeneration, pageKeyOf, removeMoment } from './generation.ts'
import { encodeKeyFile, type Generation, type KeyFileContents, keyFileName, openKeyFile, parseKeyFile } from './keyFile.ts'
import type { BackupParts, OpenRebuilt } from './parts.ts'
import { rebuild, type Verified } from './rebuild.ts'
import type { SubjectKey } from './subjectKeys.ts'
import { keysOfGeneration, withGeneration, withoutErased } from './subjectKeys.ts'

const hourMs = 3_600_000
/** How long until key files that could not be reached are tried again where nobody erases. */
const retryMs = 10 * 60_000
/** Of a line whose first key file is not complete. */
const nothingFollowed = -1

const byItself: AuditEntry = {
  event: 'vault.refreshKeyFile',
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
  details: { byItself: true },
}

interface LineRow {
  readonly line_id: string
  readonly folder: string
  readonly erasure_no: number
  readonly header_digest: string
  readonly refreshed_ms: number
}

/** Key files that replace each other, and where they stand. */
interface Line {
  readonly folder: string
  readonly lineId: string
}

interface GenerationRow {
  readonly number: number
  readonly created_ms: number
  readonly bytes: number
  readonly subjects: number
  readonly verified_ms: number
}

export interface BackUpOptions {
  readonly folder: string
  readonly audit: AuditEntry
  readonly watch?: CopyWatch | undefined
}

export interface BackupsParts {
  readonly parts: BackupParts
  readonly transactions: Transactions
  readonly settings: Settings
  readonly open: OpenRebuilt
  /** Every key file follows the erasures up to that number, since that time: certificates say so. In a transaction. @returns how many */
  readonly renewCertificates: (followedErasureNo: number, atMs: number) => number
}

const isoOf = (ms: number) => new Date(ms).toISOString()
/** Moments that a backup takes one after another where erasures cut it off. */
const momentsMax = 5
const nobodyWatches = (): CopyWatch => ({ signal: new AbortController().signal, onProgress: () => undefined })

/** Copying is the first half of the work, and the test restore the second. */
const halfOf = ({ signal, onProgress }: CopyWatch, half: 0 | 1): CopyWatch => ({
  signal,
  onProgress: (done, total) => onProgress(half * total + done, 2 * total),
})

export class Backups {
  readonly #parts: BackupParts
  readonly #openRebuilt: OpenRebuilt
  readonly #transactions: Transactions
  readonly #lines: Database.Statement<[], LineRow>
  readonly #generations: Database.Statement<[string], GenerationRow>
  readonly #lastIn: Database.Statement<[string], number | null>
  #making: AbortController | undefined
  readonly #settings: Settings
  readonly #renewCertificates: BackupsParts['renewCertificates']
  readonly #followed: Database.Statement<[], number | null>
  readonly #lastErasure: Database.Statement<[], number>
  readonly #erased: Database.Statement<[], string>
  #running = false
  #failedMs: number | undefined

  constructor({ parts, transactions, settings, open, renewCertificates }: BackupsParts) {
    this.#settings = settings
    this.#renewCertificates = renewCertificates
    this.#openRebuilt = open
    const { database } = parts
    this.#parts = parts
    this.#transactions = transactions
    this.#lines = database.prepare(
      'SELECT line_id, folder, erasure_no, header_digest, refreshed_ms FROM backup_lines ORDER BY folder, line_id',
    )
    this.#generations = database.prepare(
      'SELECT number, created_ms, bytes, subjects, verified_ms FROM backup_generations WHERE line_id = ? ORDER BY number',
    )
    this.#lastIn = database
      .prepare<[string], number | null>('SELECT max(created_ms) FROM backup_generations JOIN backup_lines USING (line_id) WHERE folder = ?')
      .pluck()
    this.#followed = database.prepare<[], number | null>('SELECT min(erasure_no) FROM backup_lines').pluck()
    this.#lastErasure = database.prepare<[], number>('SELECT coalesce(max(erasure_no), 0) FROM erasures').pluck()
    this.#erased = database.prepare<[], string>('SELECT audit_id FROM erasures').pluck()
  }

  /** What is known of the backups, without looking into their folders. */
  folders(): BackupFolderReport[] {
    return this.#transactions.read(() =>
      this.#lines.all().map((row) => ({
        folder: row.folder,
        keyFile: { refreshedAt: row.erasure_no === nothingFollowed ? null : isoOf(row.refreshed_ms), pending: this.#isPending(row) },
        generations: this.#generations.all(row.line_id).map(({ number, created_ms, bytes, subjects, verified_ms }) => ({
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
    return this.#transactions.read(() => this.#settings.get('backup.schedule'))
  }

  /** @throws request.invalid */
  setSchedule(schedule: BackupSchedule, audit: AuditEntry): void {
    const { folder, intervalHours, generationsKept } = schedule
    this.#transactions.write(() => {
      this.#settings.set('backup.schedule', schedule, this.#transactions.nowMs())
      this.#transactions.audit({ ...audit, details: { ...audit.details, scheduled: folder !== null, intervalHours, generationsKept } })
    })
  }

  /** The folder into which the schedule wants a backup now, or undefined. */
  due(): string | undefined {
    const { folder, intervalHours } = this.schedule()
    if (folder === null) return undefined
    const lastMs = this.#transactions.read(() => this.#lastIn.get(folder) ?? null)
    if (lastMs === null) return folder
    const sinceMs = this.#transactions.nowMs() - lastMs
    // A clock that was set back must not put backups off until it has caught up.
    return sinceMs >= intervalHours * hourMs || sinceMs < 0 ? folder : undefined
  }

  /** Whether a key file still has to follow an erasure or a change of the vault's header. */
  get pending(): boolean {
    return this.#transactions.read(() => this.#lines.all().some((row) => this.#isPending(row)))
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
    for (const row of this.#transactions.read(() => this.#lines.all())) {
      if (only === 'pending' && !this.#isPending(row)) continue
      // A backup that is being made ends with a new key file of its own.
      if (this.#running) throw new VultusError('backup.running')
      try {
        await inBackupFolder(() => {
          assertFolder(row.folder)
          const found = readKeyFile(row.folder, this.#parts.vaultId)
          if (found?.lineId !== row.line_id) throw new VultusError('backup.missing', 'no key file of that line')
          const contents = openKeyFile(found, this.#parts.keys.root)
          try {
            this.#replace({ folder: row.folder, lineId: row.line_id }, contents, audit)
          } finally {
            contents.subjectKeys.fill(0)
          }
        })
        reports.push({
          folder: row.folder,
          refreshedAt: isoOf(this.#lines.all().find(({ line_id }) => line_id === row.line_id)?.refreshed_ms ?? 0),
          problem: null,
        })
      } catch (error) {
        reports.push({ folder: row.folder, refreshedAt: null, problem: failedOf(error).refusal.code })
      }
      await nextTurn()
    }
    return reports
  }

  /** Lets the key files follow that have to, now. @throws backup.running: a backup ends with that itself */
  async followPending(): Promise<KeyFileReport[]> {
    if (!this.pending) return []
    const reports = await this.refresh(byItself, 'pending')
    this.#failedMs = reports.some(({ problem }) => problem !== null) ? this.#transactions.nowMs() : undefined
    return reports
  }

  /** The same when nobody waits, and not too soon after it failed. @returns when to try again, milliseconds */
  async followPendingAgain(): Promise<number | undefined> {
    if (!this.pending) return undefined
    // A clock that was set back makes it try at once.
    const sinceMs = this.#transactions.nowMs() - (this.#failedMs ?? Number.NEGATIVE_INFINITY)
    if (!this.#running && (sinceMs >= retryMs || sinceMs < 0)) await this.followPending()
    return this.pending ? retryMs : undefined
  }

  /** Does not look after a folder any more: the key files that stood in it stay as they are and follow no erasure. @throws backup.missing */
  forget(folder: string, audit: AuditEntry): void {
    this.#transactions.write(() => {
      const { database } = this.#parts
      const rows = this.#lines.all().filter((known) => known.folder === folder)
      if (rows.length === 0) throw new VultusError('backup.missing', folder)
      // Of what its key files do not follow nobody can certify any more that they were replaced.
      const followed = Math.min(...rows.map((row) => row.erasure_no))
      database.prepare('UPDATE erasure_certificates SET awaits_erasure_no = NULL WHERE awaits_erasure_no > ?').run(followed)
      database.prepare('DELETE FROM backup_lines WHERE folder = ?').run(folder)
      const schedule = this.#settings.get('backup.schedule')
      if (schedule.folder === folder) this.#settings.set('backup.schedule', { ...schedule, folder: null }, this.#transactions.nowMs())
      this.#certify(this.#transactions.nowMs())
      this.#transactions.audit(audit)
    })
  }

  async #backUp(folder: string, audit: AuditEntry, watch: CopyWatch): Promise<BackupReport> {
    const { vaultId, random, keys } = this.#parts
    const header = this.#header()
    assertFolder(folder)
    assertOutside(folder, this.#folder())
    if (vaultsIn(folder).some((other) => other !== vaultId)) throw new VultusError('backup.foreign')
    const found = readKeyFile(folder, vaultId)
    const before = found === undefined ? { generations: [], subjectKeys: Buffer.alloc(0) } : openKeyFile(found, keys.root)
    const line = { folder, lineId: found?.lineId ?? randomId(random) }
    removeTemporary(folder, vaultId)
    const number = 1 + Math.max(0, ...before.generations.map((known) => known.number), ...generationsIn(folder, vaultId))
    const temporary = temporaryFolder(folder, vaultId)
    const pageKeyBytes = random(keyBytes)
    const pageKeyText = pageKeyBytes.toString('base64')
    const pageKey = pageKeyOf(pageKeyBytes)
    let subjectKeys: Buffer = Buffer.alloc(0)
    let taken: readonly SubjectKey[] = []
    try {
      const path = join(temporary, 'generation')
      const createdMs = this.#transactions.nowMs()
      taken = await this.#generationAt(path, pageKey, halfOf(watch, 0))
      subjectKeys = withGeneration(before.subjectKeys, number, taken)
      const generation: Generation = {
        number,
        createdAt: isoOf(createdMs),
        bytes: sizeOf(path) ?? 0,
        sha256: await digestOfFile(path),
        subjects: taken.length,
        pageKey: pageKeyText,
      }
      const contents = { generations: [...before.generations, generation], subjectKeys }
      const keyFile = encodeKeyFile(contents, { ...line, vaultHeader: header, root: keys.root, random, nowMs: createdMs })
      const verified = await this.#testRestore(path, temporary, keyFile, generation, audit, halfOf(watch, 1))
      publish(path, folder, generationPath(folder, vaultId, number))
      const kept = this.#replace(line, contents, audit, generation)
      this.#removeOlder(folder, kept)
      return {
        folder,
        generation: { number, createdAt: generation.createdAt, bytes: generation.bytes },
        verified,
        kept: kept.map((one) => one.number),
      }
    } finally {
      pageKey.fill(0)
      for (const { key } of taken) key.fill(0)
      subjectKeys.fill(0)
      before.subjectKeys.fill(0)
      rmSync(temporary, { recursive: true, force: true })
    }
  }

  /**
   * An erasure cuts off the copy that a backup works on, which may still hold the wrapped key: it is gone before the erasure is
   * acknowledged, and the backup takes another moment.
   */
  dropMoment(): void {
    if (this.#making === undefined) return
    this.#making.abort(new VultusError('vault.busy', 'an erasure came while the backup was made'))
    removeMoment(this.#parts, this.#folder())
  }

  async #generationAt(path: string, pageKey: Buffer, watch: CopyWatch): Promise<SubjectKey[]> {
    for (let tries = 1; ; tries++) {
      const making = new AbortController()
      this.#making = making
      try {
        const signal = AbortSignal.any([watch.signal, making.signal])
        return await makeGeneration(this.#parts, this.#folder(), path, pageKey, { ...watch, signal })
      } catch (error) {
        if (!making.signal.aborted || watch.signal.aborted || tries === momentsMax) throw error
        rmSync(path, { force: true })
      } finally {
        this.#making = undefined
      }
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
  #replace(line: Line, contents: KeyFileContents, audit: AuditEntry, made?: Generation): readonly Generation[] {
    const { vaultId, keys, random } = this.#parts
    const { folder, lineId } = line
    // Refused here and not after the file was replaced, where the vault was closed meanwhile.
    const erasureNo = this.#transactions.read(() => this.#lastErasure.get() ?? 0)
    const generations = made === undefined ? contents.generations : contents.generations.slice(-this.schedule().generationsKept)
    const oldest = generations[0]?.number ?? 0
    const subjectKeys = withoutErased(contents.subjectKeys, new Set(this.#erased.all()), oldest)
    const vaultHeader = this.#header()
    const isNew = this.#announce(line)
    try {
      const written = { lineId, vaultHeader, root: keys.root, random, nowMs: this.#transactions.nowMs() }
      replaceKeyFile(folder, vaultId, encodeKeyFile({ generations, subjectKeys }, written))
    } catch (error) {
      if (isNew && sizeOf(join(folder, keyFileName(vaultId))) === undefined) this.#withdraw(line)
      throw error
    } finally {
      subjectKeys.fill(0)
    }
    // After the old one is gone: until now somebody could have copied it.
    const nowMs = this.#transactions.nowMs()
    this.#note(line, { erasureNo, digest: vaultHeader.digest, nowMs }, generations, audit, made)
    return generations
  }

  /** Knows a line from before its first key file on. @returns whether it is new */
  #announce({ folder, lineId }: Line): boolean {
    if (this.#lines.all().some((known) => known.line_id === lineId)) return false
    this.#transactions.write(() =>
      this.#parts.database
        .prepare(`INSERT INTO backup_lines (line_id, folder, erasure_no, header_digest, refreshed_ms) VALUES (?, ?, ?, '', 0)`)
        .run(lineId, folder, nothingFollowed),
    )
    return true
  }

  #withdraw({ lineId }: Line): void {
    this.#transactions.write(() => this.#parts.database.prepare('DELETE FROM backup_lines WHERE line_id = ?').run(lineId))
  }

  /** Signs the certificates anew whose erasure every key file follows by now; the caller is in a transaction. @returns how many */
  #certify(nowMs: number): number {
    const followed = this.#followed.get() ?? null
    return followed === null ? 0 : this.#renewCertificates(followed, nowMs)
  }

  #note(
    { folder, lineId }: Line,
    { erasureNo, digest, nowMs }: { erasureNo: number; digest: string; nowMs: number },
    generations: readonly Generation[],
    audit: AuditEntry,
    made: Generation | undefined,
  ): void {
    const { database } = this.#parts
    this.#transactions.write(() => {
      database
        .prepare(
          `INSERT INTO backup_lines (line_id, folder, erasure_no, header_digest, refreshed_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT (line_id)
            DO UPDATE SET folder = excluded.folder, erasure_no = excluded.erasure_no, header_digest = excluded.header_digest, refreshed_ms = excluded.refreshed_ms`,
        )
        .run(lineId, folder, erasureNo, digest, nowMs)
      const verifiedMs = new Map(this.#generations.all(lineId).map((row) => [row.number, row.verified_ms]))
      database.prepare('DELETE FROM backup_generations WHERE line_id = ?').run(lineId)
      const insert = database.prepare(
        'INSERT INTO backup_generations (line_id, number, created_ms, bytes, subjects, verified_ms) VALUES (?, ?, ?, ?, ?, ?)',
      )
      for (const { number, createdAt, bytes, subjects } of generations) {
        const createdMs = Date.parse(createdAt)
        insert.run(lineId, number, createdMs, bytes, subjects, made?.number === number ? nowMs : (verifiedMs.get(number) ?? createdMs))
      }
      const details = {
        ...audit.details,
        ...(made === undefined ? {} : { generation: made.number, bytes: made.bytes, subjects: made.subjects }),
      }
      const certificates = this.#certify(nowMs)
      this.#transactions.audit({ ...audit, details: { ...details, generations: generations.length, erasure: erasureNo, certificates } })
    })
  }

  /** Generations that the key file names no more; nobody can read them. */
  #removeOlder(folder: string, kept: readonly Generation[]): void {
    const oldest = kept[0]?.number ?? 0
    const { vaultId } = this.#parts
    for (const number of generationsIn(folder, vaultId))
      if (number < oldest) rmSync(generationPath(folder, vaultId, number), { force: true })
  }

  #isPending(row: LineRow): boolean {
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
