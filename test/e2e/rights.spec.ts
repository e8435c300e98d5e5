/** Restricting and correcting a subject in the window over the stand-in, by mouse and by keys alone. */
import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { siteForm } from './intakePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'

serveWindow()

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const reason = 'They contest the name.'

async function openSubject(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow(change)
  await expect(page.locator('.app[data-area=enrol] main')).toBeVisible()
  await page.keyboard.press('Alt+4')
  await page.getByRole('option').first().click()
  await expect(page.getByText('Version 3')).toBeVisible()
  return page
}

test('a restriction takes a reason, hides the pictures, and is taken back at once or lifted with a reason', async () => {
  const page = await openSubject({ role: 'supervisor' })
  await button(page, en.restriction.restrict).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await page.keyboard.type('no')
  await expect(dialog.getByRole('button', { name: en.restriction.restrictButton })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  expect(await calls(page, 'subject.restrict')).toEqual([])

  await button(page, en.restriction.restrict).click()
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await page.keyboard.type(reason)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/Restricted since .* by Sam/)).toBeVisible()
  expect(await calls(page, 'subject.restrict')).toEqual([{ id: 'R-20477', reason }])
  const mark = page.getByRole('option').getByText(/Restricted since/)
  await expect(mark).toHaveCount(1)
  await expect(page.getByText(reason)).toBeVisible()
  for (const gone of [en.subjects.showPicture, en.subjects.recapture, en.subjects.rollBack, en.restriction.restrict])
    await expect(button(page, gone)).toHaveCount(0)
  for (const stays of [en.subjects.export, en.subjects.erase, en.correction.open]) await expect(button(page, stays)).toBeVisible()
  await page.keyboard.press('F9')
  await expect(page.getByText(reason)).toHaveCount(0)
  await page.keyboard.press('F9')

  await button(page, en.restriction.undo).click()
  await expect(page.getByText('The restriction of R-20477 is lifted.')).toBeVisible()
  await expect(button(page, en.subjects.showPicture)).toBeVisible()
  await expect(mark).toHaveCount(0)
})

test('by keys alone: restrict, take back; restrict again, lift', async () => {
  const page = await openSubject()
  const press = async (name: string) => {
    await button(page, name).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  }
  await press(en.restriction.restrict)
  await page.keyboard.type(reason)
  await page.keyboard.press('Control+Enter')
  // The way back has the keys.
  await expect(button(page, en.restriction.undo)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'R-20477', level: 2 })).toBeFocused()
  await press(en.restriction.restrict)
  await page.keyboard.type(reason)
  await page.keyboard.press('Control+Enter')
  await expect(button(page, en.restriction.lift)).toBeVisible()
  await press(en.restriction.lift)
  await page.keyboard.type('The name is right now.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('The restriction of R-20477 is lifted.')).toBeVisible()
  expect((await calls(page, 'subject.liftRestriction')).at(-1)).toEqual({ id: 'R-20477', reason: 'The name is right now.' })
})

const restricted = { 'R-20477': { since: '2026-06-10T08:00:00.000Z', by: 'account-1', reason, lifted: null } }

test('an operator sees that somebody is restricted, and is not offered to change it', async () => {
  const page = await openSubject({ role: 'operator', restricted })
  await expect(page.getByText(/Restricted since .* by Sam/)).toBeVisible()
  for (const name of [en.restriction.lift, en.restriction.restrict, en.correction.open, en.subjects.recapture, en.subjects.showPicture])
    await expect(button(page, name)).toHaveCount(0)
})

test('the claim of a restricted subject is refused before anybody is captured', async () => {
  const page = await openWindow({ restricted })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.press('Alt+2')
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-code="subject.restricted"]')).toBeVisible()
  for (const name of ['subject.picture', 'subject.verify']) expect(await calls(page, name)).toEqual([])
})

test('details are corrected in the form of the site; only what is different is sent', async () => {
  const values = { born: '1985-12-10', people: 3 }
  const page = await openSubject({ role: 'supervisor', form: siteForm, intake: { form: { version: 3, values } } } as Partial<FakePlan>)
  await button(page, en.correction.open).click()
  const dialog = page.getByRole('dialog')
  const name = dialog.getByLabel('Full name')
  await expect(name).toBeFocused()
  await expect(dialog.getByRole('button', { name: en.correction.button })).toBeDisabled()
  // The number is no detail.
  await expect(dialog.getByLabel('Case number')).toHaveCount(0)
  await name.fill('Adam Beispiel')
  await dialog.getByLabel('People in the household').fill('40')
  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('People in the household')).toBeFocused()
  expect(await calls(page, 'subject.correct')).toEqual([])
  await page.keyboard.press('Control+a')
  await page.keyboard.type('4')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Corrected: Full name', { exact: false })).toBeVisible()
  expect(await calls(page, 'subject.correct')).toEqual([
    { id: 'R-20477', formVersion: 3, name: 'Adam Beispiel', form: { born: '1985-12-10', people: 4 }, revision: 'revision-R-20477' },
  ])
  await expect(page.getByRole('option').first().getByText('Adam Beispiel')).toBeVisible()
})
