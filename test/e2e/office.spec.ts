/** Vault, accounts and audit over a stand-in for the station: by keyboard, with empty lists and refusals, in every look and size. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { cutOff } from './cutOff.ts'
import { auditReport, job, officePlan as plan } from './officePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'

serveWindow()

const button = (page: Page, words: string) => page.getByRole('button', { name: words, exact: true })
const navigation = (page: Page) => page.getByRole('navigation', { name: en.areas.navigation })

async function openArea(chord: string, title: string, change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow({ ...plan, ...change })
  await expect(navigation(page)).toBeVisible()
  await page.keyboard.press(chord)
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
  return page
}

const tell = (page: Page, name: string, payload: unknown) =>
  page.evaluate(
    ([event, what]) =>
      (window as unknown as { fakeStation: { tell(name: string, payload: unknown): void } }).fakeStation.tell(event as string, what),
    [name, payload] as const,
  )

test('each role has its areas, by mouse and by key', async () => {
  const expected = {
    operator: ['Enrol', 'Verify', 'Identify', 'Subjects', 'Health', 'Settings'],
    supervisor: ['Enrol', 'Verify', 'Identify', 'Inbox', 'Subjects', 'Import', 'Vault', 'Health', 'Settings'],
    auditor: ['Enrol', 'Verify', 'Identify', 'Subjects', 'Vault', 'Audit', 'Health', 'Settings'],
    administrator: ['Enrol', 'Verify', 'Identify', 'Inbox', 'Subjects', 'Import', 'Vault', 'Accounts', 'Audit', 'Health', 'Settings'],
  } as const
  for (const [role, areas] of Object.entries(expected)) {
    const page = await openWindow({ ...plan, role: role as keyof typeof expected })
    await expect(navigation(page).getByRole('button')).toHaveText([...areas])
    await page.keyboard.press('Alt+6')
    await expect(page.getByRole('heading', { name: en.accounts.title, level: 1 })).toHaveCount(role === 'administrator' ? 1 : 0)
    await page.context().close()
  }
})

test('a job shows how far it is, is paused, goes on and is cancelled by a second press', async () => {
  const page = await openArea('Alt+5', en.vault.title)
  await expect(page.getByText('12,000 of 48,210')).toBeVisible()
  await expect(button(page, `${en.vault.start}: ${en.vault.kinds.rotate.title}`)).toBeDisabled()
  await tell(page, 'job.progress', { id: job.id, kind: 'rotate', state: 'running', done: 24_105, total: 48_210 })
  await expect(page.getByText('24,105 of 48,210')).toBeVisible()
  await expect(page.locator('footer')).toContainText('50 %')
  await button(page, en.vault.pause).press('Enter')
  await expect(button(page, en.vault.resume)).toBeVisible()
  await button(page, en.vault.resume).press('Enter')
  await expect(button(page, en.vault.pause)).toBeVisible()
  await button(page, en.vault.cancel).press('Enter')
  expect(await calls(page, 'job.cancel')).toEqual([])
  await button(page, en.vault.cancelSure).press('Enter')
  await expect(page.getByText(en.vault.none)).toBeVisible()
  expect(await calls(page, 'job.cancel')).toEqual([{ id: job.id }])
})

test('work is started, the vault is checked, and findings are shown with what to do', async () => {
  const page = await openArea('Alt+5', en.vault.title, { jobs: [] })
  await expect(page.getByText(en.vault.historyNone)).toBeVisible()
  await expect(page.getByText('subject_references 4711')).toBeVisible()
  await expect(page.getByText(en.vault.reportBad.one ?? '')).toBeVisible()
  await button(page, `${en.vault.checkAll.button}: ${en.vault.checkAll.title}`).press('Enter')
  await expect(page.getByText(en.vault.reportOk)).toBeVisible()
  expect(await calls(page, 'vault.maintain')).toEqual([{ thorough: true }])
  await button(page, `${en.vault.start}: ${en.vault.kinds.rotateDeep.title}`).press('Enter')
  await expect(page.getByRole('progressbar', { name: en.vault.kinds.rotateDeep.title })).toBeVisible()
  expect(await calls(page, 'vault.rotate')).toEqual([{ deep: true }])
})

test('a vault that was never checked and a refused start say so', async () => {
  const page = await openArea('Alt+5', en.vault.title, { jobs: [], reports: [], refused: { 'vault.rekey': 'vault.diskFull' } })
  await expect(page.getByText(en.vault.reportNone)).toBeVisible()
  await button(page, `${en.vault.start}: ${en.vault.kinds.rekey.title}`).click()
  await expect(page.locator('[data-code="vault.diskFull"]')).toBeVisible()
})

test('a supervisor sees work and starts none', async () => {
  const page = await openArea('Alt+5', en.vault.title, { role: 'supervisor' })
  await expect(page.getByText('12,000 of 48,210')).toBeVisible()
  await expect(page.getByText(en.vault.onlyAdministrator)).toBeVisible()
  await expect(button(page, en.vault.pause)).toHaveCount(0)
  expect(await calls(page, 'vault.reports')).toEqual([])
})

test('the first account is an administrator', async () => {
  const page = await openArea('Alt+6', en.accounts.title, { accounts: [] })
  await expect(page.getByText(en.accounts.noneText)).toBeVisible()
  await expect(page.getByLabel(en.accounts.role, { exact: true })).toBeDisabled()
  await page.getByLabel(en.accounts.name, { exact: true }).fill('Ada Example')
  await page.getByLabel(en.accounts.password, { exact: true }).fill('fourteen chars')
  await expect(button(page, en.accounts.save).first()).toBeDisabled()
  await page.getByLabel(en.accounts.password, { exact: true }).fill('a long enough password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('cell', { name: 'Ada Example', exact: true })).toBeVisible()
  expect(await calls(page, 'operator.add')).toEqual([
    { name: 'Ada Example', role: 'administrator', secretKind: 'password', secret: 'a long enough password' },
  ])
})

test('an account gets another role and password, is disabled by a second press, and enabled again', async () => {
  const page = await openArea('Alt+6', en.accounts.title)
  await button(page, 'Change Bo Sample').press('Enter')
  await expect(page.getByLabel(en.accounts.name, { exact: true })).toBeFocused()
  await page.getByLabel(en.accounts.role, { exact: true }).selectOption('supervisor')
  await page.getByLabel(en.accounts.signsIn).selectOption('password')
  await page.getByLabel(en.accounts.password, { exact: true }).fill('twelve chars')
  await button(page, en.accounts.save).first().press('Enter')
  await expect(page.getByText('Bo Sample was saved.')).toBeVisible()
  expect(await calls(page, 'operator.change')).toEqual([
    { name: 'Bo Sample', role: 'supervisor', secretKind: 'password', secret: 'twelve chars' },
  ])
  await button(page, 'Change Bo Sample').press('Enter')
  await button(page, en.accounts.disable).press('Enter')
  await button(page, en.accounts.disableSure).press('Enter')
  await expect(page.getByRole('row', { name: /Bo Sample/ })).toContainText(en.accounts.disabled)
  await button(page, 'Change Bo Sample').press('Enter')
  await button(page, en.accounts.enable).press('Enter')
  await expect(page.getByRole('row', { name: /Bo Sample/ })).toContainText(en.accounts.enabled)
})

test('PINs need the policy; a refused change says what to do and keeps what was typed', async () => {
  const page = await openArea('Alt+6', en.accounts.title, { refused: { 'operator.add': 'operator.exists' } })
  await button(page, en.accounts.add).press('Enter')
  await expect(page.getByLabel(en.accounts.signsIn)).toHaveCount(0)
  await page.getByLabel(en.accounts.pinAllowed).check()
  await page.getByLabel(en.accounts.signsIn).selectOption('pin')
  await page.getByLabel(en.accounts.name, { exact: true }).fill('Cy')
  await page.getByLabel(en.accounts.pin, { exact: true }).fill('123456')
  await expect(button(page, en.accounts.save).first()).toBeDisabled()
  await page.getByLabel(en.accounts.pin, { exact: true }).fill('820417')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-code="operator.exists"]')).toBeVisible()
  await expect(page.getByLabel(en.accounts.name, { exact: true })).toHaveValue('Cy')
  await page.getByLabel(en.accounts.idle).fill('10')
  await page.getByLabel(en.accounts.idle).press('Enter')
  await expect.poll(() => calls(page, 'operator.policy')).toContainEqual({ idleLockMs: 600_000 })
})

test('records are filtered and paged; the chain is verified; export and certificates are saved', async () => {
  const page = await openArea('Alt+7', en.audit.title)
  await expect(page.getByRole('row')).toHaveCount(52)
  await button(page, en.audit.older).press('Enter')
  await expect(page.getByRole('row')).toHaveCount(71)
  await page.getByLabel(en.audit.outcome).selectOption('refused')
  await expect(page.getByRole('row')).toHaveCount(15)
  await page.getByLabel(en.audit.event).selectOption({ label: en.events['vault.init'] })
  await expect(page.getByText(en.audit.none)).toBeVisible()
  await page.getByLabel(en.audit.event).selectOption('')
  await page.getByLabel(en.audit.outcome).selectOption('')

  await button(page, en.audit.verify).press('Enter')
  await expect(page.getByText('All 70 records and 2 checkpoints are right.')).toBeVisible()
  await expect(page.getByText('ab'.repeat(32))).toBeVisible()

  const saved = page.waitForEvent('download')
  await button(page, en.audit.export).press('Enter')
  const file = await saved
  expect(file.suggestedFilename()).toBe('vultus-audit.jsonl')
  expect(readFileSync(await file.path(), 'utf8')).toBe('{"type":"header"}\n{"type":"record"}\n')
  await expect(page.getByRole('cell', { name: /^Bo Sample/ }).first()).toBeVisible()
  const table = page.waitForEvent('download')
  await button(page, en.audit.table).press('Enter')
  const lines = readFileSync(await (await table).path(), 'utf8').split('\r\n')
  expect([lines.length, lines[1]]).toEqual([72, expect.stringContaining('Verify a subject,done,,Operator,Bo Sample,window')])
  const certificate = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Certificate of the erasure in record 67' }).press('Enter')
  expect((await certificate).suggestedFilename()).toBe('vultus-erasure-67.json')
})

test('a broken chain names its first bad record and what to do; a read that cannot be recorded is refused', async () => {
  const broken = { ...auditReport, ok: false, firstBad: 17 }
  const page = await openArea('Alt+7', en.audit.title, { auditReport: broken, refused: { 'audit.export': 'audit.unrecorded' } })
  await button(page, en.audit.verify).click()
  await expect(page.getByRole('alert').filter({ hasText: en.audit.bad })).toContainText('no. 17')
  await expect(page.getByText(en.audit.badRemedy)).toBeVisible()
  await button(page, en.audit.export).click()
  await expect(page.locator('[data-code="audit.unrecorded"]')).toBeVisible()
})

const looks = ['light', 'dark', 'rtl'] as const
for (const [name, chord, title] of [
  ['vault', 'Alt+5', en.vault.title],
  ['accounts', 'Alt+6', en.accounts.title],
  ['audit', 'Alt+7', en.audit.title],
] as const) {
  test(`${name}: nothing is cut off, in every look and size`, async () => {
    const page = await openArea(chord, title)
    if (name === 'accounts') await button(page, 'Change Bo Sample').click()
    if (name === 'audit') await button(page, en.audit.verify).click()
    for (const look of looks) {
      for (const [width, height] of [
        [1440, 900],
        [1024, 768],
        [720, 450],
      ] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' })
        await page.evaluate((dir) => document.documentElement.setAttribute('dir', dir), look === 'rtl' ? 'rtl' : 'ltr')
        await page.screenshot({ path: join(test.info().outputPath(), `${name}-${width}-${look}.png`) })
        expect(await cutOff(page), `${name} ${width} ${look}`).toEqual([])
      }
    }
  })
}
