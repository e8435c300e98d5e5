/** Opens vaults again and again without deriving the root key each time, which is slow on purpose. */
import { readFileSync } from 'node:fs'
import { openDatabase } from '../../src/vault/database.ts'
import { databasePath, headerPath } from '../../src/vault/folder.ts'
import { parseHeader, verifyHeader } from '../../src/vault/header.ts'
import { deriveKeys } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { assertOneTime } from '../../src/vault/open.ts'
import { systemRandom } from '../../src/vault/random.ts'
import { Vault } from '../../src/vault/vault.ts'
import { clock, passphrase } from '../vault/fixtures.ts'

/** A function that opens copies of the vault of this folder as openVault does. */
export async function quickOpener(folder: string, segmentRows?: number): Promise<(copy: string) => Vault> {
  const { vaultId, key } = parseHeader(readFileSync(headerPath(folder), 'utf8'))
  const rootKey = await passphraseProvider(passphrase).open(vaultId, key)
  return (copy) => {
    const header = parseHeader(readFileSync(headerPath(copy), 'utf8'))
    const keys = deriveKeys(rootKey, vaultId)
    verifyHeader(header, keys)
    const database = openDatabase(databasePath(copy), keys.page, header, (opened) => assertOneTime(opened, keys))
    try {
      return new Vault({ vaultId, kind: header.kind, database, keys, random: systemRandom, nowMs: clock(), segmentRows })
    } catch (error) {
      database.close()
      throw error
    }
  }
}
