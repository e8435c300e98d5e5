/** Making and opening vaults. The order of the checks decides what a person is told, and until all have passed nothing is changed. */
import { accessSync, constants } from 'node:fs'
import { basename } from 'node:path'
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { AuditEntry } from '../contract/records.ts'
import { type KeyProviderName, needsKeychain, needsPassphrase, type SealAlgorithm, type VaultKind } from '../contract/types.ts'
import { AuditChain } from './audit.ts'
import { assertKeys } from './consistency.ts'
import { createDatabase, openDatabase } from './database.ts'
import { dateableMs } from './dateable.ts'
import { vaultFailure } from './failure.ts'
import {
  adoptDatabase,
  databasePath,
  pageCopyPath,
  preparePrivateFolder,
  publishHeader,
  removeStaging,
  removeUnfinishedChanges,
  replaceHeader,
  sizeOf,
  stagingDatabasePath,
} from './folder.ts'
import { bodyOf, encodeHeader, type Header, headerFormat, pageSaltOf, signHeader, verifyHeader } from './header.ts'
import { readHeader, takeHeaderBack } from './headerFile.ts'
import { holderOf } from './holder.ts'
import { deriveKeys, type VaultKeys } from './keys/derive.ts'
import { keychainAvailable } from './keys/keychain.ts'
import { assertStrongPassphrase } from './keys/passphrase.ts'
import { type KeyProvider, type KeyRecord, keyBytes } from './keys/provider.ts'
import { providerOf } from './keys/providers.ts'
import { decodeRecoveryKey, openWithRecoveryKey, type RecoveryRecord } from './keys/recoveryKey.ts'
import { adoptMissingCopy } from './pageCopy.ts'
import { notPlain } from './plainFile.ts'
import { type RandomSource, randomId, systemRandom } from './random.ts'
import { newRecovery, putRecovery } from './recovery.ts'
import { assertRows } from './rowDigest.ts'
import { defaultSealAlgorithm } from './seal.ts'
import { assertIds } from './subjectIds.ts'
import { Vault } from './vault.ts'

export { keychainAvailable }

export interface InitOptions {
  readonly folder: string
  readonly key: KeyProviderName
  readonly passphrase?: string | undefined
  readonly kind: VaultKind
  /** What values are sealed with; AES-256-GCM where left out. */
  readonly algorithm?: SealAlgorithm | undefined
  readonly nowMs: () => number
  readonly random?: RandomSource
  /** Gets the recovery key, this once; a demo vault has none. */
  readonly onRecoveryKey?: (recoveryKey: string) => void
  /** Reference numbers that a segment of the gallery covers. */
  readonly segmentRows?: number | undefined
}

export interface OpenOptions {
  readonly folder: string
  readonly passphrase?: string | undefined
  readonly nowMs: () => number
  readonly random?: RandomSource
  /** Reference numbers that a segment of the gallery covers. */
  readonly segmentRows?: number | undefined
}

/** What the header says, unauthenticated: for a status, never for a decision. kind and key are null where it cannot be read. */
export interface VaultState {
  readonly state: 'missing' | 'present'
  readonly kind: VaultKind | null
  readonly key: KeyProviderName | null
}

/**
 * Makes a vault and opens it. Cut off at any moment it leaves a whole vault or none.
 * @throws vault.exists, vault.passphraseWeak, vault.kindRefused, keychain.unavailable, keychain.locked, vault.unwritable, vault.diskFull
 */
export async function initVault(options: InitOptions): Promise<Vault> {
  const { folder, key, passphrase, kind, nowMs, random = systemRandom, segmentRows } = options
  if (kind === 'demo' && needsKeychain(key)) throw new VultusError('vault.kindRefused', 'a demo vault leaves the keychain alone')
  try {
    if (vaultState(folder).state === 'present') throw new VultusError('vault.exists')
    if (needsPassphrase(key)) assertStrongPassphrase(passphrase)
    preparePrivateFolder(folder)
    const { header, keys, recoveryKey } = await createFiles(options, randomId(random), providerOf(key, { passphrase }), random)
    const vault = openWith(folder, header, keys, { nowMs, random, segmentRows })
    if (recoveryKey !== undefined) options.onRecoveryKey?.(recoveryKey)
    return vault
  } catch (error) {
    throw vaultFailure(error)
  }
}

