/** Model packs, programs, and claims by name, in the real browser over a stand-in for the station, by keyboard. */
import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { officePlan } from './officePlan.ts'
import { calls, openWindow, serveWindow } from './standIn.ts'
import { apiKey, stationAnswers } from './stationPlan.ts'

serveWindow()

const button = (page: Page, words: string) => page.getByRole('button', { name: words, exact: true })

async function openArea(chord: string, change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow({ ...officePlan, jobs: [], answers: stationAnswers, ...change })
  await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
  await page.keyboard.press(chord)
  return page
}

async function openPacks(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openArea('Alt+8', change)
  await expect(page.getByRole('heading', { name: en.station.title, level: 1 })).toBeVisible()
  await page.keyboard.press('t')
  await expect(page.getByRole('region', { name: 'Starter' })).toBeVisible()
  return page
}

test('packs are for administrators alone', async () => {
  const page = await openArea('Alt+8', { role: 'supervisor' })
  await expect(page.getByRole('heading', { name: en.station.title, level: 1 })).toBeVisible()
  await page.keyboard.press('t')
  await expect(button(page, en.models.tabs.models)).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Starter' })).toHaveCount(0)
})

test('a pack is checked, its references are made, it does the work by a second press, and there is a way back', async () => {
  const page = await openPacks()
  const standard = page.getByRole('region', { name: 'Standard' })
  await expect(standard).toContainText(en.models.notCalibrated)
  await expect(standard).toContainText('Apache-2.0')
  await standard.getByRole('button', { name: en.models.verify }).press('Enter')
  await expect(page.getByRole('region', { name: 'Checks of Standard' })).toContainText('mobilefacenet.onnx')
  await standard.getByRole('button', { name: en.models.reembed }).press('Enter')
  await expect(page.getByText(en.models.reembedding)).toBeVisible()
  await standard.getByRole('button', { name: en.models.activate }).press('Enter')
  expect(await calls(page, 'model.activate')).toEqual([])
  await standard.getByRole('button', { name: en.models.activateSure }).press('Enter')
  await expect(page.getByText('Standard does the work now.', { exact: true })).toBeVisible()
  expect(await calls(page, 'model.activate')).toEqual([{ id: 'standard', allowMissing: false }])
  await standard.getByRole('button', { name: en.models.remove }).press('Enter')
  await standard.getByRole('button', { name: en.models.removeSure }).press('Enter')
  await expect(page.getByText('Taken out, with 12 references.')).toBeVisible()
})

test('a pack without references of everybody says so, and goes on without them only by two presses more', async () => {
  const page = await openPacks({ refused: { 'model.activate': 'model.referencesMissing' } })
  const standard = page.getByRole('region', { name: 'Standard' })
  await standard.getByRole('button', { name: en.models.activate }).press('Enter')
  await standard.getByRole('button', { name: en.models.activateSure }).press('Enter')
  await expect(page.getByText(en.models.missingText)).toBeVisible()
  await button(page, en.models.allowMissing).press('Enter')
  await button(page, en.models.allowMissingSure).press('Enter')
  await expect.poll(() => calls(page, 'model.activate')).toContainEqual({ id: 'standard', allowMissing: true })
})

test('a pack is brought in with each of its checks; one that is not trusted names the check', async () => {
  const page = await openPacks({ refused: { 'model.import': 'pack.untrusted' } })
  await page.getByLabel(en.models.file).fill('/media/stick/standard.zip')
  await page.getByLabel(en.models.file).press('Enter')
  await expect(page.locator('[data-code="pack.untrusted"]')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: en.models.checks.trusted })).toContainText(en.models.checkFailed)
  const trusting = await openPacks()
  await trusting.getByLabel(en.models.file).fill('/media/stick/standard.zip')
  await trusting.getByRole('checkbox', { name: en.models.trust }).press('Space')
  await trusting.getByLabel(en.models.file).press('Enter')
  await expect(trusting.getByRole('region', { name: 'Checks of Standard' }).getByRole('listitem')).toHaveCount(5)
  expect(await calls(trusting, 'model.import')).toEqual([{ pack: '/media/stick/standard.zip', trust: true }])
})

test('two packs are compared: errors at every threshold, distributions, disagreements, and every number as a file', async () => {
  const page = await openPacks()
  await button(page, en.models.compareNow).press('Enter')
  await expect(page.getByRole('img', { name: en.models.det })).toBeVisible()
  await expect(page.locator('.chart canvas')).toHaveCount(1)
  await expect(page.getByRole('row', { name: en.models.eer })).toHaveText(/2 %.*1 %/)
  await expect(page.getByRole('img', { name: 'Scores of standard' })).toBeVisible()
  await expect(page.getByText('reference 3 / reference 9')).toBeVisible()
  const saved = page.waitForEvent('download')
  await button(page, en.station.export).press('Enter')
  const csv = readFileSync(await (await saved).path(), 'utf8')
  expect(csv).toContain('starter,equal error rate,,0.02\r\n')
  expect(csv.match(/det: fnmr at fmr/g)).toHaveLength(12)
})

test('a program gets a key that is shown once, for what was ticked; taking it back needs two presses', async () => {
  const page = await openArea('Alt+9')
  const card = page.getByRole('region', { name: en.clients.title })
  await expect(card.getByText('Gate 4')).toBeVisible()
  await card.getByLabel(en.clients.name).fill('Gate 5')
  await expect(card.getByRole('button', { name: en.clients.make })).toBeDisabled()
  await card.getByRole('checkbox', { name: en.clients.permissions.verify, exact: true }).press('Space')
  await card.getByLabel(en.clients.name).press('Enter')
  await expect(card.getByText(apiKey)).toBeVisible()
  expect(await calls(page, 'client.add')).toEqual([{ name: 'Gate 5', permissions: ['verify'] }])
  await card.getByRole('button', { name: en.clients.stored }).press('Enter')
  await expect(card.getByText(apiKey)).toHaveCount(0)
  await card.getByRole('button', { name: en.clients.revoke }).press('Enter')
  expect(await calls(page, 'client.revoke')).toEqual([])
  await card.getByRole('button', { name: 'Take it back for good? Gate 4 is refused from then on.' }).press('Enter')
  await expect.poll(() => calls(page, 'client.revoke')).toEqual([{ name: 'Gate 4' }])
})

test('somebody is claimed by name with the arrows; nobody is listed before a name is typed', async () => {
  const page = await openArea('Alt+2', { role: 'operator' })
  const field = page.getByLabel(en.verify.number)
  await expect(field).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.type('ad')
  await page.waitForTimeout(500)
  await expect(page.getByRole('listbox', { name: en.claimNames.found }).getByRole('option')).toHaveCount(0)
  expect(await calls(page, 'subject.search')).toEqual([])
  await page.keyboard.type('am e')
  await expect(page.getByRole('listbox', { name: en.claimNames.found }).getByRole('option')).toHaveText([/Adam Example.*R-20477.*2026/])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('R-20477')
  await expect(page.getByRole('listbox', { name: en.claimNames.found }).getByRole('option')).toHaveCount(0)
  await expect(page.getByRole('button', { name: en.verify.compare })).toBeVisible()
  expect(await calls(page, 'subject.get')).toEqual([{ id: 'R-20477' }])
})

test('covered details look nobody up by name', async () => {
  const page = await openArea('Alt+2', { role: 'operator' })
  await page.keyboard.press('F9')
  await page.keyboard.type('ada')
  await page.waitForTimeout(500)
  expect(await calls(page, 'subject.search')).toEqual([])
})
