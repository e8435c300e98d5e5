/** Every screen of the window over the stand-in, one after the other, for tests that look at all of them. */
import { expect, type Page } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { officePlan } from './officePlan.ts'
import { candidate, openWindow } from './standIn.ts'

export const areas = ['enrol', 'verify', 'identify', 'subjects', 'vault', 'accounts', 'audit', 'health', 'settings'] as const
export type Area = (typeof areas)[number]

export const consent = {
  version: 4,
  createdAt: '2026-06-09T09:30:00.000Z',
  texts: { en: 'May we take pictures of your face and keep them?\n\nYou can say no, and you can have everything erased later.' },
}

export async function toArea(page: Page, area: Area): Promise<void> {
  await page.keyboard.press(`Alt+${areas.indexOf(area) + 1}`)
  await expect(page.locator(`.app[data-area=${area}] main`)).toBeVisible()
}

/** Calls `seen` when each screen is there. @param before called with each window before it loads */
export async function walkScreens(
  seen: (page: Page, screen: string) => Promise<void>,
  before?: (page: Page) => Promise<void>,
): Promise<void> {
  const open = (change: Partial<FakePlan>) => openWindow({ ...officePlan, manySubjects: 400, ...change }, before)
  for (const vault of ['missing', 'locked'] as const) {
    const page = await open({ vault })
    await expect(page.locator('h1')).toBeVisible()
    await seen(page, vault === 'missing' ? 'set-up' : 'unlock')
    await page.context().close()
  }
  const enrolling = await open({ consent, duplicates: [candidate] })
  await expect(enrolling.locator('.consent-words p')).toHaveCount(2)
  await seen(enrolling, 'consent')
  await enrolling.keyboard.press('y')
  await expect(enrolling.getByText(en.say.hold)).toBeVisible()
  await enrolling.getByLabel(en.enrol.number).fill('R-48211')
  await enrolling.getByRole('button', { name: en.enrol.capture }).click()
  await expect(enrolling.locator('.shot img')).toBeVisible()
  await seen(enrolling, 'capture')
  await enrolling.locator('button[type=submit]').click()
  await expect(enrolling.getByText(en.enrol.review.banner)).toBeVisible()
  await seen(enrolling, 'duplicate')
  await enrolling.context().close()

  const page = await open({})
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-48211')
  await page.getByRole('button', { name: en.enrol.capture }).click()
  await expect(page.locator('.shot img')).toBeVisible()
  await page.locator('button[type=submit]').click()
  await expect(page.locator('.receipt')).toBeVisible()
  await seen(page, 'done')
  for (const area of areas.slice(1)) {
    await toArea(page, area)
    if (area === 'subjects') await page.getByRole('option').first().click()
    if (area === 'health') await expect(page.locator('.chart canvas')).toHaveCount(3)
    await seen(page, area)
  }
  for (const [chord, screen] of [
    ['F1', 'keys'],
    ['Control+k', 'commands'],
  ] as const) {
    await page.keyboard.press(chord)
    await expect(page.getByRole('dialog')).toBeVisible()
    await seen(page, screen)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.keyboard.press('Control+l')
  await expect(page.locator('.sign-in')).toBeVisible()
  await seen(page, 'sign-in')
  await page.context().close()
}
