/** The enrolment desk and the inbox over a stand-in: the form of a site, drafts, exceptions, decisions, and the policies; by keyboard. */
import { expect, type Page, test } from '@playwright/test'
import { de } from '../../src/renderer/locale/de.ts'
import { en } from '../../src/renderer/locale/en.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { formValues, siteForm, unfinished, waitingCases } from './intakePlan.ts'
import { calls, candidate, openWindow, serveWindow } from './standIn.ts'

serveWindow()

const button = (page: Page, words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })
const navigation = (page: Page) => page.getByRole('navigation', { name: en.areas.navigation })

interface FakeState {
  calls: { name: string; input: Record<string, unknown> }[]
  drafts: unknown[]
  inbox: { item: string }[]
}
const fake = (page: Page) =>
  page.evaluate(() => {
    const { state } = (window as unknown as { fakeStation: { state: FakeState } }).fakeStation
    return { calls: state.calls, drafts: state.drafts.length, inbox: state.inbox.length }
  })
const saved = (page: Page) => expect(page.locator('[data-draft=saved]')).toBeVisible()

async function captured(page: Page, number = 'R-48211'): Promise<void> {
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill(number)
  await page.keyboard.press('Space')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
}

test('the form of the site is asked for in the language of the desk, and the first wrong field has the focus', async () => {
  const page = await openWindow({ form: siteForm, look: { language: 'de' } })
  await expect(page.getByLabel('Fallnummer')).toBeFocused()
  await page.keyboard.type('48211')
  await page.getByLabel('Reisepass').fill('c 1')
  await page.getByLabel('Personen im Haushalt').fill('2,5')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByLabel('Fallnummer')).toBeFocused()
  await expect(page.locator('#enrol-number-help')).toHaveText(de.form.problems.pattern)
  await expect(page.locator('#enrol-born-help')).toHaveText(de.form.problems.missing)
  await expect(page.locator('#enrol-people-help')).toHaveText(de.form.problems.integer)
  await expect(page.getByText('5 Felder sind zu berichtigen')).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.getByLabel('Fallnummer').fill('R-48211')
  await page.getByLabel('Voller Name').fill('Bo Sampel')
  await page.getByLabel('Geburtsdatum').fill('2999-01-01')
  await page.getByLabel('Reisepass').fill('c 0123 4567')
  await page.getByLabel('Personen im Haushalt').fill('3')
  await page.getByLabel('Sprache', { exact: false }).last().selectOption({ label: 'Arabisch' })
  await page.keyboard.press('Control+Enter')
  await expect(page.getByLabel('Geburtsdatum')).toBeFocused()
  await page.getByLabel('Geburtsdatum').fill('1985-12-10')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(de.say.hold)).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.locator('.shot img')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page.getByText(de.enrol.done.title)).toBeVisible()
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ id: 'R-48211', name: 'Bo Sampel', form: formValues, formVersion: 3 }])
})

test('what is kept of the form is shown with the subject', async () => {
  const page = await openWindow({
    form: siteForm,
    intake: {
      form: { version: 3, values: formValues },
      exception: { reason: 'injury', note: 'bandaged', hasProof: true, confirmedAt: '2026-06-09T09:30:00.000Z' },
      decision: { decision: 'confirm', reason: 'proofChecked', note: '', at: '2026-06-09T09:30:00.000Z' },
    },
  })
  await expect(navigation(page)).toBeVisible()
  await page.keyboard.press('Alt+4')
  await page.getByRole('option').first().click()
  await expect(page.getByText('C01234567')).toBeVisible()
  await expect(page.getByText('Arabic', { exact: true })).toBeVisible()
  await expect(page.getByText(en.exception.reasons.injury)).toBeVisible()
  await button(page, en.intakeOf.showProof).click()
  expect(await calls(page, 'exception.proof')).toHaveLength(1)
  await page.keyboard.press('F9')
  await expect(page.getByText('C01234567')).toHaveCount(0)
})

test('what is begun is kept in the vault as it changes, set aside, and found again; nothing of it is in the browser', async () => {
  const page = await openWindow()
  await captured(page)
  await saved(page)
  await page.getByLabel(en.enrol.name).fill('Bo Sample')
  await page.getByLabel(en.exemption.label).selectOption('child')
  await expect
    .poll(async () => (await calls(page, 'draft.save')).at(-1))
    .toMatchObject({
      content: { id: 'R-48211', name: 'Bo Sample', exemption: 'child' },
    })
  expect((await calls(page, 'draft.save')).at(-1)?.captureIds).toHaveLength(1)
  const inBrowser = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: await caches.keys(),
  }))
  expect(inBrowser).toEqual({ local: [], session: [], databases: 0, caches: [] })
  await button(page, en.drafts.aside).click()
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('')
  await expect(page.getByText('0 of 3 done')).toBeVisible()
  await expect(page.getByText('Continue the enrolment of Bo Sample')).toBeVisible()
  await button(page, en.drafts.continue).click()
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('R-48211')
  await expect(page.getByLabel(en.exemption.label)).toHaveValue('child')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.getByLabel(en.enrol.name).press('Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  const [draft] = (await calls(page, 'draft.save')).flatMap(({ draft: id }) => (id === undefined ? [] : [id]))
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ draft, exemption: 'child' }])
})

