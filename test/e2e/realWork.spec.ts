/** Bulk work, keys of programs, model packs and two accounts, in the real browser over the real station. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { drawnSubjects } from '../../src/core/portraitSubjects.ts'
import { en } from '../../src/renderer/locale/en.ts'
import { drawInto, drawnPeople } from '../support/drawnPeople.ts'
import { packFiles } from '../support/madeUpPack.ts'
import { zipOf } from '../support/zipFile.ts'
import { findBrowser } from './machine.ts'
import { addAccount, prepareStation, type RealStation, signIn } from './realStation.ts'

test.skip(findBrowser() === undefined, 'there is no Chromium, Chrome or Edge')

const ada = { name: 'Ada Example', role: 'administrator', password: 'a password of the administrator' }
const bo = { name: 'Bo Sample', role: 'operator', password: 'a password of the operator' }
const sue = { name: 'Sue Quill', role: 'supervisor', password: 'a password of the supervisor' }
const button = (page: Page, words: string | RegExp) => page.getByRole('button', { name: words, exact: typeof words === 'string' })
const heading = (page: Page, words: string) => page.getByRole('heading', { name: words, level: 1 })

/** The audit screen, signed in as somebody who may read it: the rows of an event, newest first. */
const rowsOf = (page: Page, event: string) => page.getByRole('row').filter({ hasText: event })

/** A list of drawn people whose last row is a text that calls itself a picture, and the one before it the first person again. */
async function drawList(folder: string, count: number): Promise<string> {
  const rows = ['number,name,picture']
  for (const [index, person] of drawnPeople(count, 7).entries()) {
    await drawInto(join(folder, `people/${index}.jpg`), person, 0)
    if (index === 0) await drawInto(join(folder, 'people/again.jpg'), person, 1)
    rows.push(`B-${100 + index},Person ${index},${index}.jpg`)
  }
  writeFileSync(join(folder, 'people/text.jpg'), 'this is no picture')
  rows.push('B-900,Person again,again.jpg', 'B-901,Nobody,text.jpg')
  const list = join(folder, 'people/people.csv')
  writeFileSync(list, `${rows.join('\n')}\n`)
  return list
}

test('people are imported with a pause, a program reads them with its key, and the audit names it', async () => {
  const station = await prepareStation()
  try {
    const [list] = await Promise.all([drawList(station.folder, 14), addAccount(station, ada)])
    const page = await station.open()
    await signIn(page, ada)
    await importList(page, list)
    await callWithKey(page, station)
  } finally {
    await station.close()
  }
})

async function importList(page: Page, list: string): Promise<void> {
  await page.keyboard.press('Alt+b')
  await page.getByLabel(en.bulk.source).fill(list)
  await page.getByLabel(en.bulk.source).press('Enter')
  await expect(page.getByText('A list with 16 rows')).toBeVisible()
  await button(page, en.bulk.start).click()
  const card = page.getByRole('region', { name: en.vault.kinds.import.title })
  await expect(card.getByRole('heading')).toHaveText(/^[1-9]\d? of 16$/)
  await button(page, new RegExp(`^${en.vault.pause}`)).click()
  await expect(button(page, new RegExp(`^${en.vault.resume}`))).toBeVisible()
  const paused = (await card.getByRole('heading').textContent()) ?? ''
  expect(paused).not.toBe('16 of 16')
  await page.keyboard.press('Alt+4')
  await page.keyboard.press('Alt+b')
  await expect(card.getByRole('heading')).toHaveText(paused)
  await button(page, new RegExp(`^${en.vault.resume}`)).click()
  // It goes on while the window is locked, and what it came to is there when its owner is back.
  await expect(card.getByRole('heading')).not.toHaveText(paused)
  await page.keyboard.press('Control+l')
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  await page.waitForTimeout(3_000)
  await signIn(page, ada)
  await expect(card).toHaveCount(0, { timeout: 30_000 })
  await expect(page.locator('[data-code]')).toHaveCount(0)
  await expect(page.getByRole('row', { name: /B-901/ })).toContainText(en.bulk.outcomes.refused)
  await expect(page.getByRole('row', { name: /B-900/ })).toContainText(en.bulk.outcomes.suspected)
  const saved = page.waitForEvent('download')
  await page.keyboard.press('Control+e')
  expect(readFileSync(await (await saved).path(), 'utf8')).toMatch(/B-901,Nobody,text\.jpg,refused,picture\.\w+/)
}

