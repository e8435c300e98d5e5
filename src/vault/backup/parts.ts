/** What backups need of the vault that they are of, and of a copy of it. */
import type Database from 'better-sqlite3'
import type { AuditEntry } from '../../contract/records.ts'
import type { Header } from '../header.ts'
import type { VaultKeys } from '../keys/derive.ts'
import type { RandomSource } from '../random.ts'

/** Of the vault. */
export interface BackupParts {
  readonly vaultId: string
  /** Where its header stands; copies have none. */
  readonly folder?: string | undefined
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly random: RandomSource
  readonly nowMs: () => number
}

/** What a rebuilt vault is asked for. */
export interface RebuiltVault {
  readonly audit: { verify(): { ok: boolean; records: number }; append(entry: AuditEntry): void }
  readonly galleries: { counts(): { subjects: number; references: number } }
  readonly upkeep: {
    /** Opens every seal of a subject. @returns how many, 0 where there is no such subject */
    unsealAll(id: string): number
  }
  close(): void
}

/** Opens a rebuilt database as a vault without a folder: nothing of it is anchored or announced anywhere. */
export type OpenRebuilt = (rebuilt: {
  readonly header: Header
  readonly database: Database.Database
  readonly keys: VaultKeys
}) => RebuiltVault
