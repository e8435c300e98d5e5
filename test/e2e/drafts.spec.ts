/** Unfinished work in the real window: a lock, a reload and a crash in the middle of an enrolment, each finds everything again. */
import type { Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { expect, test } from './fixture.ts'
import { filesHolding } from './machine.ts'
import { createVault, passphrase } from './newVault.ts'

const password = 'a password of the administrator'
const operator = 'Zenobia Quill'
const [number, name] = ['E2E-4712', 'Quirinus Zyxwvut']

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

async function createVaultWithAdministrator(page: Page): Promise<void> {
  await createVault(page)
  await page.getByLabel(en.signIn.name, { exact: true }).fill(operator)
  await page.getByLabel(en.firstAdministrator.password, { exact: true }).fill(password)
  await page.getByLabel(en.firstAdministrator.again).fill(password)
  await button(page, en.firstAdministrator.button).click()
}

async function signIn(page: Page): Promise<void> {
  const nameField = page.getByLabel(en.signIn.name, { exact: true })
  if ((await nameField.inputValue()) === '') await nameField.fill(operator)
  await page.getByLabel(en.signIn.secret, { exact: true }).fill(password)
  await page.getByLabel(en.signIn.secret, { exact: true }).press('Enter')
}

async function expectEverything(page: Page): Promise<void> {
  await expect(page.getByLabel(en.enrol.number)).toHaveValue(number)
  await expect(page.locator('#enrol-name')).toHaveValue(name)
  await expect(page.getByLabel(en.exemption.label)).toHaveValue('wheelchair')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await expect(page.locator('.shot img')).toHaveCount(1)
}

async function continueIt(page: Page): Promise<void> {
  await expect(page.getByText(`Continue the enrolment of ${name}`)).toBeVisible()
  await expect(page.getByLabel(en.enrol.number)).not.toHaveValue(number)
  await button(page, en.drafts.continue).click()
  await expectEverything(page)
}

test('a lock, a reload and a crash in the middle lose nothing, and the browser keeps nothing', async ({ station }) => {
  const first = await station.open()
  const { page } = first
  await createVaultWithAdministrator(page)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await page.locator('.more summary').click()
  await page.getByRole('switch', { name: en.camera.auto }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel(en.enrol.number).fill(number)
  await page.locator('#enrol-name').fill(name)
  await page.getByLabel(en.exemption.label).selectOption('wheelchair')
  await button(page, en.enrol.capture).click()
  await expect(page.locator('.shot img')).toHaveCount(1)
  await expect(page.locator('[data-draft=saved]')).toBeVisible()

  await page.keyboard.press('Control+l')
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await signIn(page)
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
  await expectEverything(page)

  await page.reload()
  await signIn(page)
  await continueIt(page)
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage).filter((key) => key !== 'vultus.language' && key !== 'vultus.theme'),
    session: Object.values(sessionStorage).join(' '),
    databases: (await indexedDB.databases()).length,
  }))
  expect(kept).toMatchObject({ local: [], databases: 0 })
  expect(kept.session).not.toContain(number)

  await first.signal('SIGKILL')
  for (const secret of [name, number]) expect(filesHolding(station.folder, secret), secret).toEqual([])
  const { page: again, output, close } = await station.open()
  await again.getByLabel(en.setup.passphraseLabel, { exact: true }).fill(passphrase)
  await button(again, en.unlock.button).click()
  await expect(again.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await signIn(again)
  await continueIt(again)
  // The face process of before is gone with its captures: the shot comes from the draft.
  await again.locator('#enrol-name').press('Enter')
  await expect(again.getByText(en.enrol.done.title)).toBeVisible()
  await button(again, en.enrol.done.next).click()
  await expect(again.getByRole('region', { name: en.drafts.title })).toHaveCount(0)
  expect(await close(), output()).toBe(0)
})

test('the picture that proves an exception outlives a reload and a crash', async ({ station }) => {
  const first = await station.open()
  const { page } = first
  await createVaultWithAdministrator(page)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill(number)
  await page.locator('#enrol-name').fill(name)
  await button(page, en.exception.open).click()
  await button(page, en.exception.proofPhoto).click()
  const isThere = async (window: Page) => {
    const picture = window.getByRole('img', { name: en.exception.proofPicture })
    await expect(picture).toBeVisible()
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
  }
  await isThere(page)
  await expect(page.locator('[data-draft=saved]')).toBeVisible()
  await page.reload()
  await signIn(page)
  await button(page, en.drafts.continue).click()
  await isThere(page)

  await first.signal('SIGKILL')
  const { page: again, output, close } = await station.open()
  await again.getByLabel(en.setup.passphraseLabel, { exact: true }).fill(passphrase)
  await button(again, en.unlock.button).click()
  await signIn(again)
  await button(again, en.drafts.continue).click()
  await isThere(again)
  await again.getByLabel(en.exception.reasons.injury).check()
  await again.keyboard.press('Control+Enter')
  await expect(again.getByText(en.outcome.waiting)).toBeVisible()
  expect(await close(), output()).toBe(0)
})
