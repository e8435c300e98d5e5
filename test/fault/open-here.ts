/** Opens vaults as openVault does, without deriving the root key of the passphrase each time, which is slow on purpose. */
import { readFileSync } from 'node:fs'
import { openDatabase } from '../../src/vault/database.ts'
import { databasePath, headerPath } from '../../src/vault/folder.ts'
import { pageSaltOf, parseHeader, verifyHeader } from '../../src/vault/header.ts'
import { readHeader } from '../../src/vault/headerFile.ts'
import { deriveKeys } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { openWith } from '../../src/vault/open.ts'
import { systemRandom } from '../../src/vault/random.ts'
import { Vault } from '../../src/vault/vault.ts'
import { childSegmentRows } from './child-data.ts'

export async function rootKeyOf(folder: string, passphrase: string): Promise<Buffer> {
  const { vaultId, key } = parseHeader(readFileSync(headerPath(folder), 'utf8'))
  return passphraseProvider(passphrase).open(vaultId, key)
}

export async function openHere(folder: string, rootKey: Buffer, nowMs: () => number = Date.now): Promise<Vault> {
  const header = readHeader(folder)
  const keys = deriveKeys(rootKey, header.vaultId, pageSaltOf(header))
  verifyHeader(header, keys)
  const vault = openWith(folder, header, keys, { nowMs, random: systemRandom, segmentRows: childSegmentRows })
  await vault.upkeep.catchUpIndex()
  return vault
}

/** A vault that does not wait for the disk: what it acknowledges a power cut may take away. */
export function openCareless(folder: string, rootKey: Buffer): Vault {
  const header = readHeader(folder)
  const keys = deriveKeys(rootKey, header.vaultId, pageSaltOf(header))
  const database = openDatabase(databasePath(folder), keys.page, header)
  database.pragma('synchronous = OFF')
  const { vaultId, kind } = header
  return new Vault({ vaultId, kind, folder, database, keys, random: systemRandom, nowMs: Date.now, segmentRows: childSegmentRows })
}
