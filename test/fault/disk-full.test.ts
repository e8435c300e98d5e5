/** A disk that is full: what is refused leaves nothing behind, and the vault goes on when there is space again. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/vault/database.ts'
import { databasePath, headerPath } from '../../src/vault/folder.ts'
import { parseHeader } from '../../src/vault/header.ts'
import { deriveKeys } from '../../src/vault/keys/derive.ts'
import { passphraseProvider } from '../../src/vault/keys/passphrase.ts'
import { systemRandom } from '../../src/vault/random.ts'
import { Vault } from '../../src/vault/vault.ts'
import { bytesOf, clock, codeOf, enrolEntry, newVault, passphrase, referenceOf, reopened, temporaryFolder } from '../vault/fixtures.ts'

it('is told, loses nothing, and is over when there is space', async () => {
  const folder = temporaryFolder()
  ;(await newVault(folder)).close()
  const header = parseHeader(readFileSync(headerPath(folder), 'utf8'))
  const keys = deriveKeys(await passphraseProvider(passphrase).open(header.vaultId, header.key), header.vaultId)
  const database = openDatabase(databasePath(folder), keys.page, header)
  const { vaultId, kind } = header
  const vault = new Vault({ vaultId, kind, database, keys, random: systemRandom, nowMs: clock() })
  const enrol = (id: string) =>
    vault.enrolments.commit({ id, references: [referenceOf(id, { sample: bytesOf(id, 200_000) })], audit: enrolEntry })
  enrol('R-1')
  // SQLite answers a file that may not grow as it answers a full disk.
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 4}`)
  expect(await codeOf(() => enrol('R-2'))).toBe('vault.diskFull')
  expect(vault.galleries.counts()).toEqual({ subjects: 1, references: 1, sequence: 1 })
  expect(vault.subjects.get('R-2')).toBeUndefined()
  expect(Buffer.compare(vault.references.newestSample('R-1')!, bytesOf('R-1', 200_000))).toBe(0)
  database.pragma('max_page_count = 1000000')
  expect(enrol('R-2')).toEqual({ sequence: 2, referenceNos: [2], removedReferenceNos: [] })
  vault.close()
  expect(readdirSync(folder).sort()).toEqual(['vault.db', 'vault.json'])
  const again = await reopened(folder)
  expect(again.galleries.counts().subjects).toBe(2)
  expect(again.audit.verify()).toEqual({ ok: true, records: 2, firstBad: null })
})

it.skipIf(process.platform === 'win32')(
  'a header of which only a part fits the disk is not put in the place of the one before',
  async () => {
    const folder = temporaryFolder()
    ;(await newVault(folder)).close()
    const before = readFileSync(headerPath(folder), 'utf8')
    expect(before.length).toBeGreaterThan(512)
    const script = `
    import { headerPath, replaceHeader } from ${JSON.stringify(import.meta.resolve('../../src/vault/folder.ts'))}
    import { readFileSync } from 'node:fs'
    const [folder] = process.argv.slice(1)
    try { replaceHeader(folder, '00000000-0000-4000-8000-000000000000', readFileSync(headerPath(folder), 'utf8')) } catch (error) { console.log(error.code) }`
    // A file of this process may have 512 bytes: a write of more is taken in part, as on a disk with little space left.
    const limited = ['-c', 'ulimit -f 1; exec "$0" "$@"', process.execPath]
    const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script, folder]
    const { stdout } = spawnSync('/bin/sh', [...limited, ...flags], { encoding: 'utf8' })
    expect(stdout.trim()).toBe('EFBIG')
    expect(readFileSync(headerPath(folder), 'utf8')).toBe(before)
  },
)
