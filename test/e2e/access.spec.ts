/**
 * Every screen for everybody: axe finds nothing serious in any theme and direction, nothing is cut off, and no control is dead.
 * The pictures go to test-results; with UPDATE_DOCS=1 they are renewed in docs/images/screens.
 */
import { expect, type Locator, type Page, test } from '@playwright/test'
import { catalogues } from '../../src/renderer/locale/text.ts'
import { inspectIn, type Look, looks, looksOfEachRun, openIn as open, serveDrawnSubject } from './inspect.ts'
import { formValues, siteForm, unfinished, waitingCases } from './intakePlan.ts'
import { candidate } from './standIn.ts'
import { walkStates } from './stateWalk.ts'
import { formPolicy, stationAnswers } from './stationPlan.ts'

serveDrawnSubject()

/** The areas by their keys, and what each waits for. */
const areas = ['enrol', 'verify', 'identify', 'subjects', 'vault', 'accounts', 'audit', 'health', 'settings', 'import', 'inbox'] as const
const letters: Readonly<Record<string, string>> = { import: 'b', inbox: 'i' }

async function toArea(page: Page, area: (typeof areas)[number]): Promise<void> {
  await page.keyboard.press(`Alt+${letters[area] ?? areas.indexOf(area) + 1}`)
  await expect(page.locator(`.app[data-area=${area}] main`)).toBeVisible()
}

/** From the question for consent to the receipt. */
async function walkEnrolment(look: Look, seen: (page: Page, screen: string) => Promise<void>): Promise<void> {
  const text = catalogues[look.language]
  const texts = {
    en: 'May we take pictures of your face and keep them?\n\nThey stay encrypted on this computer. You can say no, and you can have everything erased later.',
    ar: 'هل تسمح لنا بالتقاط صور لوجهك وحفظها؟\n\nتبقى مشفرة على هذا الحاسوب. يمكنك أن ترفض، ويمكنك أن تطلب محو كل شيء لاحقًا.',
  }
  const page = await open(look, { consent: { version: 4, createdAt: '2026-06-09T09:30:00.000Z', texts } })
  await expect(page.locator('.consent-words p')).toHaveCount(2)
  await seen(page, 'consent')
  await page.keyboard.press('y')
  await expect(page.getByText(text.say.hold)).toBeVisible()
  await page.locator('#enrol-number').fill('R-48211')
  await page.keyboard.press('Space')
  await expect(page.locator('.shot img')).toBeVisible()
  await page.locator('#enrol-number').press('Enter')
  await expect(page.locator('.receipt')).toBeVisible()
  await seen(page, 'done')
  await page.context().close()
}

/** The form of a site, an exception, a decision that a supervisor signs, unfinished enrolments, and the inbox. */
async function walkIntake(look: Look, seen: (page: Page, screen: string) => Promise<void>): Promise<void> {
  const text = catalogues[look.language]
  const own = { form: siteForm, intake: { form: { version: 3, values: formValues } } } as const
  const page = await open(look, { ...own, role: 'operator', duplicates: [candidate], drafts: [unfinished(1), unfinished(2)] })
  await expect(page.getByRole('region', { name: text.drafts.title })).toBeVisible()
  await seen(page, 'drafts')
  await page.locator('#enrol-number').fill('R-48211')
  await page.locator('#enrol-passport').fill('12')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('#enrol-name')).toBeFocused()
  await seen(page, 'details')
  for (const [field, value] of Object.entries({ name: 'Bo Sample', born: '1985-12-10', passport: 'C01234567' }))
    await page.locator(`#enrol-${field}`).fill(value)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(text.say.hold)).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.locator('input[name=exception]').first()).toBeVisible()
  await seen(page, 'exception')
  await page.keyboard.press('Escape')
  await expect(page.getByText(text.say.hold)).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.locator('.shot img').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText(text.decision.supervisor)).toBeVisible()
  await seen(page, 'decision')
  await page.keyboard.press('i')
  await expect(page.getByText(text.outcome.waiting)).toBeVisible()
  await seen(page, 'waiting')
  await page.context().close()
  const inbox = await open(look, { ...own, role: 'supervisor', inbox: waitingCases() })
  await expect(inbox.locator('.nav-count')).toBeVisible()
  await toArea(inbox, 'inbox')
  await expect(inbox.locator('.inbox-row')).toHaveCount(2)
  await inbox.keyboard.press('Enter')
  await expect(inbox.locator('.inbox-case .pair img')).toHaveCount(2)
  await seen(inbox, 'inbox')
  await inbox.context().close()
}

