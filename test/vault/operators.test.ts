import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { Actor } from '../../src/contract/records.ts'
import { isSimplePin, passwordProblem, pinProblem, waitMsAfter, waitMsMax } from '../../src/core/signInRules.ts'
import { openVault } from '../../src/vault/open.ts'
import { type OperatorContent, OperatorRows } from '../../src/vault/operatorRows.ts'
import { Sealer } from '../../src/vault/seal.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { codeOf, filesWith, newVault, passphrase, rawDatabase, reopened, startMs, temporaryFolder } from './fixtures.ts'

const actor: Actor = { role: 'administrator', door: 'command' }
const adminPassword = 'a long enough password'
const ada = { name: 'Ada Administrator', role: 'administrator', secretKind: 'password', secret: adminPassword } as const
const olga = { name: 'Olga Operator', role: 'operator', secretKind: 'password', secret: 'twelve chars' } as const

/** Opens the vault with a clock that the test sets. */
async function withClock(folder: string): Promise<{ vault: Vault; set: (ms: number) => void }> {
  let nowMs = startMs
  const vault = await openVault({ folder, passphrase, nowMs: () => nowMs })
  onTestFinished(() => vault.close())
  return {
    vault,
    set: (ms) => {
      nowMs = startMs + ms
    },
  }
}

async function refusalOf(run: () => Promise<unknown>): Promise<{ code: string; waitMs: number | undefined }> {
  try {
    await run()
  } catch (error) {
    const { code, data } = error as { code: string; data?: { waitMs: number } }
    return { code, waitMs: data?.waitMs }
  }
  return { code: 'none', waitMs: undefined }
}

it('the first account is an administrator, and the last one stays', async () => {
  const vault = await newVault(temporaryFolder())
  const { operators } = vault
  expect(operators.any).toBe(false)
  expect(await codeOf(() => operators.add(olga, actor))).toBe('operator.firstAdministrator')
  await operators.add(ada, actor)
  expect(operators.any).toBe(true)
  expect(await codeOf(() => operators.disable(ada.name, actor))).toBe('operator.lastAdministrator')
  expect(await codeOf(() => operators.change({ name: ada.name, role: 'auditor', enable: false }, actor))).toBe('operator.lastAdministrator')
  await operators.add(olga, actor)
  expect(await codeOf(() => operators.change({ name: olga.name, role: 'administrator', enable: false }, actor))).toBe('operator.secretWeak')
  const promoted = { name: olga.name, role: 'administrator', secret: 'fifteen letters', enable: false } as const
  expect(await operators.change(promoted, actor)).toMatchObject({ role: 'administrator' })
  expect(operators.disable(ada.name, actor)).toMatchObject({ enabled: false, disabledAt: expect.any(String) })
  expect(await codeOf(() => operators.disable(olga.name, actor))).toBe('operator.lastAdministrator')
  expect(await operators.change({ name: ada.name, enable: true }, actor)).toMatchObject({ enabled: true, disabledAt: null })
  expect(vault.audit.verify()).toMatchObject({ ok: true, firstBad: null })
})

it('names are found however they are typed, are unique, and stand nowhere in clear', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const { operators } = vault
  await operators.add(ada, actor)
  expect(await codeOf(() => operators.add({ ...ada, name: '  ada   ADMINISTRATOR ' }, actor))).toBe('operator.exists')
  expect(await operators.signIn('ADA administrator', adminPassword, 'ipc')).toMatchObject({ name: ada.name })
  await operators.add(olga, actor)
  expect(await codeOf(() => operators.change({ name: olga.name, newName: ada.name, enable: false }, actor))).toBe('operator.exists')
  await operators.change({ name: olga.name, newName: 'Grace', enable: false }, actor)
  expect(await codeOf(() => operators.disable(olga.name, actor))).toBe('operator.unknown')
  expect(operators.list().map(({ name }) => name)).toEqual([ada.name, 'Grace'])
  vault.close()
  const database = await rawDatabase(folder)
  const texts = JSON.stringify([database.prepare('SELECT * FROM operators').all(), database.prepare('SELECT body FROM audit').all()])
  expect(texts).not.toMatch(/Ada|Grace|Olga|long enough/)
  database.close()
  expect(filesWith(folder, Buffer.from(ada.name))).toEqual([])
})

