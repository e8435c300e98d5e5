/** What the window holds after many verifications: its JavaScript objects, and all of its process. */
import { type Browser, type CDPSession, expect, type Page } from '@playwright/test'
import { en } from '../../../src/renderer/locale/en.ts'
import { residentMbOf } from '../stationParts/running.ts'
import { benchNumber } from './walk.ts'

export interface Held {
  readonly verifications: number
  /** After everything unreachable was collected, MB. */
  readonly heapMb: number
  readonly nodes: number
  readonly listeners: number
  /** Buffers of the page outside those objects: pictures, frames. MB. */
  readonly buffersMb: number
  /** Of the page's process, MB; null where the system does not tell. */
  readonly residentMb: number | null
  /** The same when the browser was told to give back what it keeps only to be faster. */
  readonly neededMb: number | null
  readonly elapsedS: number
}

/** At which counts it is looked at. */
const looksAt = (verifications: number) => [0, 0.1, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * verifications))

async function rendererPid(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  // The page's process has used most time of the processor; others are spares.
  return processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime)[0]?.id
}

async function look(session: CDPSession, browser: Browser, verifications: number, startMs: number): Promise<Held> {
  // Twice: what the first round finalises only the second one frees.
  for (let round = 0; round < 2; round++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  const pid = await rendererPid(browser)
  const residentMb = residentMbOf(pid)
  await session.send('Memory.simulatePressureNotification', { level: 'critical' })
  await new Promise((done) => setTimeout(done, 1500))
  return {
    verifications,
    heapMb: Number((usedSize / 1e6).toFixed(2)),
    buffersMb: Number((backingStorageSize / 1e6).toFixed(2)),
    nodes,
    listeners: jsEventListeners,
    residentMb,
    neededMb: residentMbOf(pid),
    elapsedS: Math.round((performance.now() - startMs) / 1000),
  }
}

/** Verifies the subject of the walk again and again; the whole way each time, the verdict included. */
export async function memoryOver(browser: Browser, page: Page, verifications: number, say: (line: string) => void): Promise<Held[]> {
  const session = await page.context().newCDPSession(page)
  const held: Held[] = []
  const startMs = performance.now()
  await page.keyboard.press('Alt+2')
  const field = page.getByLabel(en.verify.number)
  await expect(field).toBeVisible()
  for (let turn = 0; turn <= verifications; turn++) {
    if (looksAt(verifications).includes(turn)) {
      held.push(await look(session, browser, turn, startMs))
      say(`desk: ${turn} of ${verifications} verifications`)
    }
    if (turn === verifications) break
    await field.fill(benchNumber)
    await page.keyboard.press('Enter')
    await page.locator('.claim dl').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-verdict]').waitFor()
    await page.keyboard.press('n')
    await page.locator('[data-verdict]').waitFor({ state: 'detached' })
  }
  await session.detach()
  return held
}