async function createFiles(
  { folder, kind, nowMs, algorithm = defaultSealAlgorithm }: InitOptions,
  vaultId: string,
  provider: KeyProvider,
  random: RandomSource,
): Promise<{ header: Header; keys: VaultKeys; recoveryKey: string | undefined }> {
  const rootKey = random(keyBytes)
  let keys: VaultKeys | undefined
  let record: KeyRecord | undefined
  try {
    record = await provider.create(vaultId, rootKey, random)
    keys = deriveKeys(rootKey, vaultId)
    const { page, audit } = keys
    const recovery = kind === 'real' ? newRecovery(keys, vaultId, random) : undefined
    const createdAt = new Date(dateableMs(nowMs())).toISOString()
    const body = { format: headerFormat, vaultId, kind, createdAt, key: record, recovery: recovery?.record } as const
    const header = signHeader(body, keys)
    createDatabase(stagingDatabasePath(folder, vaultId), page, header, (database) => {
      new AuditChain(database, audit, vaultId).start()
      database.prepare('UPDATE vault SET seal_algorithm = ? WHERE only_row = 1').run(algorithm)
      if (recovery !== undefined) putRecovery(database, recovery.record.id, recovery.groups)
    })
    publishHeader(folder, vaultId, encodeHeader(header))
    adoptDatabase(folder, vaultId)
    removeStaging(folder)
    return { header, keys, recoveryKey: recovery?.text }
  } catch (error) {
    // A published header stays: opening gives its database the name that was still missing.
    if (!isPublished(folder, vaultId)) {
      removeStaging(folder, vaultId)
      // What went wrong first is what has to be told; a key that no vault uses opens nothing.
      await provider.discard(vaultId, record).catch(() => undefined)
    }
    keys?.page.fill(0)
    throw error
  } finally {
    rootKey.fill(0)
  }
}

function isPublished(folder: string, vaultId: string): boolean {
  try {
    return readHeader(folder).vaultId === vaultId
  } catch {
    return false
  }
}

/**
 * Opens the vault of a folder.
 * @throws vault.missing, vault.locked (no passphrase given), vault.wrongKey, key.missing, keychain.unavailable, keychain.locked,
 * vault.damaged, vault.tooNew, vault.inUse, vault.unwritable
 */
export async function openVault(options: OpenOptions): Promise<Vault> {
  const { folder, passphrase, nowMs, random = systemRandom, segmentRows } = options
  try {
    const header = readHeader(folder)
    assertDatabaseThere(folder, header)
    const rootKey = await providerOf(header.key.provider, { passphrase }).open(header.vaultId, header.key)
    return await caughtUp(openWith(folder, header, takeKeys(rootKey, header), { nowMs, random, segmentRows }))
  } catch (error) {
    throw vaultFailure(error)
  }
}

/** The vault with an index of all its subjects; one that cannot be had is closed, so that it can be opened again. */
async function caughtUp(vault: Vault): Promise<Vault> {
  try {
    await vault.upkeep.catchUpIndex()
    return vault
  } catch (error) {
    vault.close()
    throw error
  }
}

export interface RecoverOptions extends OpenOptions {
  /** As it was typed. */
  readonly recoveryKey: string
  /** What keeps the root key from now on, with `passphrase` where it needs one. */
  readonly key: KeyProviderName
  /** The entry of the use, committed with it. */
  readonly audit: AuditEntry
}

/**
 * Opens a vault with its recovery key and gives its root key to a new provider. The recovery key stays good.
 * @throws recovery.none, recovery.mistyped, recovery.wrong, vault.passphraseWeak, and what openVault throws
 */
export async function recoverVault(options: RecoverOptions): Promise<Vault> {
  const { folder, key, passphrase, audit, nowMs, random = systemRandom, segmentRows } = options
  try {
    const header = readHeader(folder)
    assertDatabaseThere(folder, header)
    if (header.recovery === undefined) throw new VultusError('recovery.none')
    if (needsPassphrase(key)) assertStrongPassphrase(passphrase)
    const rootKey = rootKeyBy(options.recoveryKey, header.vaultId, header.recovery)
    const copyOfRoot = Buffer.from(rootKey)
    try {
      const vault = openWith(folder, header, takeKeys(rootKey, header), { nowMs, random, segmentRows })
      await handOver({ vault, folder, header, audit, random }, copyOfRoot, providerOf(key, { passphrase }))
      return await caughtUp(vault)
    } finally {
      copyOfRoot.fill(0)
    }
  } catch (error) {
    throw vaultFailure(error)
  }
}

interface HandOver {
  readonly vault: Vault
  readonly folder: string
  readonly header: Header
  readonly audit: AuditEntry
  readonly random: RandomSource
}

/** @param typed a recovery key @throws recovery.mistyped, recovery.wrong */
function rootKeyBy(typed: string, vaultId: string, record: RecoveryRecord): Buffer {
  const recoveryKey = decodeRecoveryKey(typed)
  try {
    return openWithRecoveryKey(recoveryKey, vaultId, record)
  } finally {
    recoveryKey.fill(0)
  }
}

/** Whether what a provider keeps for a record is not what it keeps for the other. */
const isOwn = (record: KeyRecord, other: KeyRecord) => record.provider !== other.provider || record.provider === 'keychain+passphrase'