it('a row of which role, state or kind was altered, or that got another row’s hash, does not open', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  await vault.operators.add(ada, actor)
  await vault.operators.add(olga, actor)
  vault.close()
  const alterations = [
    `UPDATE operators SET role = 'administrator' WHERE operator_no = 2`,
    `UPDATE operators SET state = 'disabled' WHERE operator_no = 2`,
    `UPDATE operators SET secret_kind = 'pin' WHERE operator_no = 2`,
    `UPDATE operators SET kdf_passes = 1 WHERE operator_no = 2`,
    `UPDATE operators SET (hash_nonce, hash_tag, hash_sealed) = (SELECT hash_nonce, hash_tag, hash_sealed FROM operators WHERE operator_no = 1) WHERE operator_no = 2`,
    `UPDATE operators SET name_index = zeroblob(32) WHERE operator_no = 2`,
  ]
  for (const alteration of alterations) {
    const database = await rawDatabase(folder)
    database.exec(`CREATE TEMP TABLE kept AS SELECT * FROM operators; ${alteration}`)
    const kept = database.prepare('SELECT * FROM kept').all() as Record<string, unknown>[]
    database.close()
    const tampered = await reopened(folder)
    const read = async () => tampered.operators.list() && (await tampered.operators.signIn(olga.name, olga.secret, 'ipc'))
    expect(await codeOf(read), alteration).toBe('vault.damaged')
    tampered.close()
    const mended = await rawDatabase(folder)
    mended.exec('DELETE FROM operators; DELETE FROM sign_in_failures')
    for (const row of kept) {
      const names = Object.keys(row)
      mended.prepare(`INSERT INTO operators (${names}) VALUES (${names.map((name) => `@${name}`)})`).run(row)
    }
    mended.close()
  }
  expect((await reopened(folder)).operators.list().length).toBe(2)
})

it('wrong tries wait 1, 2, 4, 8 seconds and 15 minutes, over a restart and a clock that was set back, for unknown names too', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  await made.operators.add(ada, actor)
  await made.operators.add(olga, actor)
  made.close()
  const { vault, set } = await withClock(folder)
  let atMs = 0
  const wrong = (name: string) => refusalOf(() => vault.operators.signIn(name, 'not the password', 'ipc'))
  for (const waitMs of [1000, 2000, 4000, 8000, waitMsMax]) {
    set(atMs)
    for (const name of [olga.name, 'Nobody Here']) {
      expect(await wrong(name)).toEqual({ code: 'signIn.wrong', waitMs })
      expect(await wrong(name)).toEqual({ code: 'signIn.wait', waitMs })
    }
    // Not even the right one is looked at while the name waits.
    expect(await refusalOf(() => vault.operators.signIn(olga.name, olga.secret, 'ipc'))).toEqual({ code: 'signIn.wait', waitMs })
    atMs += waitMs
  }
  vault.close()
  const later = await withClock(folder)
  later.set(atMs - 1)
  const waiting = () => refusalOf(() => later.vault.operators.signIn(olga.name, olga.secret, 'ipc'))
  expect(await waiting()).toEqual({ code: 'signIn.wait', waitMs: 1 })
  later.set(-60 * 60_000)
  expect(await waiting()).toEqual({ code: 'signIn.wait', waitMs: waitMsMax })
  later.set(-60 * 60_000 + waitMsMax - 1)
  expect(await waiting()).toEqual({ code: 'signIn.wait', waitMs: 1 })
  later.set(-60 * 60_000 + waitMsMax)
  expect(await later.vault.operators.signIn(olga.name, olga.secret, 'ipc')).toMatchObject({ name: olga.name })
  expect(await refusalOf(() => later.vault.operators.signIn(olga.name, 'not the password', 'ipc'))).toMatchObject({ code: 'signIn.wrong' })
  expect(await waiting()).toEqual({ code: 'signIn.wait', waitMs: 1000 })
  await later.vault.operators.change({ name: olga.name, secret: 'another good one', enable: false }, actor)
  expect(await later.vault.operators.signIn(olga.name, 'another good one', 'ipc')).toMatchObject({ name: olga.name })
})

it('tries at once are no free guesses', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  await made.operators.add(ada, actor)
  made.close()
  const { vault } = await withClock(folder)
  const codes = await Promise.all(
    Array.from({ length: 8 }, async () => (await refusalOf(() => vault.operators.signIn(ada.name, 'a guess', 'ipc'))).code),
  )
  expect(codes.filter((code) => code === 'signIn.wrong').length).toBe(1)
})

