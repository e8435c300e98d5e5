/** Key files and generations of backups are harmed, and restored from: what comes back is what was there, or it is refused by name. */
import { copyFileSync, cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ErrorCode, VultusError } from '../../src/contract/errors.ts'
import { keyFileName } from '../../src/vault/backup/keyFile.ts'
import { backUpEntry, enrol, expectSubject, restored, site } from '../vault/backupSite.ts'
import { eraseEntry, temporaryFolder } from '../vault/fixtures.ts'
import { drawOf, harmFile, oneOf } from './corruptions.ts'
import { roundsOf, seedOf } from './rounds.ts'

const rounds = roundsOf(40)
const seed = seedOf(20_310_506)
const damage: readonly ErrorCode[] = ['backup.damaged', 'backup.missing']

/** Two generations; who is in the first one alone was erased between. */
async function backedUp() {
  const one = await site(3)
  const { to, vault } = one
  await vault.backups.backUp({ folder: to, audit: backUpEntry })
  const older = temporaryFolder()
  cpSync(to, older, { recursive: true })
  await vault.erasures.follow(vault.erasures.erase({ id: 'R-1', audit: eraseEntry }).certificate)
  enrol(vault, 4)
  await vault.backups.backUp({ folder: to, audit: backUpEntry })
  return { ...one, older }
}

const subjectsIn = { 1: [2, 3], 2: [2, 3, 4] } as const

/** Restores into a folder of its own and looks at all that is there. @returns the code of a refusal, which leaves the folder empty */
async function restoredOr(from: string, generation: 1 | 2): Promise<ErrorCode | undefined> {
  const folder = temporaryFolder()
  try {
    const { vault } = await restored(from, { folder, generation })
    expect(vault.subjects.all().map(({ id }) => id)).toEqual(subjectsIn[generation].map((no) => `R-${no}`))
    for (const no of subjectsIn[generation]) expectSubject(vault, no)
    expect(vault.audit.verify().ok).toBe(true)
    vault.close()
    return undefined
  } catch (error) {
    if (!(error instanceof VultusError)) throw error
    expect(readdirSync(folder)).toEqual([])
    return error.code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it(`every one of ${rounds} corruptions of a backup is named or harmless (seed ${seed})`, async () => {
  const { to, older } = await backedUp()
  const draw = drawOf(seed)
  let named = 0
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder()
    cpSync(to, folder, { recursive: true })
    const file = oneOf(readdirSync(folder), draw)
    const generation = draw() < 0.5 ? 1 : 2
    const what = `round ${round}: ${file}, ${harmFile(join(folder, file), join(older, file), draw)}, generation ${generation}`
    const code = await restoredOr(folder, generation).catch((error: unknown) => {
      throw new Error(what, { cause: error })
    })
    rmSync(folder, { recursive: true, force: true })
    if (code === undefined) continue
    expect([what, damage.includes(code) ? 'named' : code]).toEqual([what, 'named'])
    named += 1
  }
  expect(named).toBeGreaterThan(rounds / 4)
}, 600_000)

it('an older key file that is put back brings nobody who was erased into the next one', async () => {
  const { to, older, vault } = await backedUp()
  const name = keyFileName(vault.id)
  copyFileSync(join(older, name), join(to, name))
  const report = await vault.backups.backUp({ folder: to, audit: backUpEntry })
  // It did not know of the second generation, whose file keeps its number.
  expect([report.generation.number, report.kept]).toEqual([3, [1, 3]])
  expect(await restoredOr(to, 1)).toBeUndefined()
  const { vault: back } = await restored(to)
  expect(back.subjects.all().map(({ id }) => id)).toEqual(['R-2', 'R-3', 'R-4'])
})