/** A decision on a row of an import, and the columns of a list for the form of the site. */
async function walkImport(look: Look, seen: (page: Page, screen: string) => Promise<void>): Promise<void> {
  const text = catalogues[look.language]
  const page = await open(look, { answers: { ...stationAnswers, 'policy.form': formPolicy } })
  await expect(page.getByRole('navigation')).toBeVisible()
  await toArea(page, 'import')
  await page.getByRole('row').nth(2).getByRole('button').click()
  await expect(page.locator('figure img')).toHaveCount(2)
  await seen(page, 'import-decide')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: text.bulk.choose }).click()
  await expect(page.getByRole('dialog').getByRole('option')).toHaveCount(2)
  await seen(page, 'import-choose')
  await page.keyboard.type('people')
  await page.keyboard.press('Enter')
  await expect(page.getByText(text.bulk.columns)).toBeVisible()
  await seen(page, 'import')
  await page.context().close()
}

/** All that can be seen, one after the other; `look` is called when each is there. */
async function walk(look: Look, seen: (page: Page, screen: string) => Promise<void>): Promise<void> {
  const text = catalogues[look.language]
  for (const vault of ['missing', 'locked'] as const) {
    const page = await open(look, { vault })
    await expect(page.locator('h1')).toHaveText(vault === 'missing' ? text.setup.create : text.unlock.title)
    await seen(page, vault === 'missing' ? 'set-up' : 'unlock')
    await page.context().close()
  }
  await walkEnrolment(look, seen)
  await walkIntake(look, seen)
  await walkImport(look, seen)
  const page = await open(look, { duplicates: [candidate] })
  await expect(page.getByText(text.say.hold)).toBeVisible()
  await page.keyboard.type('R-48211')
  await page.keyboard.press('Space')
  await expect(page.locator('img').first()).toBeVisible()
  await seen(page, 'enrol')
  await page.keyboard.press('Enter')
  await expect(page.getByText(text.enrol.review.banner)).toBeVisible()
  await seen(page, 'duplicate')
  await toArea(page, 'verify')
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-verdict=match]')).toBeVisible()
  await seen(page, 'verify')
  await toArea(page, 'identify')
  await expect(page.getByText(text.say.hold)).toBeVisible()
  await seen(page, 'identify-ready')
  await page.keyboard.press('Space')
  await expect(page.locator('[data-subject]')).toHaveCount(1)
  await seen(page, 'identify')
  await toArea(page, 'subjects')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: text.subjects.showPicture }).click()
  await expect(page.locator('.subject-picture img')).toBeVisible()
  await seen(page, 'subjects')
  await page.getByRole('button', { name: text.subjects.erase, exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await seen(page, 'erase')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: text.correction.open }).click()
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toBeVisible()
  await seen(page, 'correct')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: text.restriction.restrict }).click()
  await page.getByRole('dialog').getByRole('textbox').fill(text.restriction.undoReason)
  await seen(page, 'restrict')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: text.restriction.lift })).toBeVisible()
  await seen(page, 'restricted')
  for (const area of ['vault', 'accounts', 'audit', 'health', 'settings'] as const) {
    await toArea(page, area)
    if (area === 'health') await expect(page.locator('.chart canvas')).toHaveCount(3)
    await seen(page, area)
  }
  await page.keyboard.press('F1')
  await seen(page, 'keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await seen(page, 'commands')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+l')
  await expect(page.locator('.sign-in')).toBeVisible()
  await seen(page, 'sign-in')
  await page.context().close()
}

