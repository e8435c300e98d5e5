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
import { type FakePlan, installFakeBridge } from '../support/fakeBridge.ts'
import { findBrowser } from './machine.ts'

const pages = listPageFiles(join(resolve(import.meta.dirname, '../..'), 'out/renderer'))
export const candidate = { id: 'R-31877', comparisonScore: 0.96, fmr: 8e-5 }

/** Points on rings around the middle of the face, the ones that guidance looks at in their places. */
function facePoints(): number[] {
  const points = Array.from({ length: 468 }, (_, index) => {
    const [angle, radius] = [index * 2.4, 0.5 * Math.sqrt((index + 0.5) / 468)]
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)] as [number, number]
  })
  const places: Readonly<Record<number, [number, number]>> = {
    10: [0.5, 0],
    152: [0.5, 1],
    1: [0.5, 0.55],
    234: [0, 0.5],
    454: [1, 0.5],
    33: [0.2, 0.4],
    133: [0.4, 0.4],
    362: [0.6, 0.4],
    263: [0.8, 0.4],
  }
  return points.flatMap((point, index) => places[index] ?? point)
}

async function planOf(change: Partial<FakePlan>): Promise<FakePlan> {
  const picture = async (subject: number) => {
    const svg = portraitSvg(drawnSubjects[subject]!, { ...viewOf(0), width: 240, height: 300, scale: 1.6 })
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
      'R-20477': { name: 'Ada Example', picture: await picture(1) },
      'R-31877': { name: 'Bo Sample', picture: await picture(2) },
    },
    samples: [await picture(0)],
    points: facePoints(),
    face: { x: 0.37, y: 0.25, width: 0.26, height: 0.5 },
    pictureRefusal: null,
    ...change,
  }
}

let server: Server
let browser: Browser

/** Called once by each file that opens windows. */
export function serveWindow(): void {
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
      args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
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
  await page.addInitScript(installFakeBridge, await planOf(change))
  await before?.(page)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}
