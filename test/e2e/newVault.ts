/** The set-up of a new vault in the real window. */
import { expect, type Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'

export const passphrase = 'four unrelated words here'

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

/** A vault with the passphrase, up to the question for the first administrator. */
export async function createVault(page: Page): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(en.setup.passphrase) }).check()
  await page.getByLabel(en.setup.passphraseLabel, { exact: true }).fill(passphrase)
  await page.getByLabel(en.setup.again).fill(passphrase)
  await button(page, en.setup.button).click()
  await confirmRecoveryKey(page)
}

/** A vault without accounts, up to the desk. */
export async function createVaultWithoutAccounts(page: Page): Promise<void> {
  await createVault(page)
  await button(page, en.firstAdministrator.skip).click()
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
}

/** The step of the set-up that shows the recovery key: types back the groups that are asked for. */
export async function confirmRecoveryKey(page: Page): Promise<void> {
  const items = page.getByRole('list', { name: en.recovery.keyLabel }).getByRole('listitem')
  await expect(items).toHaveCount(14)
  const groups = await items.allInnerTexts()
  await button(page, en.recovery.written).click()
  for (const field of await page.getByRole('textbox').all()) {
    const position = Number((await field.getAttribute('id'))?.replace('group-', ''))
    await field.fill((groups[position - 1] ?? '').replace(/^\d+\s+/, '').toLowerCase())
  }
  await button(page, en.recovery.check).click()
}
