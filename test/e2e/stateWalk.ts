/** States of the screens beyond their first: dialogs, refusals, verdicts, progress, a camera that is gone, and the ways in. */
import { expect, type Page } from '@playwright/test'
import { catalogues } from '../../src/renderer/locale/text.ts'
import type { FakePlan } from '../support/fakePlan.ts'
import { type Look, openIn, type Seen } from './inspect.ts'
import { formValues, siteForm, waitingCases } from './intakePlan.ts'
import { checkedPack, importJob, stationAnswers } from './stationPlan.ts'

type Text = (typeof catalogues)['en']
const openArea = async (look: Look, chord: string, change: Partial<FakePlan> = {}, before?: (page: Page) => Promise<void>) => {
  const page = await openIn(look, change, before)
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press(chord)
  await expect(page.locator('main')).toBeVisible()
  return page
}
const button = (page: Page, words: string) => page.getByRole('button', { name: words, exact: true }).first()
const tell = (page: Page, name: string, payload: unknown) =>
  page.evaluate(
    ([event, what]) =>
      (window as unknown as { fakeStation: { tell(name: string, payload: unknown): void } }).fakeStation.tell(event as string, what),
    [name, payload] as const,
  )

/** Every state, in a look; `seen` is called when each is there. */
export async function walkStates(look: Look, seen: Seen): Promise<void> {
  const text: Text = catalogues[look.language]
  await walkFirstRun(look, text, seen)
  await walkModels(look, text, seen)
  await walkVerdicts(look, seen)
  await walkOffice(look, text, seen)
  await walkTrouble(look, seen)
}

/** A passphrase, the recovery key, groups of it typed back, the first account; and a key that opens nothing. */
async function walkFirstRun(look: Look, text: Text, seen: Seen): Promise<void> {
  const page = await openIn(look, { vault: 'missing', role: undefined })
  await page.locator('input[type=radio][name=key]').nth(1).check()
  await page.locator('#passphrase').fill('four unrelated words here')
  await page.locator('#passphrase-again').fill('four other words')
  await expect(page.getByText(text.setup.differ)).toBeVisible()
  await seen(page, 'set-up-passphrase')
  await page.locator('#passphrase-again').fill('four unrelated words here')
  await page.keyboard.press('Enter')
  await expect(page.locator('.recovery-key')).toBeVisible()
  await seen(page, 'recovery-key')
  await button(page, text.recovery.written).click()
  await expect(page.locator('.recovery-group').first()).toBeVisible()
  await seen(page, 'recovery-asked')
  await button(page, text.recovery.later).click()
  await expect(page.getByRole('heading', { name: text.firstAdministrator.title })).toBeVisible()
  await expect.poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
  await seen(page, 'first-administrator')
  await page.context().close()
  const locked = await openIn(look, { vault: 'locked' })
  await locked.locator('input').first().fill('not the passphrase')
  await locked.keyboard.press('Enter')
  await expect(locked.locator('[data-code="vault.wrongKey"]')).toBeVisible()
  await seen(locked, 'unlock-wrong')
  await locked.context().close()
}

const reembedding = { ...importJob, kind: 'reembed', state: 'running', done: 12_000, total: 48_210 }

/** Packs, the checks of one, two compared, one chosen and refused, and references on their way to another model. */
async function walkModels(look: Look, text: Text, seen: Seen): Promise<void> {
  const openPacks = async (change: Partial<FakePlan> = {}) => {
    const page = await openArea(look, 'Alt+8', { jobs: [], ...change })
    await page.keyboard.press('t')
    await expect(page.getByRole('region', { name: 'Starter', exact: true })).toBeVisible()
    return page
  }
  const page = await openPacks({ refused: { 'model.import': 'pack.untrusted' } })
  await seen(page, 'models')
  await page.getByRole('region', { name: 'Standard', exact: true }).getByRole('button', { name: text.models.verify }).click()
  await expect(page.getByText(checkedPack.manifestSha256.slice(0, 16))).toBeVisible()
  await seen(page, 'models-checked')
  await button(page, text.models.close).click()
  await page
    .locator('form')
    .filter({ has: page.locator('#pack-source') })
    .getByRole('button', { name: text.bulk.choose })
    .click()
  await expect(page.getByRole('dialog').getByRole('option')).toHaveCount(2)
  await seen(page, 'models-choose')
  await page.getByRole('dialog').getByRole('combobox').fill('standard')
  await page.keyboard.press('Enter')
  await page.locator('#pack-source').press('Enter')
  await expect(page.locator('[data-code="pack.untrusted"]')).toBeVisible()
  await seen(page, 'models-refused')
  await button(page, text.models.compareNow).click()
  await expect(page.locator('.chart canvas')).toHaveCount(1)
  await seen(page, 'models-compared', page.locator('.chart'))
  await seen(page, 'models-spread', page.locator('.histogram').first())
  await page.context().close()
  const progress = await openPacks({ jobs: [reembedding] })
  await expect(progress.getByRole('progressbar')).toBeVisible()
  await seen(progress, 'models-progress', progress.locator('section').filter({ has: progress.getByRole('progressbar') }))
  await progress.context().close()
}

