/** Heavy work of the vault beside other work: others have their turn, and what they do meanwhile is looked at as well. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { parseHeader } from '../../src/vault/header.ts'
import { PageCheck } from '../../src/vault/pageCheck.ts'
import { atOnce, inTurns, type Steps } from '../../src/vault/turns.ts'
import { bytesOf, codeOf, enrolEntry, eraseEntry, newVault, readEntry, referenceOf, reopened, temporaryFolder } from './fixtures.ts'

/** Counts the turns that others get while something runs. */
async function turnsDuring<T>(work: Promise<T>, onTurn: (turn: number) => void = () => undefined): Promise<{ turns: number; answer: T }> {
  let over = false
  const ended = work.finally(() => {
    over = true
  })
  let turns = 0
  while (!over) {
    await nextTurn()
    turns += 1
    onTurn(turns)
  }
  return { turns, answer: await ended }
}

function* slow(steps: number, ms: number): Steps<number> {
  for (let step = 0; step < steps; step++) {
    const untilMs = performance.now() + ms
    while (performance.now() < untilMs);
    yield
  }
  return steps
}

it('work in turns has the same answer as at once, and a failure of its guard ends it', async () => {
  expect(atOnce(slow(3, 0))).toBe(3)
  const { turns, answer } = await turnsDuring(inTurns(slow(20, 6)))
  expect(answer).toBe(20)
  // Each step is longer than a turn.
  expect(turns).toBeGreaterThanOrEqual(20)
  let runs = 0
  const guard = <T>(run: () => T): T => {
    runs += 1
    if (runs > 2) throw new RangeError('closed')
    return run()
  }
  await expect(inTurns(slow(5, 0), guard)).rejects.toThrow('closed')
})

it('the audit chain is verified while records are appended, with them, and ends where the vault is closed', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let times = 0; times < 1500; times++) vault.audit.append(readEntry)
  let appended = 0
  const { turns, answer } = await turnsDuring(vault.audit.report(undefined), (turn) => {
    if (turn % 2 === 1 && appended < 50) {
      vault.audit.append(readEntry)
      appended += 1
    }
  })
  expect(turns).toBeGreaterThan(2)
  expect(appended).toBeGreaterThan(0)
  expect(answer).toMatchObject({ ok: true, firstBad: null, badCheckpoint: null })
  // The last ones may have come after the answer.
  expect(answer.records).toBeGreaterThan(1500)
  expect(answer.records).toBeLessThanOrEqual(1500 + appended)
  expect((await vault.audit.page({ limit: 5, event: 'nothing of this name' })).records).toEqual([])
  const cutOff = vault.audit.report(undefined)
  vault.close()
  expect(await codeOf(() => cutOff)).toBe('vault.locked')
})

it('pages are checked on a copy: the vault works on, its lock stays, and nothing is left', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const enrol = (no: number) =>
    vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`${no}`, { sample: bytesOf(`${no}`, 200_000) })], audit: enrolEntry })
  for (let no = 0; no < 20; no++) enrol(no)
  const copies = () => readdirSync(folder).filter((name) => name.includes('.check-'))
  let enrolled = 20
  const run = vi.spyOn(PageCheck.prototype, 'run')
  onTestFinished(() => run.mockRestore())
  const { answer } = await turnsDuring(vault.upkeep.run({ thorough: true }), () => {
    if (enrolled < 25) {
      enrol(enrolled)
      enrolled += 1
    }
  })
  expect(await run.mock.results[0]?.value).toMatchObject({ pages: expect.any(Number), problems: [] })
  expect(answer.ok).toBe(true)
  expect(answer.checks.find(({ name }) => name === 'database')?.lookedAt).toBeGreaterThan(100)
  expect(copies()).toEqual([])
  // Another process finds the vault in use, also after the copy was made.
  const other = `import { openVault } from ${JSON.stringify(new URL('../../src/vault/open.ts', import.meta.url).href)}
    try { await openVault({ folder: ${JSON.stringify(folder)}, passphrase: 'correct horse battery', nowMs: Date.now }); console.log('opened') }
    catch (error) { console.log(error.code) }`
  const said = execFileSync(
    process.execPath,
    ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', other],
    { encoding: 'utf8' },
  )
  expect(said.trim()).toBe('vault.inUse')
  vault.close()
  const again = await reopened(folder)
  expect(again.galleries.counts().subjects).toBe(25)
  expect(again.audit.verify().ok).toBe(true)
})

it('an erasure does not wait for the check of the pages: it cuts it off, and its copy goes', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  for (let no = 0; no < 10; no++) {
    vault.enrolments.commit({ id: `R-${no}`, references: [referenceOf(`${no}`, { sample: bytesOf(`${no}`, 900_000) })], audit: enrolEntry })
  }
  const work = vault.upkeep.run({ thorough: false })
  const { logEmptied } = vault.erasures.erase({ id: 'R-1', audit: eraseEntry })
  expect(logEmptied).toBe(true)
  const { ok, checks } = await work
  expect(ok).toBe(true)
  // A small database is checked in one piece then.
  expect(checks.find(({ name }) => name === 'database')?.lookedAt).toBeGreaterThan(0)
  expect(readdirSync(folder).filter((name) => name.includes('.check-'))).toEqual([])
})

it('a copy that a killed station left goes with the next opening', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  vault.close()
  const { vaultId } = parseHeader(readFileSync(join(folder, 'vault.json'), 'utf8'))
  const left = ['', '-wal'].map((suffix) => join(folder, `vault-${vaultId}.check-1.db${suffix}`))
  for (const path of left) writeFileSync(path, 'left')
  await reopened(folder)
  expect(left.map((path) => existsSync(path))).toEqual([false, false])
})