test('several unfinished enrolments are listed with their age; one is discarded by a second press', async () => {
  const page = await openWindow({ drafts: [unfinished(1), unfinished(2)] })
  const list = page.getByRole('region', { name: en.drafts.title })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await expect(list.getByRole('listitem').first()).toContainText('12 minutes ago')
  await list.getByRole('button', { name: en.drafts.discard }).first().click()
  expect((await fake(page)).drafts).toBe(2)
  await list.getByRole('button', { name: en.drafts.discardSure }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await expect(list).toContainText('R-72')
  // Once somebody begins another one, the offer makes room.
  await page.getByLabel(en.enrol.number).fill('R-9')
  await expect(list).toHaveCount(0)
})

test('a lock keeps what was typed at the very last moment', async () => {
  const page = await openWindow({ role: 'operator' })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.keyboard.type('R-5')
  await page.keyboard.press('Control+l')
  await expect(page.getByRole('heading', { name: en.signIn.title })).toBeVisible()
  const { calls: all } = await fake(page)
  const names = all.map(({ name }) => name)
  expect(names.lastIndexOf('draft.save')).toBeGreaterThan(-1)
  expect(names.lastIndexOf('draft.save')).toBeLessThan(names.indexOf('operator.lock'))
  expect(all.filter(({ name }) => name === 'draft.save').at(-1)?.input).toMatchObject({ content: { id: 'R-5' } })
})

test('without a capture: the reason, the proof where the site wants it, and a supervisor who confirms', async () => {
  const page = await openWindow({ exceptions: { confirmedBy: 'supervisor', proof: 'required' } })
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.locator('h2').first().click()
  await page.keyboard.press('x')
  // Nobody is enrolled without a number.
  await expect(page.getByText(en.enrol.numberMissing)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-3')
  await page.locator('h2').first().click()
  await page.keyboard.press('x')
  await expect(page.getByRole('heading', { name: en.exception.title })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.exception.reasonNeeded)).toBeVisible()
  await page.getByLabel(en.exception.reasons.other).check()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.exception.wordsNeeded)).toBeVisible()
  await page.getByLabel(en.exception.words).fill('The bandage stays on.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.exception.proofNeeded)).toBeVisible()
  await button(page, en.exception.proofPhoto).click()
  await expect(page.getByRole('img', { name: en.exception.proofPicture })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.outcome.waiting)).toBeVisible()
  const [proposed] = await calls(page, 'exception.propose')
  expect(proposed).toMatchObject({ id: 'R-3', reason: 'other', note: 'The bandage stays on.' })
  expect(proposed?.proof).toBeDefined()
  expect((await fake(page)).drafts).toBe(0)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('')
})

test('the picture that proves an exception is kept with the draft, sent once, and found again', async () => {
  const page = await openWindow()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-3')
  await page.getByLabel(en.enrol.name).fill('Cleo Muster')
  await page.locator('h2').first().click()
  await page.keyboard.press('x')
  await button(page, en.exception.proofPhoto).click()
  const proof = page.getByRole('img', { name: en.exception.proofPicture })
  await expect(proof).toBeVisible()
  await page.getByLabel(en.exception.reasons.injury).check()
  await expect.poll(async () => (await calls(page, 'draft.save')).at(-1)).toMatchObject({ content: { exception: 'injury' } })
  expect((await calls(page, 'draft.save')).filter((input) => 'proof' in input)).toHaveLength(1)
  await button(page, en.drafts.aside).click()
  await expect(proof).toHaveCount(0)
  await button(page, en.drafts.continue).click()
  await expect(proof).toBeVisible()
  await expect(page.getByLabel(en.exception.reasons.injury)).toBeChecked()
  await button(page, en.exception.proofRemove).click()
  await expect.poll(async () => (await calls(page, 'draft.save')).at(-1)).toMatchObject({ proof: null })
})

