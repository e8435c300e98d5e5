/** Subjects of a large vault: how long it takes to find somebody, and whether the list moves smoothly. */
import { expect, type Page } from '@playwright/test'
import { en } from '../../../src/renderer/locale/en.ts'
import { nameOf } from '../vaultParts/data.ts'
import { idOf } from '../vaultParts/stores.ts'
import { type Interactions, timeScreen } from './interactions.ts'

export interface LargeList {
  readonly rows: number
  /** From the last letter to the picture that shows the rows found, with the pause for further letters, ms. */
  readonly find: { readonly medianMs: number; readonly p95Ms: number; readonly worstMs: number; readonly searches: number }
  /** Between two pictures while the wheel turns through the list, ms. */
  readonly scroll: {
    readonly medianMs: number
    readonly p95Ms: number
    readonly worstMs: number
    readonly pictures: number
    readonly rowsPassed: number
  }
  readonly keys: Interactions
}

const largePrefix = 'B'

/** Times one search in the page: from setting the last letter to the frame after the rows changed. */
async function findOnce(page: Page, words: string): Promise<number> {
  const field = page.getByLabel(en.subjects.search)
  await field.fill(words.slice(0, -1))
  await page.waitForTimeout(700)
  await page.evaluate(() => {
    const list = document.querySelector('.subjects-rows')
    if (list === null) throw new Error('there is no list')
    const state = { typedMs: 0, shownMs: 0 }
    Object.assign(window, { finding: state })
    addEventListener(
      'input',
      () => {
        state.typedMs = performance.now()
        // Every change of rows after the letter moves the time; what is asked for is the last of them.
        new MutationObserver(() => requestAnimationFrame(() => (state.shownMs = performance.now()))).observe(
          document.querySelector('.subjects')!,
          {
            subtree: true,
            childList: true,
            characterData: true,
          },
        )
      },
      { once: true, capture: true },
    )
  })
  await field.focus()
  await page.keyboard.press('End')
  await page.keyboard.type(words.slice(-1))
  await expect(page.getByRole('option').first()).toBeVisible()
  await expect(page.locator('.office-head [role=status]')).not.toHaveText(en.subjects.searching)
  await page.waitForTimeout(600)
  return await page.evaluate(() => {
    const { typedMs, shownMs } = (window as unknown as { finding: { typedMs: number; shownMs: number } }).finding
    return shownMs - typedMs
  })
}

/** Turns the wheel for so long. @returns times between pictures, ms, and how many rows went by */
async function scrollThrough(page: Page, seconds: number): Promise<{ gapsMs: number[]; rowsPassed: number }> {
  const list = page.locator('.subjects-rows')
  const box = await list.boundingBox()
  if (box === null) throw new Error('there is no list')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.evaluate(() => {
    const kept = { gaps: [] as number[], on: true }
    Object.assign(window, { frames: kept })
    let last = performance.now()
    const next = (now: number) => {
      kept.gaps.push(now - last)
      last = now
      if (kept.on) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  const before = await list.evaluate((element) => element.scrollTop)
  for (const endMs = performance.now() + seconds * 1000; performance.now() < endMs; ) await page.mouse.wheel(0, 1200)
  const after = await list.evaluate((element) => element.scrollTop)
  const gapsMs = await page.evaluate(() => {
    const { frames } = window as unknown as { frames: { gaps: number[]; on: boolean } }
    frames.on = false
    return frames.gaps.slice(2)
  })
  return { gapsMs, rowsPassed: Math.round((after - before) / 44) }
}

/** Nearest rank. */
function summary(timesMs: readonly number[]) {
  const sorted = [...timesMs].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)
  return { medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1) }
}

/** @param rows of the vault of bench:vault @param seconds that the wheel turns */
export async function largeList(page: Page, rows: number, searches: number, seconds: number): Promise<LargeList> {
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('option').first()).toBeVisible({ timeout: 30_000 })
  const spread = (at: number) => Math.floor(((at + 0.5) / searches) * rows)
  const finds: number[] = []
  for (let at = 0; at < searches; at++) {
    const row = spread(at)
    // In turns by number, by a name that others have too, and by its first letters, which very many have.
    const words = [idOf(largePrefix, row), nameOf(row), nameOf(row).slice(0, 3)][at % 3] ?? ''
    finds.push(await findOnce(page, words))
  }
  await page.getByLabel(en.subjects.search).fill('')
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.waitForTimeout(1000)
  const { gapsMs, rowsPassed } = await scrollThrough(page, seconds)
  const keys = await timeScreen(page, `subjects of ${rows}`, async () => {
    await page.getByLabel(en.subjects.search).focus()
    for (let press = 0; press < 60; press++) await page.keyboard.press('PageDown')
    for (let press = 0; press < 60; press++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.type(nameOf(spread(0)), { delay: 80 })
    await page.waitForTimeout(500)
  })
  return { rows, find: { ...summary(finds), searches }, scroll: { ...summary(gapsMs), pictures: gapsMs.length, rowsPassed }, keys }
}
