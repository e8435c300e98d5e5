/** The same work, and the power goes: what was not synced is lost or torn. shim.c takes notes of the child, disk.ts makes the disk of them. */
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../vault/fixtures.ts'
import { drawOf } from './corruptions.ts'
import { builtShim } from './powerCut/build.ts'
import { Disk } from './powerCut/disk.ts'
import { roundsOf, seedOf } from './rounds.ts'
import { focuses } from './work.ts'
import { workRounds } from './workRounds.ts'

const rounds = roundsOf(30)
const seed = seedOf(20_310_507)
const shim = builtShim()

/** What is left of a folder after a program ran in it and the power went, for so many draws; each is a map of names to contents. */
function after(program: string, draws: number, before: Record<string, string> = {}): Map<string, string>[] {
  const root = temporaryFolder()
  const log = join(temporaryFolder(), 'notes')
  for (const [name, text] of Object.entries(before)) writeFileSync(join(root, name), text)
  const disks = Array.from({ length: draws }, () => new Disk(root))
  const env = { LD_PRELOAD: shim ?? '', POWER_CUT_ROOT: root, POWER_CUT_LOG: log }
  execFileSync(process.execPath, ['-e', `const fs = require('node:fs'); process.chdir(${JSON.stringify(root)}); ${program}`], { env })
  return disks.map((disk, no) => {
    disk.replay(readFileSync(log))
    disk.cut(drawOf(seed + no))
    return new Map(readdirSync(root).map((name) => [name, readFileSync(join(root, name), 'latin1')]))
  })
}

const written = 'const f = fs.openSync("f", "w"); fs.writeSync(f, "x".repeat(10000));'
const syncedFolder = 'fs.fsyncSync(fs.openSync(".", "r"));'
const whole = 'x'.repeat(10_000)

describe.skipIf(shim === undefined)('the power cut (needs gcc, Linux)', () => {
  it('takes what was not synced, sometimes whole, sometimes in part', () => {
    const left = after(`${syncedFolder} ${written} ${syncedFolder}`, 40)
    const texts = left.map((files) => files.get('f'))
    expect(texts).toContain('')
    expect(texts.some((text) => text !== undefined && text !== '' && text !== whole)).toBe(true)
  })

  it('leaves what was synced, and the name only where its folder was', () => {
    const kept = after(`${written} fs.fdatasyncSync(f); ${syncedFolder} fs.writeSync(f, "more")`, 40)
    for (const files of kept) expect(files.get('f')?.slice(0, 10_000)).toBe(whole)
    const nameless = after(`${written} fs.fsyncSync(f)`, 40)
    expect(nameless.some((files) => !files.has('f'))).toBe(true)
    for (const files of nameless) if (files.has('f')) expect(files.get('f')).toBe(whole)
  })

  it('may take back a name that was changed or removed, never only half of it', () => {
    const left = after('fs.renameSync("a", "b"); fs.rmSync("c")', 40, { a: 'new', b: 'old', c: 'gone' })
    const renamed = left.map((files) => files.get('b'))
    expect(new Set(renamed)).toEqual(new Set(['old', 'new']))
    for (const files of left) expect(files.get('a')).toBe(files.get('b') === 'old' ? 'new' : undefined)
    expect(left.some((files) => files.has('c'))).toBe(true)
    for (const files of after(`fs.renameSync("a", "b"); ${syncedFolder}`, 20, { a: 'new', b: 'old' }))
      expect([...files]).toEqual([['b', 'new']])
  })

  it('ends a program at a note that was asked for', async () => {
    const root = temporaryFolder()
    const log = join(temporaryFolder(), 'notes')
    const env = { LD_PRELOAD: shim ?? '', POWER_CUT_ROOT: root, POWER_CUT_LOG: log, POWER_CUT_AT: '3' }
    const program = `const fs = require("node:fs"); for (let no = 0; ; no++) fs.writeFileSync(${JSON.stringify(root)} + "/" + no, "x")`
    const child = spawn(process.execPath, ['-e', program], { env, stdio: 'ignore' })
    const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)))
    expect(signal).toBe('SIGKILL')
    expect(readdirSync(root)).toEqual(['0', '1'])
  })

  it('finds a vault that does not wait for the disk', async () => {
    await expect(workRounds({ rounds: 12, seed, shim, careless: true })).rejects.toThrow(/^Round/)
  }, 300_000)

  it(`takes nothing that was acknowledged, ${rounds} times (seed ${seed})`, async () => {
    const { hits, acknowledged, lost } = await workRounds({ rounds, seed, shim })
    console.info(
      `cut off in the middle of ${[...hits].map(([kind, count]) => `${kind} ${count}`).join(', ')}; ${acknowledged} acknowledged`,
    )
    for (const focus of focuses) expect(`${focus} ${(hits.get(focus) ?? 0) > 0}`).toBe(`${focus} true`)
    // The cuts do harm.
    expect(lost.writes).toBeGreaterThan(rounds / 2)
    expect(lost.names).toBeGreaterThan(0)
  }, 600_000)
})