for (const [name, look] of Object.entries(looks)) {
  for (const [what, walkAll, inEachRun] of [
    ['any screen', walk, looksOfEachRun.includes(name)],
    ['any further state of one', walkStates, false],
  ] as const) {
    test(`axe finds nothing serious and nothing is cut off on ${what} in ${name}`, { tag: inEachRun ? [] : '@long' }, async () => {
      test.setTimeout(300_000)
      const { seen, wrong } = inspectIn(name, test.info().outputPath())
      await walkAll(look, seen)
      expect(wrong).toEqual([])
    })
  }
}

const controls = 'button:enabled, summary, select:enabled, input[type=radio]:enabled, input[type=checkbox]:enabled, [role=option]'

/** What can be seen and what was asked, without what changes by itself. */
const stateOf = (page: Page) =>
  page.evaluate(() => {
    const { calls } = (window as unknown as { fakeStation: { state: { calls: { name: string }[] } } }).fakeStation.state
    const byItself = /^(status\.get|station\.figures|operator\.current|gallery\.status|job\.list)$/
    const body = document.body.cloneNode(true) as HTMLElement
    for (const moving of body.querySelectorAll('time, .stage canvas, .chart, .qp .checks, video')) moving.remove()
    const ticked = [...document.querySelectorAll('input, select')].map((field) => {
      const { value, checked } = field as HTMLInputElement
      return `${value} ${checked}`
    })
    const root = [...document.documentElement.attributes].map(({ name, value }) => `${name}=${value}`)
    const asked = calls.filter(({ name }) => !byItself.test(name)).length
    return JSON.stringify([body.innerHTML, ticked, root, asked, document.activeElement?.id])
  })

async function use(control: Locator): Promise<void> {
  const isSelect = await control.evaluate((element) => element instanceof HTMLSelectElement)
  if (!isSelect) return await control.click({ timeout: 5000 })
  const other = await control.evaluate((element) => {
    const { options, value } = element as HTMLSelectElement
    return [...options].find((option) => option.value !== value)?.value
  })
  if (other !== undefined) await control.selectOption(other)
}

for (const area of areas) {
  test(`every control of ${area} does something`, { tag: '@long' }, async () => {
    test.setTimeout(300_000)
    const start = async () => {
      const page = await open(looks.light)
      await expect(page.getByRole('navigation')).toBeVisible()
      await toArea(page, area)
      if (area === 'subjects') await page.getByRole('option').first().click()
      await expect(page.locator('main button, main input').first()).toBeVisible()
      await page.waitForTimeout(600)
      return page
    }
    let page = await start()
    const all = page.locator(`main :is(${controls}), .title :is(${controls})`)
    const count = await all.count()
    expect(count).toBeGreaterThan(2)
    const dead: string[] = []
    for (let index = 0; index < count; index++) {
      const control = page.locator(`main :is(${controls}), .title :is(${controls})`).nth(index)
      const words = await control.evaluate(
        (element) => `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent} ${element.id}`,
      )
      // What is chosen already, and lists that go on, have nothing to change.
      const chosen = await control.evaluate(
        (element) => (element as HTMLInputElement).checked === true && element.getAttribute('type') === 'radio',
      )
      const oneChoice = await control.evaluate((element) => element instanceof HTMLSelectElement && element.options.length < 2)
      const open = (await control.getAttribute('aria-selected')) === 'true'
      // One row more is as good as all of them.
      const furtherRow = /^subjects-list-(?!1$)/.test((await control.getAttribute('id')) ?? '')
      if (chosen || oneChoice || open || furtherRow) continue
      // What stands behind a word is reached by opening that first.
      await control.evaluate((element) => element.tagName !== 'SUMMARY' && element.closest('details')?.setAttribute('open', ''))
      let outside = 0
      page.on('filechooser', () => (outside += 1))
      page.on('download', () => (outside += 1))
      const before = await stateOf(page)
      await use(control)
      await expect
        .poll(async () => outside > 0 || (await stateOf(page)) !== before, { timeout: 3000 })
        .toBe(true)
        .catch(() => dead.push(words))
      await page.context().close()
      page = await start()
    }
    await page.context().close()
    expect(dead).toEqual([])
  })
}
