/** The window over a stand-in for the station, served as the station serves it, in the browser of the machine. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import sharp from 'sharp'
import { portraitSvg } from '../../src/core/portrait.ts'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { viewOf } from '../../src/core/portraitViews.ts'
import { listPageFiles } from '../../src/doors/pageFiles.ts'
import { pageHeaders } from '../../src/doors/pageHeaders.ts'
import { fakeBridgeScript } from '../support/fakeBridge.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { findBrowser } from './machine.ts'

const pages = listPageFiles(join(resolve(import.meta.dirname, '../..'), 'out/renderer'))
export const candidate = { id: 'R-31877', comparisonScore: 0.96, fmr: 8e-5 }

/** The mesh that the starter pack's landmarks network finds on the first drawn subject, within its bounding box. */
const facePoints = JSON.parse(readFileSync(join(import.meta.dirname, '../support/meshPoints.json'), 'utf8')) as number[]

async function planOf(change: Partial<FakePlan>): Promise<FakePlan> {
  // All of the subject that sits before the simulated camera, so that what is called a match looks like one.
  const picture = async (view: number) => {
    const svg = portraitSvg(drawnSubjects[0]!, { ...viewOf(view), width: 240, height: 300, scale: 1.6 })
    return (await sharp(Buffer.from(svg)).jpeg().toBuffer()).toString('base64')
  }
  return {
    vault: 'open',
    kind: 'real',
    keychain: true,
    decision: 'match',
    fmr: 2e-5,
    duplicates: [],
    candidates: [candidate],
    gallerySize: 60,
    subjects: {
      'R-20477': { name: 'Adam Example', picture: await picture(1) },
      'R-31877': { name: 'Bo Sample', picture: await picture(2) },
    },
    samples: [await picture(0)],
    points: facePoints,
    face: { x: 0.394, y: 0.31, width: 0.219, height: 0.453 },
    pictureRefusal: null,
    ...change,
  }
}

let server: Server
let browser: Browser

/** Called once by each file that opens windows. @param moreArguments of the browser */
export function serveWindow(moreArguments: () => Promise<readonly string[]> = async () => []): void {
  test.beforeAll(async () => {
    const executablePath = findBrowser()
    test.skip(executablePath === undefined, 'there is no Chromium, Chrome or Edge')
    server = createServer((request, response) => {
      const page = pages.get(request.url ?? '')
      response.writeHead(page === undefined ? 404 : 200, {
        ...pageHeaders,
        ...(page === undefined ? {} : { 'Content-Type': page.mediaType }),
      })
      response.end(page === undefined ? undefined : readFileSync(page.file))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', ...(await moreArguments())],
    })
  })

  // A window left open goes on drawing its camera beside the next test.
  test.afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
  })

  test.afterAll(async () => {
    await browser?.close()
    server?.close()
  })
}

/** Opens the window over the stand-in. Whatever the page reports as an error fails the test. */
export async function openWindow(change: Partial<FakePlan> = {}, before?: (page: Page) => Promise<void>): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera'], viewport: { width: 1024, height: 768 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => expect.soft(String(error)).toBe(''))
  page.on('console', (message) => message.type() === 'error' && expect.soft(message.text()).toBe(''))
  await page.addInitScript({ content: fakeBridgeScript(await planOf(change)) })
  await before?.(page)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}

/** What the window asked of the stand-in under a name, in its order. */
export const calls = (page: Page, name: string): Promise<Record<string, unknown>[]> =>
  page.evaluate(
    (wanted) =>
      (
        window as unknown as { fakeStation: { state: { calls: { name: string; input: Record<string, unknown> }[] } } }
      ).fakeStation.state.calls
        .filter((call) => call.name === wanted)
        .map(({ input }) => input),
    name,
  )