test('a supervisor decides at the desk of the operator, who stays signed in', async () => {
  const page = await openWindow({ duplicates: [candidate], role: 'operator' })
  await captured(page)
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.decision.supervisor)).toBeVisible()
  await page.keyboard.press('2')
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('relatives')
  await expect(button(page, en.decision.record)).toBeDisabled()
  await page.getByLabel(en.decision.name).fill('Sue')
  await page.getByLabel(en.decision.secret).fill('wrong')
  await page.getByLabel(en.decision.secret).press('Enter')
  await expect(page.locator('[data-code="signIn.wrong"]')).toBeVisible()
  await expect(page.getByText(en.decision.inInbox)).toBeVisible()
  await expect(page.getByLabel(en.decision.secret)).toHaveValue('')
  await page.getByLabel(en.decision.secret).fill('right')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.enrol.done.title)).toBeVisible()
  // It was left in the inbox once, whatever was tried.
  expect(await calls(page, 'inbox.leave')).toHaveLength(1)
  expect(await calls(page, 'inbox.decideHere')).toMatchObject([{}, { decision: 'different', reason: 'relatives', name: 'Sue' }])
  expect(await calls(page, 'operator.signIn')).toEqual([])
  await expect(page.getByText('Ada Example').first()).toBeVisible()
})

test('a possible duplicate is left for the inbox with a note, and the desk is free', async () => {
  const page = await openWindow({ duplicates: [candidate], role: 'operator' })
  await captured(page)
  await page.keyboard.press('Enter')
  await page.getByLabel(en.decision.note).fill('He has a brother.')
  await page.locator('.ev').click()
  await page.keyboard.press('i')
  await expect(page.getByText(en.outcome.waiting)).toBeVisible()
  expect(await calls(page, 'inbox.leave')).toMatchObject([{ id: 'R-48211', note: 'He has a brother.', preset: 'enrolment' }])
  await page.keyboard.press('Enter')
  await expect(page.getByText('0 of 3 done')).toBeVisible()
  expect((await fake(page)).drafts).toBe(0)
})

async function openInbox(change: Partial<FakePlan> = {}): Promise<Page> {
  const page = await openWindow({ role: 'supervisor', form: siteForm, inbox: waitingCases(), ...change })
  await expect(navigation(page).getByRole('button', { name: en.areas.inbox })).toContainText('2')
  await page.keyboard.press('Alt+i')
  await expect(page.getByRole('heading', { name: en.inbox.title, level: 1 })).toBeVisible()
  return page
}

test('the inbox is worked through by keyboard, and a new version can be taken back', async () => {
  const page = await openInbox()
  await expect(page.locator('.inbox-row').first()).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('.inbox-row').nth(1)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('ArrowUp')
  // Looking at the list opens nothing.
  expect(await calls(page, 'inbox.open')).toEqual([])
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 in 12,000')).toBeVisible()
  await expect(page.getByText('a brother who was enrolled')).toBeVisible()
  // Side by side: who was captured, and who is stored.
  await expect(page.getByRole('img', { name: en.enrol.review.this })).toBeVisible()
  await expect(page.getByRole('img', { name: 'Stored picture of subject R-31877' })).toBeVisible()
  await page.locator('.case-body').focus()
  await page.keyboard.press('1')
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('samePerson')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Added to R-31877.')).toBeVisible()
  expect(await calls(page, 'inbox.decide')).toMatchObject([{ decision: 'same', subject: 'R-31877', reason: 'samePerson' }])
  await expect(page.locator('.inbox-row')).toHaveCount(1)
  await page.locator('h1').click()
  await page.keyboard.press('u')
  await expect(page.getByText('Undone: R-31877')).toBeVisible()
  expect(await calls(page, 'reference.rollBack')).toEqual([{ id: 'R-31877', toVersion: 2 }])
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.inbox.noProof)).toBeVisible()
  await page.locator('.case-body').focus()
  await page.keyboard.press('2')
  await page.getByLabel(en.decision.reason, { exact: true }).selectOption('wrongData')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(en.inbox.empty)).toBeVisible()
  await expect(page.locator('.nav-count')).toHaveCount(0)
})

test('what another supervisor decided meanwhile disappears with a word', async () => {
  const page = await openInbox()
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 in 12,000')).toBeVisible()
  await page.evaluate(() => {
    const { state, tell } = (window as unknown as { fakeStation: { state: FakeState; tell(name: string, payload: object): void } })
      .fakeStation
    state.inbox = state.inbox.slice(1)
    tell('inbox.changed', {})
  })
  await expect(page.getByText(en.inbox.gone)).toBeVisible()
  await expect(page.locator('.inbox-row')).toHaveCount(1)
  await expect(page.getByText('1 in 12,000')).toHaveCount(0)
})

