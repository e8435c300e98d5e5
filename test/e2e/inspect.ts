/** Looks at a screen for everybody: axe, what is cut off, and a picture of it, in every theme, direction and size. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Locator, type Page, test } from '@playwright/test'
import sharp from 'sharp'
import type { FakePlan } from '../support/fakePlan.ts'
import { makeCameraFile } from './camera.ts'
import { cutOff } from './cutOff.ts'
import { waitingCases } from './intakePlan.ts'
import { officePlan } from './officePlan.ts'
import { openWindow, serveWindow } from './standIn.ts'
import { stationAnswers } from './stationPlan.ts'

export const looks = {
  light: { language: 'en', theme: 'light' },
  dark: { language: 'en', theme: 'dark' },
  contrast: { language: 'en', theme: 'contrast' },
  arabic: { language: 'ar', theme: 'light' },
  arabicDark: { language: 'ar', theme: 'dark' },
  german: { language: 'de', theme: 'light' },
  french: { language: 'fr', theme: 'light' },
} as const
export type Look = (typeof looks)[keyof typeof looks]
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
]
/** Looked at in every run of the tests; the others are marked for the long ones. */
export const looksOfEachRun: readonly string[] = ['arabicDark']
const images = resolve(import.meta.dirname, '../../docs/images/screens')
const shownInDocs: readonly string[] = ['light', 'dark', 'arabic']
const isForDocs = () => process.env.UPDATE_DOCS === '1'

/** Called once by each file that looks. The pictures of the guides show a drawn subject; the tests look at no face. */
export function serveDrawnSubject(): void {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-camera-'))
  serveWindow(async () => (isForDocs() ? [`--use-file-for-fake-video-capture=${await makeCameraFile(folder, 0)}`] : []))
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }))
}

const backups = [
  {
    folder: '/media/backup',
    keyFile: { refreshedAt: '2026-06-09T09:30:00.000Z', pending: false },
    generations: [1, 2].map((number) => ({
      number,
      createdAt: '2026-06-09T09:30:00.000Z',
      bytes: 48_000_000,
      subjects: 48_210,
      verifiedAt: '2026-06-09T09:30:00.000Z',
    })),
  },
]

/** Opens the window in a look, with something to see in every area. @param before called with the page before it loads */
export function openIn(look: Look, change: Partial<FakePlan> = {}, before?: (page: Page) => Promise<void>): Promise<Page> {
  const stand = { ...officePlan, manySubjects: 400, backups, inbox: waitingCases(), answers: stationAnswers, look: { ...look }, ...change }
  return openWindow(stand, async (page) => {
    // Colours are judged at rest, not on their way.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.addInitScript((chosen) => {
      localStorage.setItem('vultus.language', chosen.language)
      localStorage.setItem('vultus.theme', chosen.theme)
    }, look)
    await before?.(page)
  })
}

/** Brings something to the top of what people can scroll; what is only cut stays where it is. */
function scrollTo(element: Element): void {
  let place = element.parentElement
  while (place !== null && !(/auto|scroll/.test(getComputedStyle(place).overflowY) && place.scrollHeight > place.clientHeight))
    place = place.parentElement
  place?.scrollBy(0, element.getBoundingClientRect().top - place.getBoundingClientRect().top - 12)
}

/** @param at what is looked at, where that is not at the top of the screen */
export type Seen = (page: Page, screen: string, at?: Locator) => Promise<void>

/** @param output folder of the pictures that are not for the guides @returns what looks at a screen, and what it found wrong so far */
export function inspectIn(name: string, output: string): { readonly seen: Seen; readonly wrong: readonly string[] } {
  const wrong: string[] = []
  mkdirSync(isForDocs() ? images : output, { recursive: true })
  const seen: Seen = async (page, screen, at) => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    for (const { id, nodes } of serious) wrong.push(`${screen}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await at?.evaluate(scrollTo)
      const cut = await cutOff(page)
      if (cut.length > 0) wrong.push(`${screen} at ${size.width}: cut off ${JSON.stringify(cut)}`)
      const file = `${screen}-${size.width}-${name}`
      const picture = sharp(await page.screenshot())
      if (isForDocs() && shownInDocs.includes(name)) await picture.webp({ quality: 80, effort: 5 }).toFile(join(images, `${file}.webp`))
      else await picture.toFile(join(output, `${file}.png`))
    }
  }
  return { seen, wrong }
}
