/** Making and opening vaults. The order of the checks decides what a person is told, and until all have passed nothing is changed. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { VultusError } from '../contract/errors.ts'
import type { KeyProviderName, VaultKind } from '../contract/types.ts'
import { AuditChain } from './audit.ts'
import { createDatabase, openDatabase } from './database.ts'
import { vaultFailure } from './failure.ts'
import {
  adoptDatabase,
  databasePath,
  headerPath,
  preparePrivateFolder,
  publishHeader,
  removeStaging,
  sizeOf,
  stagingDatabasePath,
} from './folder.ts'
import { encodeHeader, type Header, headerBytesMax, headerFormat, parseHeader, signHeader, verifyHeader } from './header.ts'
import { deriveKeys, type VaultKeys } from './keys/derive.ts'
import { keychainAvailable, keychainProvider } from './keys/keychain.ts'
import { assertStrongPassphrase, passphraseProvider } from './keys/passphrase.ts'
import { type KeyProvider, keyBytes } from './keys/provider.ts'
import { type RandomSource, randomId, systemRandom } from './random.ts'
import { Vault } from './vault.ts'

export { keychainAvailable }

export interface InitOptions {
  readonly folder: string
  readonly key: KeyProviderName
  readonly passphrase?: string | undefined
  readonly kind: VaultKind
  readonly nowMs: () => number
  readonly random?: RandomSource
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

function providerFor(key: KeyProviderName, passphrase: string | undefined): KeyProvider {
  return key === 'keychain' ? keychainProvider : passphraseProvider(passphrase)
}

/**
 * Makes a vault and opens it. Cut off at any moment it leaves a whole vault or none.
 * @throws vault.exists, vault.passphraseWeak, vault.kindRefused, keychain.unavailable, keychain.locked, vault.unwritable, vault.diskFull
 */
export async function initVault(options: InitOptions): Promise<Vault> {
  const { folder, key, passphrase, kind, nowMs, random = systemRandom, segmentRows } = options
  if (kind === 'demo' && key === 'keychain') throw new VultusError('vault.kindRefused', 'a demo vault leaves the keychain alone')
  try {
    if (vaultState(folder).state === 'present') throw new VultusError('vault.exists')
    if (key === 'passphrase') assertStrongPassphrase(passphrase)
    preparePrivateFolder(folder)
    const vaultId = randomId(random)
    const { header, keys } = await createFiles(folder, vaultId, providerFor(key, passphrase), { kind, nowMs, random })
    return openWith(folder, header, keys, { nowMs, random, segmentRows })
  } catch (error) {
    throw vaultFailure(error)
  }
}

async function createFiles(
  folder: string,
  vaultId: string,
  provider: KeyProvider,
  { kind, nowMs, random }: { kind: VaultKind; nowMs: () => number; random: RandomSource },
): Promise<{ header: Header; keys: VaultKeys }> {
  const rootKey = random(keyBytes)
  let keys: VaultKeys | undefined
  try {
    const record = await provider.create(vaultId, rootKey, random)
    keys = deriveKeys(rootKey, vaultId)
    const { page, audit } = keys
    const createdAt = new Date(nowMs()).toISOString()
    const header = signHeader({ format: headerFormat, vaultId, kind, createdAt, key: record }, keys)
    createDatabase(stagingDatabasePath(folder, vaultId), page, header, (database) => new AuditChain(database, audit, vaultId).start())
    publishHeader(folder, vaultId, encodeHeader(header))
    adoptDatabase(folder, vaultId)
    removeStaging(folder)
    return { header, keys }
  } catch (error) {
    // A published header stays: opening gives its database the name that was still missing.
    if (!isPublished(folder, vaultId)) {
      removeStaging(folder, vaultId)
      // What went wrong first is what has to be told; a key that no vault uses opens nothing.
      await provider.discard(vaultId).catch(() => undefined)
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
    const adopted = sizeOf(databasePath(folder)) !== undefined
    if (!adopted && sizeOf(stagingDatabasePath(folder, header.vaultId)) === undefined)
      throw new VultusError('vault.damaged', 'the database is gone')
    const rootKey = await providerFor(header.key.provider, passphrase).open(header.vaultId, header.key)
    const keys = deriveKeys(rootKey, header.vaultId)
    rootKey.fill(0)
    try {
      verifyHeader(header, keys)
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
      if (!adopted) adoptDatabase(folder, header.vaultId)
    } catch (error) {
      keys.page.fill(0)
      throw error
    }
    const vault = openWith(folder, header, keys, { nowMs, random, segmentRows })
    await vault.catchUpIndex()
    return vault
  } catch (error) {
    throw vaultFailure(error)
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

/** @throws vault.missing where there is neither header nor database */
function readHeader(folder: string): Header {
  const size = sizeOf(headerPath(folder))
  if (size === undefined) {
    throw sizeOf(databasePath(folder)) === undefined
      ? new VultusError('vault.missing')
      : new VultusError('vault.damaged', 'the header is gone')
  }
  if (size > headerBytesMax) throw new VultusError('vault.damaged', 'header')
  return parseHeader(readFileSync(headerPath(folder), 'utf8'))
}

function openWith(
  folder: string,
  header: Header,
  keys: VaultKeys,
  { nowMs, random, segmentRows }: { nowMs: () => number; random: RandomSource; segmentRows: number | undefined },
): Vault {
  try {
    const database = openDatabase(databasePath(folder), keys.page, header)
    try {
      return new Vault({ vaultId: header.vaultId, kind: header.kind, database, keys, random, nowMs, segmentRows })
    } catch (error) {
      database.close()
      throw error
    }
  } finally {
    keys.page.fill(0)
  }
}
