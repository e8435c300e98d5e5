/**
 * Speed of the vault; run it with --help. Beside the vault stands plain SQLite without any encryption or sealing, measured in turns
 * in the same run: judge by the ratios, since machines are noisy.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { basicSpeed } from './vaultParts/basic.ts'
import { galleryOfPlain, galleryOfVault } from './vaultParts/gallery.ts'
import { filledPlain, filledVault } from './vaultParts/large.ts'
import { type Measured, tableOf } from './vaultParts/measure.ts'
import { rotationSpeed } from './vaultParts/rotation.ts'
import { searchSpeed } from './vaultParts/search.ts'
import { newVault, plainStore, vaultStore } from './vaultParts/stores.ts'

const parts = ['basic', 'large', 'search', 'gallery', 'rotate'] as const
const help = `Speed of the vault, beside plain SQLite.

  npm run bench:vault -- [--rows N] [--only PART] [--folder FOLDER] [--keep] [--json]

  --rows N         subjects of the large vault; 1000000, which the limits are for, where left out
  --only PART      ${parts.join(', ')}; may be given several times
  --folder FOLDER  where the vaults are made; a folder of its own in the system's temporary one where left out
  --keep           keeps the large vault in that folder, and takes the one that a run before has kept there
  --json           JSON instead of the table

1000000 rows take 8 GB of disk. On two cores of a busy machine (load 5 to 20) the large vault took 14 minutes to make, and all parts on
a kept one 7 minutes. 100000 rows take a tenth. --only basic takes half a minute.
`

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    only: { type: 'string', multiple: true, default: [] },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  process.stdout.write(help)
  process.exit(0)
}
const rows = Number(options.rows)
if (!Number.isInteger(rows) || rows < 1) throw new Error(`--rows ${options.rows} should be a whole number above 0`)
const unknown = options.only.find((part) => !parts.some((known) => known === part))
if (unknown !== undefined) throw new Error(`--only ${unknown} should be one of ${parts.join(', ')}`)
if (options.keep && options.folder === undefined) throw new Error('--keep keeps in a folder: give it with --folder')

const wanted = (part: (typeof parts)[number]) => options.only.length === 0 || options.only.includes(part)
const say = (line: string) => process.stderr.write(`${line}\n`)
const scratch = mkdtempSync(join(options.folder ?? tmpdir(), 'vultus-bench-'))
const results: Measured[] = []
const loadBefore = loadavg()
try {
  if (wanted('basic')) {
    const kinds = { vault: vaultStore(await newVault(join(scratch, 'basic'))), plain: plainStore(join(scratch, 'plain.db')) }
    results.push(...basicSpeed(kinds, ''))
    for (const store of Object.values(kinds)) store.close()
  }
  if (parts.some((part) => part !== 'basic' && wanted(part))) await large(options.keep ? (options.folder as string) : scratch)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
const report = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processors: cpus().length,
  loadBefore,
  loadAfter: loadavg(),
  rows,
  results,
}
const loads = `load ${loadBefore.map((load) => load.toFixed(1)).join(' ')} before, ${report.loadAfter.map((load) => load.toFixed(1)).join(' ')} after`
process.stdout.write(
  options.json ? `${JSON.stringify(report, null, 2)}\n` : `${tableOf(results)}\n\n${cpus().length} processors, ${loads}\n`,
)

/** What needs the large vault. Stores and the rotation change it, so they come after what is counted. */
async function large(folder: string): Promise<void> {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const vault = await filledVault(join(folder, `vault-${rows}`), rows, say)
  const plain = filledPlain(join(folder, `plain-${rows}.db`), rows, say)
  try {
    if (wanted('search')) results.push(...searchSpeed(vault, plain, rows))
    if (wanted('gallery')) results.push(...galleryOfPlain(plain, rows), ...(await galleryOfVault(vault, rows, say)))
    if (wanted('large')) results.push(...basicSpeed({ vault: vaultStore(vault), plain: plainStore(plain.name) }, ` of ${rows}`))
    if (wanted('rotate')) results.push(...rotationSpeed(vault, plain, rows))
  } finally {
    plain.close()
    vault.close()
  }
}
