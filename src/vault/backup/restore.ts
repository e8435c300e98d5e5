/**
 * Restoring a vault into a folder that has none. Everything is checked and built before the header, whose publishing is the
 * one moment at which the folder has a vault; cut off before it, the folder has none.
 */

import { createSecretKey } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type ErrorCode, VultusError } from '../../contract/errors.ts'
import type { AuditEntry } from '../../contract/records.ts'
import { type KeyProviderName, needsPassphrase, type VaultKind } from '../../contract/types.ts'
import type { CopyWatch } from '../copy.ts'
import { connect } from '../database.ts'
import { vaultFailure } from '../failure.ts'
import {
  adoptPageCopy,
  databasePath,
  headerPath,
  pageCopyPath,
  preparePrivateFolder,
  publishHeader,
  removeStaging,
  removeUnfinishedChanges,
  sizeOf,
} from '../folder.ts'
import { bodyOf, encodeHeader, type Header, type HeaderKeys, headerFormat, signHeader, verifyHeader } from '../header.ts'
import { deriveKeys, derivePageKey } from '../keys/derive.ts'
import { assertStrongPassphrase } from '../keys/passphrase.ts'
import { keyBytes } from '../keys/provider.ts'
import { providerOf } from '../keys/providers.ts'
import { decodeRecoveryKey, openWithRecoveryKey } from '../keys/recoveryKey.ts'
import { type RandomSource, systemRandom } from '../random.ts'
import { Vault } from '../vault.ts'
import { assertFolder, assertGeneration, generationPath, generationsIn, inBackupFolder, readKeyFile, vaultOfFolder } from './folder.ts'
import { type Generation, type KeyFileContents, openKeyFile, type ReadKeyFile } from './keyFile.ts'
import type { OpenRebuilt } from './parts.ts'
import { rebuild, type Verified } from './rebuild.ts'
import { keysOfGeneration } from './subjectKeys.ts'

export interface RestoreOptions {
  /** The backup folder. */
  readonly from: string
  /** The data folder, without a vault. */
  readonly folder: string
  /** Number of the generation; the newest where it is left out. */
  readonly generation?: number | undefined
  /** As it was typed; without it the backup opens as its vault does. */
  readonly recoveryKey?: string | undefined
  /** Opens the backup (where there is no recovery key) and goes to the new provider. */
  readonly passphrase?: string | undefined
  /** What keeps the root key of the restored vault; as before where it is left out. */
  readonly key?: KeyProviderName | undefined
  readonly audit: AuditEntry
  readonly nowMs: () => number
  readonly random?: RandomSource
  readonly watch?: CopyWatch
}

export interface Restored {
  readonly vaultId: string
  readonly kind: VaultKind
  readonly key: KeyProviderName
  readonly generation: number
  readonly createdAt: string
  readonly verified: Verified
}

/** A key file that is open, and the generation that was chosen from it. */
interface Chosen {
  readonly file: ReadKeyFile
  readonly contents: KeyFileContents
  readonly generation: Generation
}

/**
 * Restores a generation. The caller opens the vault.
 * @throws vault.exists, backup.unreachable, backup.missing, backup.damaged, backup.foreign, backup.mismatch, recovery.mistyped,
 * recovery.wrong, recovery.none, vault.locked, vault.wrongKey, key.missing, vault.passphraseWeak, vault.diskFull, vault.tooNew
 */
export async function restoreVault(options: RestoreOptions): Promise<Restored> {
  const { from, folder, passphrase } = options
  try {
    if (sizeOf(headerPath(folder)) !== undefined || sizeOf(databasePath(folder)) !== undefined) throw new VultusError('vault.exists')
    const file = await inBackupFolder(() => {
      assertFolder(from)
      return readKeyFile(from, vaultOfFolder(from))
    })
    if (file === undefined) throw new VultusError('backup.missing', 'no key file')
    const key = options.key ?? file.vaultHeader.key.provider
    if (file.vaultHeader.kind === 'demo' && key !== 'passphrase')
      throw new VultusError('vault.kindRefused', 'a demo vault leaves the keychain alone')
    if (needsPassphrase(key)) assertStrongPassphrase(passphrase)
    const rootKey = await rootKeyOf(file, options)
    try {
      return await withRootKey(options, file, rootKey, key)
    } finally {
      rootKey.fill(0)
    }
  } catch (error) {
    throw vaultFailure(error)
  }
}

const otherwiseOpened: readonly ErrorCode[] = ['vault.wrongKey', 'vault.locked', 'key.missing', 'keychain.unavailable', 'keychain.locked']

async function rootKeyOf({ vaultId, vaultHeader }: ReadKeyFile, { recoveryKey, passphrase }: RestoreOptions): Promise<Buffer> {
  if (recoveryKey === undefined) return await asItOpened(vaultId, vaultHeader, passphrase)
  if (vaultHeader.recovery === undefined) throw new VultusError('recovery.none')
  const typed = decodeRecoveryKey(recoveryKey)
  try {
    return openWithRecoveryKey(typed, vaultId, vaultHeader.recovery)
  } finally {
    typed.fill(0)
  }
}

