/** The step of the set-up that shows the recovery key and asks for some of its groups. */
import { expect, type Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'

/** Types back the groups that are asked for. */
export async function confirmRecoveryKey(page: Page): Promise<void> {
  const items = page.getByRole('list', { name: en.recovery.keyLabel }).getByRole('listitem')
  await expect(items).toHaveCount(14)
  const groups = await items.allInnerTexts()
  await page.getByRole('button', { name: new RegExp(`^${en.recovery.written}`) }).click()
  for (const field of await page.getByRole('textbox').all()) {
    const position = Number((await field.getAttribute('id'))?.replace('group-', ''))
    await field.fill((groups[position - 1] ?? '').replace(/^\d+\s+/, '').toLowerCase())
  }
  await page.getByRole('button', { name: new RegExp(`^${en.recovery.check}`) }).click()
}