it('disabled accounts, wrong secrets and unknown names get one answer; the audit names accounts by their ids', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  const { operators } = vault
  const administrator = await operators.add(ada, actor)
  const { operator } = await operators.add(olga, actor)
  await operators.signIn(olga.name, olga.secret, 'ipc')
  operators.disable(olga.name, { ...actor, operator: administrator.operator })
  const refusals = await Promise.all([
    refusalOf(() => operators.signIn(olga.name, olga.secret, 'ipc')),
    refusalOf(() => operators.signIn(ada.name, 'a wrong password', 'socket')),
    refusalOf(() => operators.signIn('Nobody', 'a wrong password', 'command')),
  ])
  expect(refusals).toEqual(Array(3).fill({ code: 'signIn.wrong', waitMs: 1000 }))
  vault.close()
  const bodies = (await rawDatabase(folder))
    .prepare('SELECT body FROM audit')
    .pluck()
    .all()
    .map((body) => JSON.parse(String(body)))
  expect(bodies.map(({ event, actor: by, outcome, code, details }) => ({ event, by, outcome, code, details })).slice(2)).toEqual(
    expect.arrayContaining([
      { event: 'operator.signIn', by: { role: 'operator', door: 'ipc', operator }, outcome: 'done' },
      { event: 'operator.disable', by: { ...actor, operator: administrator.operator }, outcome: 'done', details: { account: operator } },
      {
        event: 'operator.signIn',
        by: { role: 'nobody', door: 'ipc' },
        outcome: 'refused',
        code: 'signIn.wrong',
        details: { account: operator },
      },
      {
        event: 'operator.signIn',
        by: { role: 'nobody', door: 'command' },
        outcome: 'refused',
        code: 'signIn.wrong',
        details: { account: null },
      },
    ]),
  )
})

it('a PIN needs the policy, is for operators only, and signs nobody in once the policy refuses it', async () => {
  const vault = await newVault(temporaryFolder())
  const { operators } = vault
  await operators.add(ada, actor)
  const pin = { name: 'Pia', role: 'operator', secretKind: 'pin', secret: '804713' } as const
  expect(operators.policy()).toEqual({ pinAllowed: false, idleLockMs: 300_000 })
  expect(await codeOf(() => operators.add(pin, actor))).toBe('signIn.pinRefused')
  operators.setPolicy({ pinAllowed: true, idleLockMs: 60_000 }, actor)
  for (const role of ['supervisor', 'auditor', 'administrator'] as const) {
    expect(await codeOf(() => operators.add({ ...pin, role }, actor))).toBe('signIn.pinOperatorsOnly')
  }
  expect(await codeOf(() => operators.add({ ...pin, secret: '123456' }, actor))).toBe('operator.secretWeak')
  await operators.add(pin, actor)
  expect(await operators.signIn('Pia', '804713', 'ipc')).toMatchObject({ secretKind: 'pin' })
  operators.setPolicy({ pinAllowed: false, idleLockMs: 60_000 }, actor)
  expect(await codeOf(() => operators.signIn('Pia', '804713', 'ipc'))).toBe('signIn.pinRefused')
  expect(await codeOf(() => operators.signIn('Pia', '804714', 'ipc'))).toBe('signIn.wrong')
})

it('an operator with a PIN who gets another role gets a password with it', async () => {
  const { operators } = await newVault(temporaryFolder())
  await operators.add(ada, actor)
  operators.setPolicy({ pinAllowed: true, idleLockMs: 60_000 }, actor)
  await operators.add({ name: 'Pia', role: 'operator', secretKind: 'pin', secret: '804713' }, actor)
  const change = { name: 'Pia', role: 'supervisor', enable: false } as const
  expect(await codeOf(() => operators.change(change, actor))).toBe('signIn.pinOperatorsOnly')
  expect(await codeOf(() => operators.change({ ...change, secretKind: 'pin', secret: '271828' }, actor))).toBe('signIn.pinOperatorsOnly')
  await operators.change({ ...change, secretKind: 'password', secret: 'twelve chars' }, actor)
  expect(await operators.signIn('Pia', 'twelve chars', 'ipc')).toMatchObject({ role: 'supervisor', secretKind: 'password' })
})

it('a PIN that a supervisor or an auditor has from before signs in no more, until the account gets a password', async () => {
  const folder = temporaryFolder()
  const vault = await newVault(folder)
  await vault.operators.add(ada, actor)
  vault.operators.setPolicy({ pinAllowed: true, idleLockMs: 60_000 }, actor)
  await vault.operators.add({ name: 'Pia', role: 'operator', secretKind: 'pin', secret: '804713' }, actor)
  const { parts, over } = vault.lendForCopy()
  const rows = new OperatorRows(parts.database, parts.keys, new Sealer(parts.random))
  rows.update({ ...(rows.find('Pia') as OperatorContent), role: 'supervisor' })
  over()
  expect(vault.operators.list()).toMatchObject([{}, { name: 'Pia', role: 'supervisor', secretKind: 'pin' }])
  expect(await codeOf(() => vault.operators.signIn('Pia', '804714', 'ipc'))).toBe('signIn.wrong')
  vault.operators.setPolicy({ pinAllowed: true, idleLockMs: 60_000 }, actor)
  expect(await codeOf(() => vault.operators.signIn('Pia', '804713', 'ipc'))).toBe('signIn.pinOperatorsOnly')
  expect((await vault.audit.page({ limit: 1 })).records[0]).toMatchObject({ outcome: 'refused', code: 'signIn.pinOperatorsOnly' })
  await vault.operators.change({ name: 'Pia', secretKind: 'password', secret: 'twelve chars', enable: false }, actor)
  expect(await vault.operators.signIn('Pia', 'twelve chars', 'ipc')).toMatchObject({ role: 'supervisor' })
})

