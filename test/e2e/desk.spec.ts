/** Subjects, commands, settings, health and languages over a stand-in for the station, by keyboard. */
import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { ar } from '../../src/renderer/locale/ar.ts'
import { de } from '../../src/renderer/locale/de.ts'
import { en } from '../../src/renderer/locale/en.ts'
import { fr } from '../../src/renderer/locale/fr.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'

serveWindow()

const button = (page: Page, words: string) => page.getByRole('button', { name: words, exact: true })

async function openArea(chord: string, title: string, change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow({ role: 'administrator', ...change })
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press(chord)
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
  return page
}
const openSubjects = (change: Partial<FakePlan> = {}) => openArea('Alt+4', en.subjects.title, change)

test('a subject is found as it is typed, also behind pages that hold nobody, and opened by keyboard', async () => {
  const page = await openSubjects({ emptyPages: 3 })
  await expect(page.getByLabel(en.subjects.search)).toBeFocused()
  await page.keyboard.type('Ada')
  await expect(page.getByRole('option')).toHaveCount(1)
  expect((await calls(page, 'subject.search')).length).toBe(4)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'R-20477', level: 2 })).toBeVisible()
  await expect(page.getByText('Version 3')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText(en.subjects.choose)).toBeVisible()
  await expect(page.getByLabel(en.subjects.search)).toBeFocused()
})

test('too little, nobody, and an empty vault say what to do', async () => {
  const page = await openSubjects()
  await page.keyboard.type('zz')
  await expect(page.getByText('at least 3 characters')).toBeVisible()
  await page.keyboard.type('zz')
  await expect(page.getByText(en.subjects.none)).toBeVisible()
  const empty = await openSubjects({ subjects: {} })
  await expect(empty.getByText(en.subjects.empty)).toBeVisible()
  await button(empty, en.subjects.emptyButton).click()
  await expect(empty.getByLabel(en.enrol.number)).toBeVisible()
})

test('of a long list only the rows in view are drawn, and more pages come as the keys go down', async () => {
  const page = await openSubjects({ manySubjects: 1000 })
  await expect(page.getByRole('option').first()).toBeVisible()
  expect(await page.getByRole('option').count()).toBeLessThan(60)
  for (let press = 0; press < 45; press++) await page.keyboard.press('PageDown')
  await expect.poll(async () => (await calls(page, 'subject.list')).length).toBeGreaterThan(2)
  await expect(page.locator('.subject-row.active')).toBeVisible()
})

test('a picture is read only when it is asked for, and F9 covers it', async () => {
  const page = await openSubjects()
  await page.getByRole('option').first().click()
  await expect(button(page, en.subjects.showPicture)).toBeVisible()
  expect(await calls(page, 'subject.picture')).toHaveLength(0)
  await button(page, en.subjects.showPicture).click()
  await expect(page.getByRole('img', { name: /R-20477/ })).toBeVisible()
  expect(await calls(page, 'subject.picture')).toHaveLength(1)
  await page.keyboard.press('F9')
  await expect(page.getByRole('img', { name: /R-20477/ })).toHaveCount(0)
  await expect(page.getByText('R-20477')).toHaveCount(0)
})

test('an older version is used again, a superseded one is removed, each after a second press', async () => {
  const page = await openSubjects()
  await page.getByRole('option').first().click()
  await button(page, en.subjects.rollBack).first().click()
  expect(await calls(page, 'reference.rollBack')).toHaveLength(0)
  await page.getByRole('button', { name: 'Use version 2 again?' }).click()
  await expect(page.getByText('Version 2 is in use again.')).toBeVisible()
  await button(page, en.subjects.remove).last().click()
  await button(page, en.subjects.removeSure).click()
  await expect(page.getByText('Version 1 was removed.')).toBeVisible()
  expect(await calls(page, 'reference.remove')).toEqual([{ id: 'R-20477', superseded: 1 }])
})

test('erasing takes the number typed, and gives a certificate to save', async () => {
  const page = await openSubjects()
  await page.getByRole('option').first().click()
  await button(page, en.subjects.erase).click()
  await expect(page.getByRole('heading', { name: 'Erase R-20477?' })).toBeVisible()
  await page.keyboard.type('R-2047')
  await expect(button(page, en.erase.button)).toBeDisabled()
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'R-20477 is erased' })).toBeVisible()
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, en.erase.save).click()])
  expect(download.suggestedFilename()).toBe('vultus-erasure-71.json')
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toHaveProperty('salt')
  await page.getByRole('dialog').getByRole('button', { name: en.erase.close }).click()
  await expect(page.getByRole('option')).toHaveCount(1)
})

test('an operator and an auditor are not offered what their role may not do', async () => {
  for (const role of ['operator', 'auditor'] as const) {
    const page = await openSubjects({ role })
    await page.getByRole('option').first().click()
    await expect(page.getByText('Version 3')).toBeVisible()
    await expect(button(page, en.subjects.erase)).toHaveCount(0)
    await expect(button(page, en.subjects.rollBack)).toHaveCount(0)
    await expect(button(page, en.subjects.recapture)).toHaveCount(role === 'operator' ? 1 : 0)
  }
})

