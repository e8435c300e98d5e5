/** The way through every screen, as an operator uses them: keys and clicks of each are timed. */
import { expect, type Page } from '@playwright/test'
import { en } from '../../../src/renderer/locale/en.ts'
import { confirmRecoveryKey } from '../../e2e/newVault.ts'
import { type Interactions, timeScreen } from './interactions.ts'

export const benchPassphrase = 'a passphrase for the bench'
const operator = 'Ada Example'
const secret = 'a password of the bench'
const number = 'B-4711'
export const benchNumber = number

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

/** The same key so often, as a person presses it. */
async function press(page: Page, chord: string, times = 1): Promise<void> {
  for (let turn = 0; turn < times; turn++) await page.keyboard.press(chord, { delay: 20 })
}
const type = (page: Page, words: string) => page.keyboard.type(words, { delay: 40 })
/** Out of the fields, where single letters are keys. */
const leaveFields = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

type Use = (page: Page) => Promise<void>

/** From the empty folder to the desk with an administrator. */
const beginnings: readonly (readonly [string, Use])[] = [
  [
    'set-up',
    async (page) => {
      await page.getByRole('radio', { name: new RegExp(en.setup.passphrase) }).click()
      await page.getByLabel(en.setup.passphraseLabel, { exact: true }).click()
      await type(page, benchPassphrase)
      await page.getByLabel(en.setup.again).click()
      await type(page, benchPassphrase)
      await button(page, en.setup.button).click()
      await expect(page.getByRole('list', { name: en.recovery.keyLabel })).toBeVisible()
    },
  ],
  ['recovery key', confirmRecoveryKey],
  [
    'first administrator',
    async (page) => {
      await page.getByLabel(en.signIn.name, { exact: true }).click()
      await type(page, operator)
      for (const field of [
        page.getByLabel(en.firstAdministrator.password, { exact: true }),
        page.getByLabel(en.firstAdministrator.again),
      ]) {
        await field.click()
        await type(page, secret)
      }
      await button(page, en.firstAdministrator.button).click()
      await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
    },
  ],
]

const areas: readonly (readonly [string, Use])[] = [
  ['enrol', enrolForBench],
  [
    'verify',
    async (page) => {
      await press(page, 'Alt+2')
      await verifyOnce(page)
      await press(page, 'F9', 2)
      await press(page, 'n')
    },
  ],
  [
    'identify',
    async (page) => {
      await press(page, 'Alt+3')
      await expect(page.getByText(en.checks.allGood)).toBeVisible()
      await press(page, 'Space')
      await expect(page.locator('[data-subject]')).toHaveCount(1)
      await page.locator('[data-subject]').first().click()
      await press(page, 'F9', 2)
      await press(page, 'Escape')
    },
  ],
  [
    'subjects',
    async (page) => {
      await press(page, 'Alt+4')
      await expect(page.getByRole('option').first()).toBeVisible()
      await type(page, 'B-4')
      await expect(page.getByRole('option')).toHaveCount(1)
      await press(page, 'ArrowDown')
      await press(page, 'Enter')
      await expect(button(page, en.subjects.showPicture)).toBeVisible()
      await button(page, en.subjects.showPicture).click()
      await press(page, 'Escape')
    },
  ],
  ['vault', withTabs('Alt+5', 12)],
  [
    'accounts',
    async (page) => {
      await withTabs('Alt+6', 6)(page)
      await button(page, en.accounts.add).click()
      await type(page, 'Bo Sample')
    },
  ],
  [
    'audit',
    async (page) => {
      await withTabs('Alt+7', 6)(page)
      await page.getByLabel(en.audit.event).click()
      await type(page, 'subject')
      await button(page, en.audit.verify).click()
      await page.waitForTimeout(500)
    },
  ],
  ['health', withTabs('Alt+8', 10)],
  [
    'settings',
    async (page) => {
      await withTabs('Alt+9', 8)(page)
      await page.getByRole('radio', { name: en.settings.themes.dark }).click()
      await page.getByRole('radio', { name: en.settings.themes.light, exact: true }).click()
    },
  ],
  [
    'commands',
    async (page) => {
      for (const words of ['subj', 'lang', 'verify']) {
        await press(page, 'Control+k')
        await type(page, words)
        await press(page, 'ArrowDown', 2)
        await press(page, 'Escape')
      }
    },
  ],
  ['keys', (page) => press(page, 'F1', 6)],
  [
    'sign-in',
    async (page) => {
      await press(page, 'Control+l')
      await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
      await page.getByLabel(en.signIn.secret, { exact: true }).click()
      await type(page, secret)
      await press(page, 'Enter')
      await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
    },
  ],
]

function withTabs(chord: string, times: number): Use {
  return async (page) => {
    await press(page, chord)
    await expect(page.locator('main button, main input').first()).toBeVisible()
    await press(page, 'Tab', times)
  }
}

/** Enrols the subject that is verified later. */
export async function enrolForBench(page: Page): Promise<void> {
  await press(page, 'Alt+1')
  await page.getByLabel(en.enrol.number).click({ clickCount: 3 })
  await type(page, number)
  await page.getByLabel(en.enrol.name).click()
  await type(page, 'Ada Example')
  await leaveFields(page)
  await press(page, 'm', 4)
  await press(page, 'F9', 2)
  // Taken by itself once the live checks are good.
  await expect(page.locator('.shot img').first()).toBeVisible({ timeout: 60_000 })
  await press(page, 'Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  await press(page, 'Enter')
  await expect(page.getByLabel(en.enrol.number)).toBeVisible()
}

/** One verification by keys, from the empty claim to the verdict. */
export async function verifyOnce(page: Page): Promise<void> {
  await page.getByLabel(en.verify.number).fill('')
  await type(page, number)
  await press(page, 'Enter')
  await expect(page.locator('.claim dl')).toBeVisible()
  await press(page, 'Enter')
  await expect(page.locator('[data-verdict]')).toBeVisible()
}

/** The screens in turn, from the set-up on. The desk is open afterwards; after all of them one subject is enrolled. */
export async function walkScreens(page: Page, which: 'all' | 'beginnings', say: (line: string) => void): Promise<Interactions[]> {
  const screens: Interactions[] = []
  await expect(page.getByText(en.setup.create).first()).toBeVisible()
  for (const [screen, use] of which === 'all' ? [...beginnings, ...areas] : beginnings) {
    screens.push(await timeScreen(page, screen, () => use(page)))
    say(`desk: ${screen} walked`)
  }
  return screens
}