it('passwords have the length of their role, and PINs are no sequence and no repetition', () => {
  expect(passwordProblem('fourteen chars', 'administrator')).toBe('short')
  expect(passwordProblem('fifteen letters', 'administrator')).toBeUndefined()
  expect(passwordProblem('eleven char', 'operator')).toBe('short')
  expect(passwordProblem('twelve chars', 'operator')).toBeUndefined()
  expect(passwordProblem('aaaaaaaaaaaaaaaa', 'operator')).toBe('simple')
  expect(pinProblem('80471', 'operator')).toBe('short')
  expect(pinProblem('8047135612345', 'operator')).toBe('long')
  expect(pinProblem('80471a', 'operator')).toBe('notDigits')
  expect(pinProblem('٨٠٤٧١٣', 'operator')).toBe('notDigits')
  for (const pin of ['111111', '123456', '987654', '890123', '135791', '121212', '123123', '112233', '111222', '445566']) {
    expect(isSimplePin(pin), pin).toBe(true)
  }
  for (const pin of ['804713', '271828', '102938']) expect(isSimplePin(pin), pin).toBe(false)
})

it('waiting never gets shorter with more failures, and never longer than 15 minutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (failures) => {
      expect(waitMsAfter(failures + 1)).toBeGreaterThanOrEqual(waitMsAfter(failures))
      expect(waitMsAfter(failures + 1)).toBeLessThanOrEqual(waitMsMax)
    }),
  )
})

it('refused sign-ins leave a record for each step of the back-off, counted tries, and never what was typed', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  await made.operators.add(ada, actor)
  made.close()
  const { vault, set } = await withClock(folder)
  const refused = async () => (await vault.audit.page({ limit: 1000, event: 'operator.signIn' })).records
  const tryWrong = (name: string) => refusalOf(() => vault.operators.signIn(name, 'typed secret', 'ipc'))
  const [account] = vault.operators.list()
  await tryWrong(ada.name)
  for (let times = 0; times < 30; times++) expect(await tryWrong(ada.name)).toMatchObject({ code: 'signIn.wait' })
  expect((await refused()).map(({ code, details }) => [code, details])).toEqual([
    ['signIn.wait', { account: account?.operator }],
    ['signIn.wrong', { account: account?.operator }],
  ])
  set(1000)
  await vault.operators.signIn(ada.name, ada.secret, 'ipc')
  expect((await refused())[0]).toMatchObject({ outcome: 'done', details: { unrecorded: 29 } })
  expect(JSON.stringify(await refused())).not.toMatch(/typed|Ada/)
})

it('names that nobody has share one budget of records; what is above it is counted, at the latest when the vault closes', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  await made.operators.add(ada, actor)
  made.close()
  const { vault } = await withClock(folder)
  for (let times = 0; times < 40; times++) {
    // Tries that wait cost no hash.
    await refusalOf(() => vault.operators.signIn(`Stranger ${times % 3}`, 'typed secret', 'ipc'))
  }
  const refused = (await vault.audit.page({ limit: 1000, event: 'operator.signIn' })).records
  expect(refused).toHaveLength(20)
  expect(refused.every(({ details }) => details?.account === null)).toBe(true)
  vault.close()
  const again = await reopened(folder)
  expect((await again.audit.page({ limit: 1, event: 'operator.signIn' })).records[0]).toMatchObject({
    outcome: 'refused',
    details: { account: null, unrecorded: 20 },
  })
  expect(again.audit.verify()).toMatchObject({ ok: true })
})

it('who checks the audit chain can sign in although it is broken; nobody else can', async () => {
  const folder = temporaryFolder()
  const made = await newVault(folder)
  await made.operators.add(ada, actor)
  await made.operators.add(olga, actor)
  made.close()
  const database = await rawDatabase(folder)
  database.exec('UPDATE audit_head SET records = records + 1')
  database.close()
  const { operators } = await reopened(folder)
  expect(await operators.signIn(ada.name, ada.secret, 'ipc')).toMatchObject({ role: 'administrator' })
  expect(await codeOf(() => operators.signIn(olga.name, olga.secret, 'ipc'))).toBe('audit.broken')
  expect(await codeOf(() => operators.signIn(ada.name, 'not the password', 'ipc'))).toBe('audit.broken')
})