/** Gives the root key to a new provider. The entry is committed first: a kill in the middle leaves no use without one. */
async function handOver({ vault, folder, header, audit, random }: HandOver, rootKey: Buffer, provider: KeyProvider): Promise<void> {
  const { vaultId, key: former } = header
  let record: KeyRecord | undefined
  try {
    record = await provider.create(vaultId, rootKey, random)
    const keys = deriveKeys(rootKey, vaultId)
    keys.page.fill(0)
    vault.audit.append(audit)
    replaceHeader(folder, vaultId, encodeHeader(signHeader({ ...bodyOf(header), format: headerFormat, key: record }, keys)))
  } catch (error) {
    const unchanged = takeHeaderBack(folder, header)
    vault.close()
    // Where the new header stands, it needs what was kept; an entry of one name is still that of the provider before.
    if (unchanged && record !== undefined && isOwn(record, former)) await provider.discard(vaultId, record).catch(() => undefined)
    throw error
  }
  // On a new machine the old provider left nothing; elsewhere what it kept must not open the vault any more.
  if (isOwn(former, record)) {
    await providerOf(former.provider, {})
      .discard(vaultId, former)
      .catch(() => undefined)
  }
}

function assertDatabaseThere(folder: string, header: Header): void {
  const { vaultId, page } = header
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    const path = `${databasePath(folder)}${suffix}`
    const problem = notPlain(path)
    // SQLite waits for a pipe without end, and follows a link to a log that nobody here looks for.
    if (problem !== undefined) throw new VultusError('vault.damaged', `${basename(path)} ${problem}`)
  }
  const places = [databasePath(folder), stagingDatabasePath(folder, vaultId)]
  if (page !== undefined) places.push(pageCopyPath(folder, vaultId, page.generation))
  if (places.every((path) => sizeOf(path) === undefined)) throw new VultusError('vault.damaged', 'the database is gone')
}

/** The keys of a header, when they are. @param rootKey zeroed here @throws vault.wrongKey, vault.damaged */
function takeKeys(rootKey: Buffer, header: Header): VaultKeys {
  const keys = deriveKeys(rootKey, header.vaultId, pageSaltOf(header))
  rootKey.fill(0)
  try {
    verifyHeader(header, keys)
    return keys
  } catch (error) {
    keys.page.fill(0)
    throw error
  }
}

/** Reads only the header, without a key. @throws vault.unwritable where the folder cannot be looked into */
export function vaultState(folder: string): VaultState {
  try {
    const { kind, key } = readHeader(folder)
    return { state: 'present', kind, key: key.provider }
  } catch (error) {
    const failure = vaultFailure(error)
    if (!(failure instanceof VultusError) || failure.code === 'vault.unwritable') throw failure
    return { state: failure.code === 'vault.missing' ? 'missing' : 'present', kind: null, key: null }
  }
}

/** Opens the database of a verified header; what an interrupted init or rekey left undone is carried out first. Zeroes the page key. */
export function openWith(
  folder: string,
  header: Header,
  keys: VaultKeys,
  { nowMs, random, segmentRows }: { nowMs: () => number; random: RandomSource; segmentRows?: number | undefined },
): Vault {
  const { vaultId, kind, page } = header
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    if (sizeOf(databasePath(folder)) === undefined && page === undefined) adoptDatabase(folder, vaultId)
    if (page !== undefined) adoptMissingCopy(folder, vaultId, page.generation, keys.page)
    const database = openUnchanged(folder, keys, header)
    try {
      removeUnfinishedChanges(folder)
      removeStaging(folder)
      const keychain = header.key.provider.startsWith('keychain')
      return new Vault({ vaultId, kind, folder, database, keys, random, nowMs, keychain, segmentRows })
    } catch (error) {
      database.close()
      throw error
    }
  } finally {
    keys.page.fill(0)
  }
}

/** Whether the rows of a database are those of its last change, have their keys, and are found by their ids. @throws vault.damaged */
export function assertOneTime(database: Database.Database, keys: VaultKeys): void {
  assertRows(database, keys)
  assertKeys(database)
  assertIds(database)
}

/** Whoever is refused because another process holds the vault is told which, where the system knows it. */
function namingHolder(error: unknown, folder: string): unknown {
  const failure = vaultFailure(error)
  if (!(failure instanceof VultusError) || failure.code !== 'vault.inUse') return error
  const pid = holderOf(databasePath(folder))
  return pid === undefined ? failure : new VultusError('vault.inUse', `process ${pid}`, { cause: error })
}

/**
 * The database, when the header that was read is still the header: a rekey of another process may have changed it before
 * the lock was had, and then this is not the key, or not the file.
 * @throws vault.inUse where it has changed; whoever tries again reads the new one
 */
function openUnchanged(folder: string, keys: VaultKeys, header: Header): Database.Database {
  const unchanged = () => encodeHeader(readHeader(folder)) === encodeHeader(header)
  let database: Database.Database | undefined
  try {
    database = openDatabase(databasePath(folder), keys.page, header, (opened) => assertOneTime(opened, keys))
    if (unchanged()) return database
  } catch (error) {
    if (unchanged()) throw namingHolder(error, folder)
  }
  database?.close()
  throw new VultusError('vault.inUse')
}
