/** How often the overlay over the live picture is drawn. */
import type { Page } from '@playwright/test'

export interface Overlays {
  readonly perSecond: number
  readonly seconds: number
}

const drawn = async (page: Page) => Number(await page.locator('[data-overlays]').getAttribute('data-overlays'))

/** Counts on a screen with the live picture, once it runs evenly. */
export async function countOverlays(page: Page, seconds: number): Promise<Overlays> {
  await page.locator('[data-overlays]').waitFor({ timeout: 30_000 })
  await page.waitForTimeout(4000)
  const before = await drawn(page)
  const startMs = performance.now()
  await page.waitForTimeout(seconds * 1000)
  const overlays = (await drawn(page)) - before
  const elapsedS = (performance.now() - startMs) / 1000
  return { perSecond: Number((overlays / elapsedS).toFixed(1)), seconds: Number(elapsedS.toFixed(1)) }
}