async function callWithKey(page: Page, station: RealStation): Promise<void> {
  await page.keyboard.press('Alt+9')
  const card = page.getByRole('region', { name: en.clients.title })
  await card.getByLabel(en.clients.name).fill('Gate 4')
  await card.getByRole('checkbox', { name: en.clients.permissions.subjects, exact: true }).check()
  await card.getByRole('button', { name: en.clients.make }).click()
  const key = await card.locator('.client-key').textContent()
  const served = station.going(['serve', '--as', ada.name, '--json'], { VULTUS_PASSWORD: ada.password })
  let said = ''
  served.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect.poll(() => said).toContain('\n')
  const { address } = JSON.parse(said) as { address: string }
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${address}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })
  try {
    const found = await ask('/api/subjects?prefix=B-1&limit=5')
    expect(((await found.json()) as { subjects: unknown[] }).subjects).toHaveLength(5)
    expect(await (await ask('/api/subjects/B-100')).json()).toMatchObject({ id: 'B-100', name: 'Person 0', references: 1 })
    expect((await ask('/api/identify', { method: 'POST', body: '{}' })).status).toBe(403)
    await button(page, en.clients.revoke).click()
    await page.getByRole('button', { name: /Gate 4/ }).click()
    await expect(card.getByText(/Taken back|taken back/)).toBeVisible()
    expect((await ask('/api/subjects/B-100')).status).toBe(401)
  } finally {
    served.kill('SIGTERM')
  }
  await page.keyboard.press('Alt+7')
  await expect(rowsOf(page, 'subject.search').first()).toContainText('Gate 4')
  await expect(rowsOf(page, 'client.notGranted').first()).toContainText('Gate 4')
  await expect(rowsOf(page, 'client.revoke').first()).toContainText('client Gate 4')
  await expect(rowsOf(page, 'client.revoke').first()).toContainText(ada.name)
}

test('a pack is taken in, compared, put to work and left again @long', async () => {
  const station = await prepareStation()
  try {
    for (const [index, person] of drawnSubjects.slice(0, 3).entries()) {
      for (const view of [0, 1]) await drawInto(join(station.folder, `people/P-${index}/${view}.jpg`), person, view)
    }
    await station.command(['import', join(station.folder, 'people')])
    writeFileSync(join(station.folder, 'pack.zip'), zipOf(packFiles()))
    const page = await station.open()
    await expect(page.getByRole('navigation', { name: en.areas.navigation })).toBeVisible()
    await page.keyboard.press('Alt+8')
    await expect(heading(page, en.station.title)).toBeVisible()
    await page.keyboard.press('t')
    await page.getByLabel(en.models.file).fill(join(station.folder, 'pack.zip'))
    await page.getByLabel(en.models.file).press('Enter')
    await expect(page.locator('[data-code="pack.untrusted"]')).toBeVisible()
    await page.getByRole('checkbox', { name: en.models.trust }).check()
    await page.getByLabel(en.models.file).press('Enter')
    const made = page.getByRole('region', { name: 'Made up by a test', exact: true })
    await expect(made).toBeVisible({ timeout: 30_000 })
    await made.getByRole('button', { name: en.models.reembed }).click()
    await button(page, en.models.compareNow).click()
    await expect(page.getByRole('img', { name: en.models.det })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('6 pictures, 6 of them used by both')).toBeVisible()
    await made.getByRole('button', { name: en.models.activate }).click()
    await made.getByRole('button', { name: en.models.activateSure }).click()
    await expect(page.getByText('Made up by a test does the work now.', { exact: true })).toBeVisible({ timeout: 20_000 })
    await button(page, /^Back to/).click()
    await expect(page.getByRole('region', { name: /^Starter/ })).toContainText(en.models.active, { timeout: 20_000 })
  } finally {
    await station.close()
  }
})

/** The details panel takes the number; the picture is taken by itself. */
async function enrolAs(page: Page, number: string): Promise<void> {
  await page.getByLabel(en.enrol.number).fill(number)
  await expect(page.locator('.shot img').first()).toBeVisible({ timeout: 30_000 })
  await page.locator('button[type=submit]').click()
}

async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Control+l')
  await button(page, en.signIn.clear).click()
}

test('an operator leaves a duplicate, a supervisor decides on it, and the audit names both', async () => {
  const station = await prepareStation()
  try {
    await addAccount(station, ada)
    for (const account of [bo, sue]) await addAccount(station, account, ada)
    const page = await station.open()
    await signIn(page, bo)
    await enrolAs(page, 'D-1')
    await expect(page.locator('.receipt')).toContainText('D-1')
    await button(page, new RegExp(`^${en.enrol.done.next}`)).click()
    await enrolAs(page, 'D-2')
    await expect(page.getByText(en.enrol.review.banner)).toBeVisible()
    await page.getByLabel(en.decision.note).fill('says she was never here')
    await button(page, new RegExp(`^${en.decision.leave}`)).click()
    await expect(page.getByText(en.enrol.review.banner)).toHaveCount(0)
    await leave(page)

    await signIn(page, sue)
    await page.keyboard.press('Alt+i')
    await expect(heading(page, en.inbox.title)).toBeVisible()
    await expect(page.getByText(`left by ${bo.name}`).first()).toBeVisible()
    await page.locator('.inbox-row').first().click()
    await expect(page.getByText('says she was never here')).toBeVisible()
    await page.getByRole('radio', { name: /^Same person/ }).check()
    await page.getByLabel(en.decision.reason, { exact: true }).selectOption('samePerson')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('Added to D-1.')).toBeVisible()
    await leave(page)

    await signIn(page, ada)
    await page.keyboard.press('Alt+7')
    await expect(rowsOf(page, 'inbox.leave').first()).toContainText(bo.name)
    await expect(rowsOf(page, 'inbox.decide').first()).toContainText(sue.name)
    await page.keyboard.press('Alt+4')
    await page.getByRole('option').first().click()
    await expect(page.getByText(en.intakeOf.decisions.same)).toBeVisible()
    await expect(page.getByRole('region', { name: en.intakeOf.decision })).toContainText(sue.name)
  } finally {
    await station.close()
  }
})
