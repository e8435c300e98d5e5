/**
 * Speed of the vault: node bin/vultus.mjs bench vault [--rows N] [--search] [--only PART] [--json] [--folder FOLDER].
 * Beside it stands plain SQLite without any sealing, measured in turns in the same run: judge by the ratios, since machines
 * are noisy.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { basicSpeed } from './vaultParts/basic.ts'
import { filledVault, gallerySpeed } from './vaultParts/gallery.ts'
import { type Measured, tableOf } from './vaultParts/measure.ts'
import { searchSpeed } from './vaultParts/search.ts'
import { newVault, plainStore, vaultStore } from './vaultParts/stores.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    search: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    folder: { type: 'string' },
    /** basic, search or gallery; all where it is left out, search only with --search. */
    only: { type: 'string' },
  },
})
const rows = Number(options.rows)
if (!Number.isInteger(rows) || rows < 0) throw new Error(`--rows ${options.rows} should be a whole number`)

const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'vultus-bench-'))
const results: Measured[] = []
const say = (line: string) => process.stderr.write(`${line}\n`)
try {
  const inFolder = (name: string) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }
  const wanted = (part: string) => options.only === undefined || options.only === part
  if (wanted('basic')) {
    const kinds = { vault: vaultStore(await newVault(inFolder('basic'))), 'plain SQLite': plainStore(folder) }
    results.push(...basicSpeed(kinds))
    for (const store of Object.values(kinds)) store.close()
  }
  if (wanted('search') && (options.search || options.only === 'search')) {
    const vault = await filledVault(inFolder('search'), rows, true, say)
    results.push(...searchSpeed(vault, rows))
    vault.close()
    rmSync(join(folder, 'search'), { recursive: true })
  }
  if (wanted('gallery') && rows > 0) {
    const vault = await filledVault(inFolder('gallery'), rows, false, say)
    results.push(...(await gallerySpeed(vault, rows)))
    vault.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const report = { node: process.version, platform: `${process.platform} ${process.arch}`, rows, results }
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${tableOf(results)}\n`)