test('nobody is offered a decision on what they left themselves', async () => {
  const [first] = waitingCases()
  const page = await openInbox({ inbox: [{ ...first, own: true }, ...waitingCases().slice(1)] })
  await page.keyboard.press('Enter')
  await expect(page.getByText(en.inbox.own)).toBeVisible()
  await expect(button(page, en.decision.record)).toHaveCount(0)
})

test('a form policy is checked field by field before it comes into force', async () => {
  const page = await openWindow({ role: 'administrator', look: { language: 'de' } })
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+9')
  const card = page.getByRole('region', { name: de.policy.form, exact: true }).first()
  await expect(card.getByText(de.policy.builtIn)).toBeVisible()
  const choose = async (text: string) => {
    const chosen = page.waitForEvent('filechooser')
    await button(page, de.policy.file).click()
    await (await chosen).setFiles({ name: 'form.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  }
  const { fields, format } = siteForm.policy
  await choose('{ no json')
  await expect(page.getByText(de.policy.faults.notJson)).toBeVisible()
  await choose(JSON.stringify({ format, fields: [...fields, { id: 'a', type: 'colour', label: {} }] }))
  await expect(card.getByRole('alert')).toContainText('a.type')
  await choose(JSON.stringify({ format, fields: [...fields.slice(1), { id: 'a', type: 'text', label: { en: 'A' }, pattern: '(a+)\\1' }] }))
  await expect(card.getByRole('alert')).toContainText(de.policy.faults.numberMissing)
  await expect(card.getByRole('alert')).toContainText('Das Muster ist nicht verwendbar')
  expect(await calls(page, 'policy.setForm')).toEqual([])
  await choose(JSON.stringify({ format, fields }))
  await expect(page.getByText(de.policy.check)).toBeVisible()
  await expect(card.getByText('Geburtsdatum')).toBeVisible()
  await card.getByRole('button', { name: de.policy.put }).click()
  await expect(page.getByText(/^Fassung 1, in Kraft seit/)).toBeVisible()
  await page.getByLabel(de.policy.draftHours).fill('1000')
  await expect(page.getByText('Eine ganze Zahl von 1 bis 720 eingeben.')).toBeVisible()
  await page.getByLabel(de.policy.draftHours).fill('48')
  await page.getByLabel(de.policy.draftHours).press('Enter')
  await expect.poll(() => calls(page, 'policy.enrolment')).toEqual([{}, { draftHours: 48 }])
  await page.keyboard.press('Alt+1')
  await expect(page.getByLabel('Fallnummer')).toBeVisible()
})

test('a free number stands there where the station gives them, is replaced where it was taken meanwhile, and may be typed over', async () => {
  const page = await openWindow({ numbers: 'station', refused: { 'subject.enrol': 'subject.exists' } })
  const number = page.getByLabel(en.enrol.number)
  await expect(number).toHaveValue('7ZQK3-M4X01')
  await expect(page.getByLabel(en.enrol.name)).toBeFocused()
  await expect(page.getByText(en.say.hold)).toBeVisible()
  await button(page, en.enrol.capture).click()
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  await page.getByLabel(en.enrol.name).press('Enter')
  await expect(page.locator('[data-code="subject.exists"]')).toBeVisible()
  await expect(number).toHaveValue('7ZQK3-M4X02')
  await expect(page.getByText('1 of 3 done')).toBeVisible()
  expect(await calls(page, 'subject.enrol')).toMatchObject([{ id: '7ZQK3-M4X01', newSubject: true }])
  // Who empties the field wants to type: nothing is proposed a third time.
  await number.fill('')
  await number.pressSequentially('R-20477')
  await number.press('Enter')
  // That somebody has it is seen before these shots become a version of theirs.
  await expect(page.getByText(en.enrol.exists.replace('{id}', 'R-20477'))).toBeVisible()
  expect(await calls(page, 'subject.enrol')).toHaveLength(1)
  await number.press('Enter')
  await expect.poll(async () => (await calls(page, 'subject.enrol')).at(-1)).toMatchObject({ id: 'R-20477', newSubject: false })
  expect(await calls(page, 'subject.proposeNumber')).toHaveLength(2)
})

test('an administrator says who gives numbers, and the next enrolment follows', async () => {
  const page = await openWindow({ role: 'administrator', numbers: 'station' })
  await expect(page.getByLabel(en.enrol.number)).toHaveValue('7ZQK3-M4X01')
  await page.keyboard.press('Alt+9')
  const asked = page.getByRole('group', { name: en.policy.numbers })
  await expect(asked.getByRole('radio', { name: en.policy.numbersOptions.station })).toBeChecked()
  await asked.getByRole('radio', { name: en.policy.numbersOptions.site }).check()
  await expect.poll(() => calls(page, 'policy.enrolment')).toContainEqual({ numbers: 'site' })
})
