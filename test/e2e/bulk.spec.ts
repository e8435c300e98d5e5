/** Bulk import in the real browser over a stand-in for the station, by keyboard: from the list to the decision on who looks alike. */
import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { officePlan } from './officePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'
import { formPolicy, importJob, importReport, places, stationAnswers } from './stationPlan.ts'

serveWindow()

const consent = { version: 2, createdAt: '2026-06-09T09:30:00.000Z', texts: { en: 'May we?', de: 'Dürfen wir?' } }
const button = (page: Page, words: string | RegExp) => page.getByRole('button', { name: words, exact: typeof words === 'string' })

async function openImport(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow({ ...officePlan, role: 'supervisor', jobs: [], answers: stationAnswers, ...change })
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
  await page.keyboard.press('Alt+b')
  await expect(page.getByRole('heading', { name: en.bulk.title, level: 1 })).toBeVisible()
  return page
}

test('a list is looked at, its columns are put right, its consent is told, and it begins', async () => {
  const page = await openImport({ consent, answers: { ...stationAnswers, 'policy.form': formPolicy } })
  const source = page.getByLabel(en.bulk.source)
  await source.fill('/media/stick/people.csv')
  await source.press('Enter')
  await expect(page.getByText('A list with 240 rows')).toBeVisible()
  await expect(button(page, en.bulk.start)).toBeDisabled()
  await expect(page.getByLabel('Birthday (required)')).toHaveValue('Geburtstag')
  await page.getByLabel(en.bulk.name, { exact: true }).selectOption('')
  await page.getByRole('radio', { name: en.bulk.given.paper }).press('Space')
  await page.getByLabel(en.bulk.consentLanguage).selectOption('de')
  await button(page, en.bulk.start).press('Enter')
  await expect(page.getByText('Columns that were not read: Remarks')).toBeVisible()
  expect(await calls(page, 'import.start')).toEqual([
    {
      source: '/media/stick/people.csv',
      duplicates: 'ask',
      preset: 'none',
      consentGiven: 'paper',
      consentVersion: 2,
      consentLanguage: 'de',
      numberColumn: 'Nr',
      pictureColumn: 'Bild',
      fieldColumns: { birthday: 'Geburtstag' },
    },
  ])
  await expect(source).toHaveValue('')
})

test('without a text nobody is asked how people consented', async () => {
  const page = await openImport({ answers: { ...stationAnswers, 'policy.form': formPolicy } })
  await page.getByLabel(en.bulk.source).fill('/media/stick/people.csv')
  await page.getByLabel(en.bulk.source).press('Enter')
  await expect(button(page, en.bulk.start)).toBeEnabled()
  await expect(page.getByText(en.bulk.consent)).toHaveCount(0)
})

test('a list is chosen on the machine of the station by keys alone', async () => {
  const page = await openImport()
  await button(page, en.bulk.choose).press('Enter')
  const dialog = page.getByRole('dialog', { name: en.place.title })
  await expect(dialog.getByRole('option')).toHaveCount(2)
  await expect(dialog.getByText('3 files of other kinds are not shown.')).toBeVisible()
  await page.keyboard.type('peo')
  await expect(dialog.getByRole('option')).toHaveText([/people\.csv/])
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByLabel(en.bulk.source)).toHaveValue('/media/stick/people.csv')
  await expect(page.getByText('A list with 240 rows')).toBeVisible()
  // A folder is opened by Enter, taken by Control and Enter, and left by Backspace.
  await button(page, en.bulk.choose).press('Enter')
  await expect(dialog.getByRole('option')).toHaveCount(2)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Control+Enter')
  expect(await calls(page, 'place.list')).toEqual([{}, {}, { folder: places.entries[0]?.path }, { folder: places.parent }])
  await expect(page.getByLabel(en.bulk.source)).toHaveValue(places.folder)
})

