/**
 * Replacing key files.
 *
 * 1. A key file never holds keys of subjects that were erased when it was written.
 * 2. It is replaced and that is noted in one turn: nothing can be erased between.
 */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { failedOf, VultusError } from '../../contract/errors.ts'
import type { AuditEntry } from '../../contract/records.ts'
import type { BackupSchedule, KeyFileReport } from '../../contract/rows/backup.ts'
import { sizeOf } from '../folder.ts'
import type { Header } from '../header.ts'
import { assertFolder, inBackupFolder, readKeyFile, replaceKeyFile } from './folder.ts'
import { encodeKeyFile, type Generation, type KeyFileContents, keyFileName, openKeyFile } from './keyFile.ts'
import type { Line, Lines } from './lines.ts'
import type { BackupParts } from './parts.ts'
import { withoutErased } from './subjectKeys.ts'

export interface KeyFilesParts extends Pick<BackupParts, 'vaultId' | 'keys' | 'random'> {
  readonly lines: Lines
  readonly header: () => Header
  readonly schedule: () => BackupSchedule
  /** Of the vault, whole milliseconds. */
  readonly nowMs: () => number
}

export class KeyFiles {
  readonly #parts: KeyFilesParts

  constructor(parts: KeyFilesParts) {
    this.#parts = parts
  }

  /** @returns the generations that it names: of a backup those that the schedule keeps */
  replace(line: Line, contents: KeyFileContents, audit: AuditEntry, made?: Generation): readonly Generation[] {
    const { vaultId, keys, random, lines, nowMs } = this.#parts
    const { folder, lineId } = line
    // Refused here and not after the file was replaced, where the vault was closed meanwhile.
    const erasureNo = lines.lastErasureNo()
    const generations = made === undefined ? contents.generations : contents.generations.slice(-this.#parts.schedule().generationsKept)
    const subjectKeys = withoutErased(contents.subjectKeys, lines.erased(), generations[0]?.number ?? 0)
    let digest: string
    try {
      const vaultHeader = this.#parts.header()
      digest = vaultHeader.digest
      const isNew = lines.announce(line)
      try {
        const written = { lineId, vaultHeader, root: keys.root, random, nowMs: nowMs() }
        replaceKeyFile(folder, vaultId, encodeKeyFile({ generations, subjectKeys }, written))
      } catch (error) {
        if (isNew && sizeOf(join(folder, keyFileName(vaultId))) === undefined) lines.withdraw(line)
        throw error
      }
    } finally {
      subjectKeys.fill(0)
    }
    // The time is taken after the old one is gone: until now somebody could have copied it.
    lines.note(line, { erasureNo, digest, nowMs: nowMs(), generations, made }, audit)
    return generations
  }

  /**
   * Writes the key files anew without the keys of erased subjects. A folder that cannot be reached stays pending.
   * @param proceed asked before each: throws where a backup is being made, which ends with a new key file of its own
   */
  async refresh(audit: AuditEntry, which: 'all' | 'pending', proceed: () => void): Promise<KeyFileReport[]> {
    const { lines } = this.#parts
    const reports: KeyFileReport[] = []
    for (const line of lines.list('all')) {
      if (which === 'pending' && !lines.isPending(line)) continue
      proceed()
      reports.push(await this.#refreshed(line, audit))
      await nextTurn()
    }
    return reports
  }

  async #refreshed(line: Line, audit: AuditEntry): Promise<KeyFileReport> {
    const { folder } = line
    try {
      await inBackupFolder(() => this.#rewrite(line, audit))
      return { folder, refreshedAt: this.#parts.lines.refreshedAt(line), problem: null }
    } catch (error) {
      return { folder, refreshedAt: null, problem: failedOf(error).refusal.code }
    }
  }

  #rewrite(line: Line, audit: AuditEntry): void {
    const { vaultId, keys } = this.#parts
    assertFolder(line.folder)
    const found = readKeyFile(line.folder, vaultId)
    if (found?.lineId !== line.lineId) throw new VultusError('backup.missing', 'no key file of that line')
    const contents = openKeyFile(found, keys.root)
    try {
      this.replace(line, contents, audit)
    } finally {
      contents.subjectKeys.fill(0)
    }
  }
}
