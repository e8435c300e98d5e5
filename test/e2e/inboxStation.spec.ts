/** The inbox in the real window: who is captured now stands beside who is stored, both in pictures. */
import type { Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { expect, test } from './fixture.ts'
import { createVaultWithoutAccounts } from './newVault.ts'

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

async function enrolAtCamera(page: Page, number: string): Promise<void> {
  await page.getByLabel(en.enrol.number).fill(number)
  await page.locator('#enrol-name').fill(`Quirinus ${number}`)
  await expect(page.locator('.shot img').first()).toBeVisible({ timeout: 30_000 })
  await page.locator('#enrol-name').press('Enter')
}

test('a possible duplicate that was left shows both pictures side by side, and is decided', async ({ station }) => {
  const { page, output, close } = await station.open()
  await createVaultWithoutAccounts(page)
  await enrolAtCamera(page, 'E2E-1')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  await button(page, en.enrol.done.next).click()
  await enrolAtCamera(page, 'E2E-2')
  await expect(page.getByText(en.enrol.review.banner)).toBeVisible()
  await page.locator('.ev').click()
  await page.keyboard.press('i')
  await expect(page.getByText(en.outcome.waiting)).toBeVisible()
  await page.keyboard.press('Alt+i')
  await button(page, en.inbox.open).click()
  const pictures = page.locator('.inbox-case .pair img')
  await expect(pictures).toHaveCount(2)
  for (const picture of await pictures.all()) {
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(50)
  }
  await expect(page.getByRole('img', { name: en.enrol.review.this })).toBeVisible()
  await page.screenshot({ path: `${test.info().outputPath()}/inbox.png` })
  await page.keyboard.press('1')
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('samePerson')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Added to E2E-1.')).toBeVisible()
  expect(await close(), output()).toBe(0)
})