test('the palette finds an area, an action and a language by what is typed, and shows their keys', async () => {
  const page = await openWindow({ role: 'supervisor' })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: /Accounts/ })).toHaveCount(0)
  await page.keyboard.type('subj')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: en.subjects.title, level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('francais')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: fr.subjects.title, level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('xyz')
  await expect(page.getByText(fr.commands.none)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the sheet of keys opens by a question mark and names the areas of the role', async () => {
  const page = await openArea('Alt+8', en.station.title, { role: 'operator' })
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog')).toContainText(en.areas.subjects)
  await expect(page.getByRole('dialog')).not.toContainText(en.areas.accounts)
})

test('language, theme and camera are kept in the vault, and nothing else in the browser', async () => {
  const page = await openArea('Alt+9', en.settings.title)
  await page.getByLabel(en.languageLabel, { exact: true }).selectOption('ar')
  await expect(page.getByRole('heading', { name: ar.settings.title, level: 1 })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await page.getByRole('radio', { name: ar.settings.themes.contrast }).check()
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  expect(await calls(page, 'desk.change')).toEqual([{ language: 'ar' }, { theme: 'contrast' }])
  expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({ 'vultus.language': 'ar', 'vultus.theme': 'contrast' })
})

test('a vault that is opened brings its language, and the set-up gives its own to a new one', async () => {
  const page = await openWindow({ look: { language: 'de' } })
  await expect(page.getByRole('navigation', { name: de.areas.navigation })).toBeVisible()
  const fresh = await openWindow({ vault: 'missing' })
  await fresh.getByLabel(en.languageLabel).selectOption('fr')
  await expect(fresh.getByRole('heading', { name: fr.setup.create })).toBeVisible()
  await button(fresh, fr.setup.button).click()
  await expect(fresh.getByText(fr.recovery.title)).toBeVisible()
  expect(await calls(fresh, 'desk.change')).toEqual([{ language: 'fr', theme: 'system' }])
})

test('a refusal is told in the language of the window', async () => {
  const page = await openWindow({ role: 'administrator', look: { language: 'de' }, refused: { 'subject.list': 'vault.diskFull' } })
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+4')
  await expect(page.getByText('Die Platte ist voll; nichts wurde geschrieben.')).toBeVisible()
})

test('what is kept and when it is backed up is set by an administrator', async () => {
  const page = await openArea('Alt+9', en.settings.title)
  await page.getByLabel(en.settings.samples).uncheck()
  await expect.poll(() => calls(page, 'vault.settings')).toContainEqual({ samplesKept: false })
  await page.getByLabel(en.settings.days).check()
  await page.getByLabel(en.settings.daysLabel, { exact: true }).fill('90')
  await page.getByLabel(en.settings.daysLabel, { exact: true }).press('Enter')
  await expect.poll(() => calls(page, 'vault.settings')).toContainEqual({ supersededDays: 90 })
  await expect(page.getByText(en.settings.foldersNone)).toBeVisible()
  await page.getByLabel(en.settings.backupTo).first().fill('/media/backup')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Generation 1 was made and proved.')).toBeVisible()
  await expect(page.getByRole('cell', { name: '2 MB' })).toBeVisible()
  const operator = await openArea('Alt+9', en.settings.title, { role: 'operator' })
  await expect(operator.getByText(en.settings.parts.backup)).toHaveCount(0)
  await expect(operator.getByLabel(en.settings.samples)).toHaveCount(0)
})

test('health shows what was measured of the live picture, and saves it', async () => {
  const page = await openArea('Alt+8', en.station.title)
  await expect(page.getByText('matcher', { exact: true })).toBeVisible()
  await expect(page.getByText(en.station.inference)).toBeVisible()
  await expect(page.getByText('Processor. Threads for a run: 1. Processes for pictures: 0 of 1.')).toBeVisible()
  await expect(page.getByRole('img', { name: en.station.chart })).toBeVisible()
  await expect(page.getByRole('row', { name: new RegExp(en.station.face) })).toContainText('ms')
  const save = (part: string) => page.getByRole('region', { name: part }).getByRole('button', { name: en.station.export }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), save(en.station.live)])
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(lines).toHaveLength(61)
  expect(lines[0]).toBe('second,frames,face_ms,round_ms')
  expect(lines.slice(1).some((line) => Number(line.split(',')[1]) > 0)).toBe(true)
  await expect(page.getByText(en.station.figures.stages.packed)).toBeVisible()
  const [station] = await Promise.all([page.waitForEvent('download'), save(en.station.figures.title)])
  expect(readFileSync(await station.path(), 'utf8')).toContain('pictures waiting,2\r\nsearch stage,packed\r\n')
  const [days] = await Promise.all([page.waitForEvent('download'), save(en.days.title)])
  expect(readFileSync(await days.path(), 'utf8')).toContain(',reason quality.refused,9\r\n')
})
