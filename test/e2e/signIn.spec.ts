/** Accounts in the real window: the first administrator, locking with work open, wrong tries, and another account. */
import type { Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { expect, test } from './fixture.ts'
import { filesHolding } from './machine.ts'
import { createVault, passphrase } from './newVault.ts'

const password = 'a password of the administrator'
const name = 'Zenobia Quill'

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

async function createVaultWithAdministrator(page: Page): Promise<void> {
  await createVault(page)
  await page.getByLabel(en.signIn.name, { exact: true }).fill(name)
  await page.getByLabel(en.firstAdministrator.password, { exact: true }).fill('too short')
  await page.getByLabel(en.firstAdministrator.again).fill('too short')
  await expect(button(page, en.firstAdministrator.button)).toBeDisabled()
  await page.getByLabel(en.firstAdministrator.password, { exact: true }).fill(password)
  await page.getByLabel(en.firstAdministrator.again).fill(password)
  await button(page, en.firstAdministrator.button).click()
}

const enter = async (page: Page, secret: string) => {
  await page.getByLabel(en.signIn.secret, { exact: true }).fill(secret)
  await page.getByLabel(en.signIn.secret, { exact: true }).press('Enter')
}

test('the desk locks with its work, and only a sign-in opens it again', async ({ station }) => {
  const { page, close, output } = await station.open()
  await createVaultWithAdministrator(page)
  const navigation = page.getByRole('navigation', { name: en.areas.navigation })
  await expect(navigation).toBeVisible()
  await expect(page.getByText(name)).toBeVisible()
  const number = page.getByLabel(en.enrol.number)
  await number.fill('R-1001')

  await page.keyboard.press('Control+l')
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await expect(navigation).toBeHidden()
  await expect(number).toBeHidden()
  // Keys of the desk are dead: F1 would show all keys.
  await page.keyboard.press('F1')
  await expect(page.locator('dialog')).toHaveCount(0)
  await page.screenshot({ path: `${test.info().outputPath()}/locked.png` })

  await enter(page, 'not the password at all')
  await expect(page.locator('[data-code="signIn.wrong"]')).toBeVisible()
  await expect(page.getByRole('timer')).toContainText('0:0')
  await expect(button(page, en.signIn.button)).toBeDisabled()
  await expect(page.getByRole('timer')).toHaveCount(0)
  await enter(page, password)
  await expect(navigation).toBeVisible()
  await expect(number).toHaveValue('R-1001')

  await button(page, en.signIn.lock).click()
  await button(page, en.signIn.clear).click()
  await page.getByLabel(en.signIn.name, { exact: true }).fill(name.toUpperCase())
  await enter(page, password)
  // The next one has another number proposed.
  await expect(number).not.toHaveValue('R-1001')
  await expect(number).toHaveValue(/^\w{5}-\w{5}$/)

  // A window that is loaded again is another connection: nobody is signed in there.
  await page.reload()
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  for (const secret of [name, password, passphrase]) expect(filesHolding(station.folder, secret), secret).toEqual([])
  expect(await close(), output()).toBe(0)
})