/** Before a claim, names to choose from, each verdict, one that is covered, and nobody found. */
async function walkVerdicts(look: Look, seen: Seen): Promise<void> {
  for (const [decision, fmr] of [
    ['nonMatch', 0.2],
    ['inconclusive', 2e-3],
  ] as const) {
    const page = await openArea(look, 'Alt+2', { decision, fmr })
    const field = page.locator('#claim-number')
    if (decision === 'nonMatch') {
      await seen(page, 'verify-ready')
      await field.fill('adam e')
      await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1)
      await seen(page, 'verify-names')
    }
    await field.fill('R-20477')
    await field.press('Enter')
    await page.keyboard.press('Space')
    await expect(page.locator(`[data-verdict=${decision}]`)).toBeVisible()
    await seen(page, `verify-${decision}`)
    if (decision === 'inconclusive') {
      await page.keyboard.press('F9')
      await expect(page.locator('[data-verdict=covered]')).toBeVisible()
      await seen(page, 'verify-covered')
    }
    await page.context().close()
  }
  const nobody = await openArea(look, 'Alt+3', { candidates: [] })
  await nobody.keyboard.press('Space')
  await expect(nobody.locator('section.none')).toBeVisible()
  await seen(nobody, 'identify-nobody')
  await nobody.context().close()
}

/** An account to change, a key of a program, a chain that was verified, a certificate, rows on their way in, an exception that waits. */
async function walkOffice(look: Look, text: Text, seen: Seen): Promise<void> {
  const page = await openArea(look, 'Alt+6')
  await page
    .getByRole('row', { name: /Bo Sample/ })
    .getByRole('button')
    .click()
  await seen(page, 'account')
  await page.keyboard.press('Alt+7')
  await button(page, text.audit.verify).click()
  await expect(page.getByText('ab'.repeat(32))).toBeVisible()
  await seen(page, 'audit-verified')
  await page.keyboard.press('Alt+4')
  await page.getByRole('option').first().click()
  await button(page, text.subjects.erase).click()
  await page.keyboard.type('R-20477')
  await page.keyboard.press('Enter')
  await expect(button(page, text.erase.save)).toBeVisible()
  await seen(page, 'erased')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+9')
  const programs = page.getByRole('region', { name: text.clients.title })
  await programs.getByLabel(text.clients.name).fill('Gate 5')
  await programs.getByRole('checkbox', { name: text.clients.permissions.verify, exact: true }).check()
  await programs.getByLabel(text.clients.name).press('Enter')
  await expect(button(page, text.clients.stored)).toBeVisible()
  await seen(page, 'client-key', programs)
  await seen(page, 'backup', page.getByRole('region', { name: text.settings.parts.backup, exact: true }))
  await page.context().close()
  const importing = await openArea(look, 'Alt+b', { jobs: [{ ...importJob, state: 'running', done: 120 }] })
  await expect(importing.getByRole('progressbar').first()).toBeVisible()
  await seen(importing, 'import-progress')
  await importing.context().close()
  const inbox = await openArea(look, 'Alt+i', {
    form: siteForm,
    intake: { form: { version: 3, values: formValues } },
    inbox: waitingCases(),
  })
  await inbox.keyboard.press('ArrowDown')
  await inbox.keyboard.press('Enter')
  await expect(inbox.locator('.case-decision')).toBeVisible()
  await seen(inbox, 'inbox-exception')
  await inbox.context().close()
  const empty = await openArea(look, 'Alt+i', { inbox: [] })
  await expect(empty.getByText(text.inbox.empty)).toBeVisible()
  await seen(empty, 'inbox-empty')
  await empty.context().close()
}

/** No camera, parts of the station that failed, and a refusal. */
async function walkTrouble(look: Look, seen: Seen): Promise<void> {
  const page = await openArea(look, 'Alt+1', {}, async (fresh) => {
    await fresh.addInitScript(() => {
      const none = () => Promise.reject(new DOMException('', 'NotFoundError'))
      Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: none })
    })
  })
  await expect(page.locator('.cam-trouble[role=alert]')).toBeVisible()
  await tell(page, 'station.health', { part: 'face', state: 'restarting' })
  await tell(page, 'station.health', { part: 'matcher', state: 'failed' })
  await expect(page.locator('.notices .banner')).toHaveCount(2)
  await seen(page, 'trouble')
  await page.context().close()
  const refused = await openArea(look, 'Alt+4', { answers: stationAnswers, refused: { 'subject.list': 'vault.diskFull' } })
  await expect(refused.locator('[data-code="vault.diskFull"]')).toBeVisible()
  await seen(refused, 'refused')
  await refused.context().close()
}
