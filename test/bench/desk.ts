/**
 * Speed of the window in the browser of the machine, over the built station with its real face process and a fake camera; run it
 * with --help. The page draws in software in a headless browser, so a desk with a graphics card is faster.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Interactions, watchInteractions } from './deskParts/interactions.ts'
import { largeList } from './deskParts/largeList.ts'
import { memoryOver } from './deskParts/memory.ts'
import { openDesk } from './deskParts/openDesk.ts'
import { countOverlays } from './deskParts/overlays.ts'
import { tableOf } from './deskParts/table.ts'
import { enrolForBench, walkScreens } from './deskParts/walk.ts'
import { filledVault } from './vaultParts/large.ts'
import { passphrase as largePassphrase } from './vaultParts/stores.ts'

const parts = ['screens', 'memory', 'overlays', 'subjects'] as const
const help = `Speed of the window, in the browser of the machine over the built station and a fake camera.

  npm run bench:desk -- [--only PART] [--verifications N] [--seconds N] [--rows N] [--folder FOLDER] [--keep] [--json]

  --only PART         ${parts.join(', ')}; may be given several times
  --verifications N   of the memory part; 1000 where left out
  --seconds N         that overlays are counted and the wheel turns; 20 where left out
  --rows N            subjects of the large vault; 1000000 where left out
  --folder FOLDER     where the large vault is made; a folder of its own in the system's temporary one where left out
  --keep              keeps the large vault in that folder, and takes the one that a run of this or of bench:vault has kept there
  --json              JSON instead of the table

screens   from a key or click to the picture that shows its effect, on every screen; 100 ms is the limit
memory    JavaScript objects and resident memory of the page over many verifications; they should not grow
overlays  drawn over the live picture in a second; 20 is the limit
subjects  a large vault: from the last letter to the rows found, and the list while the wheel turns; 100 ms is the limit
`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    verifications: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    rows: { type: 'string', default: '1000000' },
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
const numberOf = (name: 'verifications' | 'seconds' | 'rows'): number => {
  const given = Number(options[name])
  if (!Number.isInteger(given) || given < 1) throw new RangeError(`--${name} ${options[name]} should be a whole number above 0`)
  return given
}
const [verifications, seconds, rows] = [numberOf('verifications'), numberOf('seconds'), numberOf('rows')]
const unknown = options.only.find((part) => !parts.some((known) => known === part))
if (unknown !== undefined) throw new Error(`--only ${unknown} should be one of ${parts.join(', ')}`)
if (options.keep && options.folder === undefined) throw new Error('--keep keeps in a folder: give it with --folder')

const wanted = (part: (typeof parts)[number]) => options.only.length === 0 || options.only.includes(part)
const say = (line: string) => void process.stderr.write(`${line}\n`)
const searches = 40

/** Of everything that needs no large vault. */
async function smallDesk(folder: string) {
  mkdirSync(folder, { mode: 0o700 })
  const desk = await openDesk({ folder, before: watchInteractions })
  try {
    const screens: Interactions[] = await walkScreens(desk.page, wanted('screens') ? 'all' : 'beginnings', say)
    if (!wanted('screens')) await enrolForBench(desk.page)
    const overlays = wanted('overlays') ? await overlaysOf(desk.page, seconds) : undefined
    const memory = wanted('memory') ? await memoryOver(desk.browser, desk.page, verifications, say) : undefined
    return { screens: wanted('screens') ? screens : undefined, overlays, memory }
  } finally {
    await desk.close()
  }
}

async function overlaysOf(page: Parameters<typeof countOverlays>[0], forSeconds: number) {
  await page.keyboard.press('Alt+2')
  return await countOverlays(page, forSeconds)
}

async function largeDesk(parent: string) {
  mkdirSync(parent, { recursive: true })
  const folder = join(parent, `vault-${rows}`)
  const vault = await filledVault(folder, rows, say)
  vault.close()
  const desk = await openDesk({ folder, passphrase: largePassphrase, before: watchInteractions })
  try {
    return await largeList(desk.page, rows, searches, Math.min(seconds, 20))
  } finally {
    await desk.close()
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'vultus-bench-'))
try {
  const loadBefore = loadavg()
  const small = parts.some((part) => part !== 'subjects' && wanted(part)) ? await smallDesk(join(scratch, 'data')) : undefined
  const subjects = wanted('subjects') ? await largeDesk(options.keep ? (options.folder as string) : (options.folder ?? scratch)) : undefined
  const report = { node: process.version, cores: availableParallelism(), loadBefore, loadAfter: loadavg(), ...small, subjects }
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