/** On a new machine what kept the key may be missing: the recovery key does without it, and who restores has to hear of that. */
async function asItOpened(vaultId: string, { key }: Header, passphrase: string | undefined): Promise<Buffer> {
  try {
    return await providerOf(key.provider, { passphrase }).open(vaultId, key)
  } catch (error) {
    if (!(error instanceof VultusError) || !otherwiseOpened.includes(error.code)) throw error
    throw new VultusError(error.code, 'the recovery key opens the backup, too', { cause: error })
  }
}

async function withRootKey(options: RestoreOptions, file: ReadKeyFile, rootKey: Buffer, key: KeyProviderName): Promise<Restored> {
  const { from, folder, passphrase, random = systemRandom } = options
  const { vaultId, vaultHeader } = file
  const pageSalt = random(keyBytes)
  const keys = deriveKeys(rootKey, vaultId, pageSalt)
  keys.page.fill(0)
  try {
    verifyHeader(vaultHeader, keys)
  } catch (error) {
    throw error instanceof VultusError && error.code === 'vault.damaged' ? new VultusError('backup.damaged', 'key file') : error
  }
  const contents = openKeyFile(file, createSecretKey(rootKey))
  try {
    const generation = chosenOf(options, vaultId, contents)
    await inBackupFolder(() => assertGeneration(from, vaultId, generation))
    preparePrivateFolder(folder)
    removeUnfinishedChanges(folder)
    // A number that no copy of the former database has, and no other restore into this folder: its copy would be taken for ours.
    const number = (vaultHeader.page?.generation ?? 0) + 1 + (random(4).readUInt32LE() >>> 2)
    const page = { generation: number, salt: pageSalt.toString('base64') }
    const unkeyed = signHeader({ ...bodyOf(vaultHeader), format: headerFormat, page }, keys)
    const verified = await build(options, { file, contents, generation }, unkeyed, rootKey, pageSalt)
    const header = await keepKey(unkeyed, { rootKey, keys, key, passphrase, random }).catch((error: unknown) => {
      removeUnfinishedChanges(folder)
      throw error
    })
    assertStillOurs(folder, header, rootKey, pageSalt)
    // A header of this vault that a killed restore had not published yet.
    removeStaging(folder, vaultId)
    publishHeader(folder, vaultId, encodeHeader(header))
    adoptPageCopy(folder, vaultId, page.generation)
    removeStaging(folder)
    return { vaultId, kind: header.kind, key, generation: generation.number, createdAt: generation.createdAt, verified }
  } finally {
    contents.subjectKeys.fill(0)
  }
}

/** Somebody else who restores into the folder at the same time would have taken the copy away. @throws vault.inUse */
function assertStillOurs(folder: string, { vaultId, page }: Header, rootKey: Buffer, pageSalt: Buffer): void {
  const pageKey = derivePageKey(createSecretKey(rootKey), vaultId, pageSalt)
  try {
    const copy = connect(pageCopyPath(folder, vaultId, page?.generation ?? 0), pageKey, { readonly: false })
    try {
      copy.prepare('SELECT count(*) FROM vault').get()
    } finally {
      copy.close()
    }
  } catch (error) {
    throw new VultusError('vault.inUse', undefined, { cause: error })
  } finally {
    pageKey.fill(0)
  }
}

interface NewKeeper {
  readonly rootKey: Buffer
  readonly keys: HeaderKeys
  readonly key: KeyProviderName
  readonly passphrase: string | undefined
  readonly random: RandomSource
}

/** Gives the root key to its keeper. @returns the header of the restored vault */
async function keepKey(header: Header, { rootKey, keys, key, passphrase, random }: NewKeeper): Promise<Header> {
  const record = await providerOf(key, { passphrase }).create(header.vaultId, rootKey, random)
  return signHeader({ ...bodyOf(header), format: headerFormat, key: record }, keys)
}

function chosenOf({ from, generation: wanted }: RestoreOptions, vaultId: string, { generations }: KeyFileContents): Generation {
  const present = generationsIn(from, vaultId)
  const chosen = wanted === undefined ? generations.at(-1) : generations.find(({ number }) => number === wanted)
  if (chosen !== undefined) return chosen
  const number = wanted ?? present.at(-1)
  if (number === undefined || !present.includes(number))
    throw new VultusError('backup.missing', number === undefined ? undefined : `generation ${number}`)
  throw new VultusError('backup.mismatch', `generation ${number}`)
}

async function build(options: RestoreOptions, chosen: Chosen, header: Header, rootKey: Buffer, pageSalt: Buffer): Promise<Verified> {
  const { from, folder, audit, nowMs, random = systemRandom } = options
  const { file, contents, generation } = chosen
  const target = pageCopyPath(folder, file.vaultId, header.page?.generation ?? 0)
  const keys = keysOfGeneration(contents.subjectKeys, generation.number)
  const source = generationPath(from, file.vaultId, generation.number)
  const watch = options.watch ?? { signal: new AbortController().signal, onProgress: () => undefined }
  const open: OpenRebuilt = ({ database, keys: opened }) =>
    new Vault({ vaultId: file.vaultId, kind: header.kind, database, keys: opened, random, nowMs })
  try {
    return await rebuild({ source, generation, keys, target, header, rootKey, pageSalt, audit, random, nowMs, watch, open })
  } catch (error) {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${target}${ending}`, { force: true })
    throw error
  }
}
