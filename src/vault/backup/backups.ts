/**
 * Backups of an open vault.
 *
 * 1. A generation counts from the moment the key file that names it has replaced the one before; that happens after a test
 *    restore of exactly these files has passed.
 * 2. A generation's data needs the key file (keyFiles.ts); the key file needs the root key or the recovery key.
 * 3. No wrapped key of an erased subject outlives the acknowledgement of the erasure, in a copy that is being made either.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { VultusError } from '../../contract/errors.ts'
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
  temporaryFolder,
  vaultsIn,
} from './folder.ts'
import { makeGeneration, pageKeyOf, removeMoment } from './generation.ts'
import { encodeKeyFile, type Generation, type KeyFileContents, openKeyFile, parseKeyFile } from './keyFile.ts'
import { KeyFiles } from './keyFiles.ts'
import { Lines } from './lines.ts'
import type { BackupParts, OpenRebuilt } from './parts.ts'
import { rebuild, type Verified } from './rebuild.ts'
import type { SubjectKey } from './subjectKeys.ts'
import { keysOfGeneration, withGeneration } from './subjectKeys.ts'

const hourMs = 3_600_000
/** How long until key files that could not be reached are tried again where nobody erases. */
const retryMs = 10 * 60_000
const byItself: AuditEntry = {
  event: 'vault.refreshKeyFile',
  actor: { role: 'administrator', door: 'command' },
  outcome: 'done',
  details: { byItself: true },
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
  readonly #settings: Settings
  readonly #lines: Lines
  readonly #keyFiles: KeyFiles
  #making: AbortController | undefined
  #running = false
  #failedMs: number | undefined

  constructor({ parts, transactions, settings, open, renewCertificates }: BackupsParts) {
    this.#parts = parts
    this.#settings = settings
    this.#transactions = transactions
    this.#openRebuilt = open
    const { database } = parts
    const header = () => this.#header()
    this.#lines = new Lines({ database, transactions, settings, renewCertificates, headerDigest: () => header().digest })
    const nowMs = () => transactions.nowMs()
    this.#keyFiles = new KeyFiles({ ...parts, lines: this.#lines, header, schedule: () => this.schedule(), nowMs })
  }

  /** What is known of the backups, without looking into their folders. */
  folders(): BackupFolderReport[] {
    return this.#lines.folders()
  }

  schedule(): BackupSchedule {
    return this.#settings.get('backup.schedule')
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
    const lastMs = this.#lines.lastMs(folder)
    if (lastMs === null) return folder
    const sinceMs = this.#transactions.nowMs() - lastMs
    // A clock that was set back must not put backups off until it has caught up.
    return sinceMs >= intervalHours * hourMs || sinceMs < 0 ? folder : undefined
  }

  /** Whether a key file still has to follow an erasure or a change of the vault's header. */
  get pending(): boolean {
    return this.#lines.list('pending').length > 0
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

  /** Writes the key files anew without the keys of erased subjects. A folder that cannot be reached stays pending. @throws backup.running */
  refresh(audit: AuditEntry, which: 'all' | 'pending' = 'all'): Promise<KeyFileReport[]> {
    return this.#keyFiles.refresh(audit, which, () => {
      // A backup that is being made ends with a new key file of its own.
      if (this.#running) throw new VultusError('backup.running')
    })
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
    this.#lines.forget(folder, audit)
  }

  async #backUp(folder: string, audit: AuditEntry, watch: CopyWatch): Promise<BackupReport> {
    const { vaultId, random, keys } = this.#parts
    const header = this.#header()
    assertFolder(folder)
    assertOutside(folder, this.#folder())
    if (vaultsIn(folder).some((other) => other !== vaultId)) throw new VultusError('backup.foreign')
    const found = readKeyFile(folder, vaultId)
    const line = { folder, lineId: found?.lineId ?? randomId(random) }
    removeTemporary(folder, vaultId)
    const temporary = temporaryFolder(folder, vaultId)
    const pageKeyBytes = random(keyBytes)
    const pageKeyText = pageKeyBytes.toString('base64')
    const pageKey = pageKeyOf(pageKeyBytes)
    let before: KeyFileContents = { generations: [], subjectKeys: Buffer.alloc(0) }
    let subjectKeys: Buffer = Buffer.alloc(0)
    let taken: readonly SubjectKey[] = []
    try {
      if (found !== undefined) before = openKeyFile(found, keys.root)
      const number = 1 + Math.max(0, ...before.generations.map((known) => known.number), ...generationsIn(folder, vaultId))
      const path = join(temporary, 'generation')
      const createdMs = this.#transactions.nowMs()
      taken = await this.#generationAt(path, pageKey, halfOf(watch, 0))
      subjectKeys = withGeneration(before.subjectKeys, number, taken)
      const generation: Generation = {
        number,
        createdAt: new Date(createdMs).toISOString(),
        bytes: sizeOf(path) ?? 0,
        sha256: await digestOfFile(path),
        subjects: taken.length,
        pageKey: pageKeyText,
      }
      const contents = { generations: [...before.generations, generation], subjectKeys }
      const keyFile = encodeKeyFile(contents, { ...line, vaultHeader: header, root: keys.root, random, nowMs: createdMs })
      const verified = await this.#testRestore(path, temporary, keyFile, generation, audit, halfOf(watch, 1))
      publish(path, folder, generationPath(folder, vaultId, number))
      const kept = this.#keyFiles.replace(line, contents, audit, generation)
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

  /** Generations that the key file names no more; nobody can read them. */
  #removeOlder(folder: string, kept: readonly Generation[]): void {
    const oldest = kept[0]?.number ?? 0
    const { vaultId } = this.#parts
    for (const number of generationsIn(folder, vaultId))
      if (number < oldest) rmSync(generationPath(folder, vaultId, number), { force: true })
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
