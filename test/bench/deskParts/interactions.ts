/** From a key or click to the next picture that shows its effect, as the browser itself times it (Event Timing, W3C). */
import type { Page } from '@playwright/test'

export interface Interactions {
  readonly screen: string
  /** Keys and clicks that the browser counted. */
  readonly count: number
  /** Nearest rank, ms. The browser rounds to 8 ms and reports none below 16: those count as 16. */
  readonly p95Ms: number
  readonly worstMs: number
  /** What the slowest of them was. */
  readonly worst: string
}

interface Kept {
  screen: string
  readonly timed: Record<string, Record<string, { ms: number; what: string }>>
}
type WithKept = Window & { kept: Kept }

const shortestMs = 16

/** Before the page's own scripts. */
export async function watchInteractions(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: Kept = { screen: '', timed: {} }
    Object.assign(window, { kept })
    new PerformanceObserver((list) => {
      for (const event of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[]) {
        if (event.interactionId === 0) continue
        kept.timed[kept.screen] ??= {}
        const place = kept.timed[kept.screen] ?? {}
        const before = place[event.interactionId]
        const target =
          event.target instanceof Element ? event.target.id || event.target.textContent?.trim().slice(0, 30) || event.target.tagName : ''
        if (before === undefined || event.duration > before.ms)
          place[event.interactionId] = { ms: event.duration, what: `${event.name} ${target}` }
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  })
}

/** Times of one screen: everything that `use` does. */
export async function timeScreen(page: Page, screen: string, use: () => Promise<void>): Promise<Interactions> {
  const countOf = () => page.evaluate(() => (performance as Performance & { interactionCount: number }).interactionCount)
  await page.evaluate((name) => ((window as unknown as WithKept).kept.screen = name), screen)
  const before = await countOf()
  await use()
  // Entries come after the picture they belong to.
  await page.waitForTimeout(400)
  const counted = (await countOf()) - before
  const timed = await page.evaluate((name) => Object.values((window as unknown as WithKept).kept.timed[name] ?? {}), screen)
  const sorted = timed.map(({ ms, what }) => ({ ms: Math.max(ms, shortestMs), what })).sort((a, b) => a.ms - b.ms)
  const count = Math.max(counted, sorted.length)
  // The unreported ones are the fast ones: they stand before the others.
  const rank = Math.ceil(0.95 * count) - 1 - (count - sorted.length)
  const worst = sorted.at(-1)
  return { screen, count, p95Ms: sorted[rank]?.ms ?? shortestMs, worstMs: worst?.ms ?? shortestMs, worst: worst?.what ?? '' }
}