test('what is dropped is taken where the window knows its path', async () => {
  const page = await openImport()
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['number,picture'], 'people.csv'))
    for (const type of ['dragover', 'drop']) window.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  })
  await expect(page.getByLabel(en.bulk.source)).toHaveValue('/media/stick/people.csv')
  await expect(page.getByText('A list with 240 rows')).toBeVisible()
})

test('an import shows how far it is, is paused by a key, goes on, and is cancelled by a second press', async () => {
  const page = await openImport({ jobs: [{ ...importJob, state: 'running', done: 120 }] })
  await expect(page.getByText('120 of 240')).toBeVisible()
  await expect(page.getByText('Safe to close or unplug: it goes on at row 121.')).toBeVisible()
  await page.keyboard.press('p')
  await expect(button(page, new RegExp(`^${en.vault.resume}`))).toBeVisible()
  await page.keyboard.press('p')
  await expect(button(page, new RegExp(`^${en.vault.pause}`))).toBeVisible()
  await button(page, en.vault.cancel).press('Enter')
  await button(page, en.vault.cancelSure).press('Enter')
  await expect(page.getByText('120 of 240')).toHaveCount(0)
  expect((await calls(page, 'job.pause')).length + (await calls(page, 'job.resume')).length).toBe(2)
})

test('an import that has failed says why and goes on where it was', async () => {
  const page = await openImport({ jobs: [{ ...importJob, state: 'failed', done: 99, error: 'vault.diskFull' }] })
  await expect(page.getByText('The import stopped: The disk is full; nothing was written.')).toBeVisible()
  await button(page, 'Go on at row 100').press('Enter')
  await expect.poll(() => calls(page, 'import.resume')).toEqual([{ job: importJob.id }])
})

test('refused rows have reasons in words, are counted by reason, and are saved as a file', async () => {
  const page = await openImport()
  await expect(page.getByRole('row', { name: /R-52012/ })).toContainText('No face was found in the picture.')
  await expect(page.getByRole('region', { name: en.bulk.reasons }).getByRole('listitem')).toHaveText([/5$/, /2$/, /1$/])
  const saved = page.waitForEvent('download')
  await page.keyboard.press('Control+e')
  const file = await saved
  expect(file.suggestedFilename()).toBe('import.csv')
  expect(readFileSync(await file.path(), 'utf8')).toBe('row,number\r\n12,R-52012\r\n')
  await page.keyboard.press('f')
  await expect(page.getByRole('combobox', { name: new RegExp(`^${en.bulk.filter}`) })).toHaveValue('suspected')
})

test('who looks alike is decided upon beside both pictures, with grounds', async () => {
  const page = await openImport()
  await button(page, `${en.bulk.decide}: Picture of row 40`).press('Enter')
  const panel = page.getByRole('region', { name: en.bulk.decideTitle })
  await expect(panel.getByRole('img', { name: 'Picture of row 40' })).toBeVisible()
  await expect(panel.getByRole('img', { name: 'Stored picture of R-31877' })).toBeVisible()
  await page.keyboard.press('F9')
  await expect(panel.getByRole('img', { name: 'Stored picture of R-31877' })).toHaveCount(0)
  await expect(panel.getByText('R-52040')).toHaveCount(0)
  await page.keyboard.press('F9')
  await panel.getByLabel(en.bulk.grounds).selectOption('documents')
  await button(page, 'The same person: add to R-31877').press('Enter')
  await expect(panel).toHaveCount(0)
  expect(await calls(page, 'import.decide')).toEqual([
    { job: importReport.job.id, row: 40, decision: 'same', grounds: 'documents', subject: 'R-31877' },
  ])
})

test('a refused start says what to do and keeps what was put together', async () => {
  const page = await openImport({ refused: { 'import.start': 'job.notPossible' } })
  await page.getByLabel(en.bulk.source).fill('/people')
  await page.getByLabel(en.bulk.source).press('Enter')
  await button(page, en.bulk.start).press('Enter')
  await expect(page.locator('[data-code="job.notPossible"]')).toBeVisible()
  await expect(page.getByLabel(en.bulk.source)).toHaveValue('/people')
})
