/** For who sees little, hears the screen, or has no mouse: zoom, motion, forced colours, spoken guidance, focus and targets of every screen. */
import { expect, type Page, test } from '@playwright/test'
import { en } from '../../src/renderer/locale/en.ts'
import { cutOff } from './cutOff.ts'
import { walkScreens } from './screenWalk.ts'
import { openWindow, serveWindow } from './standIn.ts'

serveWindow()
test.describe.configure({ timeout: 300_000 })

test('at 200 % zoom nothing is cut off on any screen', { tag: '@long' }, async () => {
  const wrong: string[] = []
  await walkScreens(
    async (page, screen) => {
      const cut = await cutOff(page)
      if (cut.length > 0) wrong.push(`${screen}: ${JSON.stringify(cut)}`)
    },
    // 1440x900 at 200 %.
    (page) => page.setViewportSize({ width: 720, height: 450 }),
  )
  expect(wrong).toEqual([])
})

test('at 200 % zoom the instruction, the camera and the main actions of the enrolment stay in view', async () => {
  const page = await openWindow({}, (one) => one.setViewportSize({ width: 720, height: 450 }))
  await expect(page.getByText(en.say.hold)).toBeVisible()
  const main = [
    page.locator('.say .t'),
    page.locator('.cam'),
    page.getByRole('button', { name: en.enrol.capture }),
    page.locator('button[type=submit]'),
  ]
  for (const place of main) await expect(place).toBeInViewport({ ratio: 0.95 })
})

/** What moves: running animations, and elements whose changes would take time. */
const moving = (page: Page) =>
  page.evaluate(() => {
    const slow = [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element)
      return [...transitionDuration.split(','), ...animationDuration.split(',')].some((time) => Number.parseFloat(time) > 0)
    })
    return [...slow.map((element) => `${element.tagName}.${element.className}`), ...document.getAnimations().map((one) => String(one))]
  })

test('who wants no motion gets none, on any screen; who does, gets some', async () => {
  const wrong: string[] = []
  await walkScreens(
    async (page, screen) => {
      for (const what of await moving(page)) wrong.push(`${screen}: ${what}`)
    },
    (page) => page.emulateMedia({ reducedMotion: 'reduce' }),
  )
  expect(wrong).toEqual([])
  const page = await openWindow({})
  await expect(page.getByText(en.say.hold)).toBeVisible()
  expect((await moving(page)).length).toBeGreaterThan(0)
})

/** Controls that would be lost in forced colours: without a border, an outline or words of their own. */
const unseen = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, select, input, summary')]
      .filter((control) => control.checkVisibility() && control.getBoundingClientRect().width > 1)
      .filter((control) => {
        const { borderTopWidth, outlineStyle } = getComputedStyle(control)
        const drawn = Number.parseFloat(borderTopWidth) > 0 || outlineStyle !== 'none'
        const field = control.closest('.in, label')
        const ofField = field !== null && Number.parseFloat(getComputedStyle(field).borderTopWidth) > 0
        const told = (control.textContent ?? '').trim() !== '' || control.querySelector('svg') !== null
        const native = control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)
        return !drawn && !ofField && !told && !native
      })
      .map((control) => control.outerHTML.slice(0, 120)),
  )

test('in forced colours every control can be seen, nothing is cut off, and what is on differs from what is off', {
  tag: '@long',
}, async () => {
  const wrong: string[] = []
  const forced = (page: Page) => page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await walkScreens(async (page, screen) => {
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true)
    for (const what of [...(await unseen(page)), ...(await cutOff(page))]) wrong.push(`${screen}: ${what}`)
  }, forced)
  expect(wrong).toEqual([])

  const page = await openWindow({}, forced)
  await expect(page.getByRole('navigation')).toBeVisible()
  await page.keyboard.press('Alt+2')
  const handsFree = page.getByRole('switch', { name: en.verify.handsFree })
  await expect(handsFree).toBeVisible()
  const off = await handsFree.screenshot()
  await handsFree.click()
  await page.mouse.move(0, 0)
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  expect((await handsFree.screenshot()).equals(off)).toBe(false)
})

test('each verdict is told by its word and its shape in forced colours too', async () => {
  for (const decision of ['match', 'nonMatch', 'inconclusive'] as const) {
    const page = await openWindow({ decision, fmr: decision === 'match' ? 2e-5 : 0.2 }, (one) =>
      one.emulateMedia({ forcedColors: 'active' }),
    )
    await expect(page.getByText(en.say.hold)).toBeVisible()
    await page.keyboard.press('Alt+2')
    await page.keyboard.type('R-20477')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Adam Example')).toBeVisible()
    await page.keyboard.press('Enter')
    const panel = page.locator(`[data-verdict=${decision}]`)
    await expect(panel).toContainText(en.verify[decision].word)
    const shape = await panel.locator('svg').first().boundingBox()
    expect(Math.min(shape?.width ?? 0, shape?.height ?? 0)).toBeGreaterThan(40)
    await page.context().close()
  }
})

/** Notes what regions that are read aloud come to say. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    const regions = '[aria-live], [role=status], [role=alert], [role=log]'
    new MutationObserver((changes) => {
      const changed = new Set(changes.map(({ target }) => (target instanceof Element ? target : target.parentElement)?.closest(regions)))
      for (const region of changed) if (region) said.push(region.textContent ?? '')
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}
const said = (page: Page) => page.evaluate(() => (window as unknown as { said: string[] }).said)
const show = (page: Page, face: object | null) =>
  page.evaluate((place) => {
    ;(window as unknown as { fakeStation: { state: { face: object | null } } }).fakeStation.state.face = place
  }, face)

test('guidance is spoken when it changes, once, and never while only numbers move', async () => {
  const page = await openWindow({})
  const say = page.locator('.say .t')
  await expect(say).toHaveText(en.say.hold)
  await expect(say).toHaveAttribute('aria-live', 'polite')
  await expect(say).toHaveAttribute('aria-atomic', 'true')
  await page.waitForTimeout(1000)
  await listen(page)
  // Some 60 packets with the same instruction.
  await page.waitForTimeout(3000)
  expect(await said(page)).toEqual([])
  await show(page, null)
  await expect(say).toHaveText(en.say.look)
  await page.waitForTimeout(1500)
  expect(await said(page)).toEqual([en.say.look])
  await show(page, { x: 0.37, y: 0.25, width: 0.26, height: 0.5 })
  await expect(say).toHaveText(en.say.hold)
  await page.waitForTimeout(1500)
  expect(await said(page)).toEqual([en.say.look, en.say.hold])
})

interface Stop {
  readonly what: string
  readonly ring: boolean
  readonly shown: boolean
  readonly positive: boolean
}

/** Where the focus is: whether it can be seen, and whether its place is that of the document. */
const focusOf = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return null
    const ringOf = (one: Element | null) => {
      if (one === null) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
    }
    const box = element.getBoundingClientRect()
    const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
    const at = document.elementFromPoint(
      Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width / 2, 12))),
      Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 12))),
    )
    const free = at !== null && (element.contains(at) || at.contains(element) || at.closest('label')?.contains(element) === true)
    const words = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''
    return {
      what: `${element.tagName} ${element.id} ${words}`,
      ring: ringOf(element) || ringOf(element.closest('.in, label')),
      shown: inView && free,
      positive: (element as HTMLElement).tabIndex > 0,
    }
  })

test('the focus goes through every screen in the order of the page, can always be seen, and is never caught', {
  tag: '@long',
}, async () => {
  const wrong: string[] = []
  await walkScreens(async (page, screen) => {
    const control = 'button:enabled, select:enabled, input:enabled, textarea:enabled, summary, a[href]'
    const scope = ['keys', 'commands'].includes(screen) ? 'dialog' : 'body'
    const reachable = await page
      .locator(`${scope} :is(${control})`)
      .evaluateAll(
        (all) => all.filter((one) => one.checkVisibility() && (one as HTMLElement).tabIndex >= 0 && one.closest('[inert]') === null).length,
      )
    const stops = new Set<string>()
    for (let press = 0; press < reachable + 8; press++) {
      await page.keyboard.press('Tab')
      const stop = await focusOf(page)
      if (stop === null) continue
      stops.add(stop.what)
      if (!stop.ring) wrong.push(`${screen}: no ring at ${stop.what}`)
      if (!stop.shown) wrong.push(`${screen}: hidden focus at ${stop.what}`)
      if (stop.positive) wrong.push(`${screen}: own order at ${stop.what}`)
    }
    // Of a group of radio buttons the focus stops at one; the arrows go through the others.
    if (stops.size < Math.min(3, reachable)) wrong.push(`${screen}: only ${[...stops].join(', ')} of ${reachable}`)
  })
  expect([...new Set(wrong)]).toEqual([])
})

test('every target is at least 24 px high and wide, on every screen, at both sizes', { tag: '@long' }, async () => {
  const wrong = new Set<string>()
  await walkScreens(async (page, screen) => {
    for (const size of [
      { width: 1440, height: 900 },
      { width: 1024, height: 768 },
      { width: 720, height: 450 },
    ]) {
      await page.setViewportSize(size)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, select, input, summary, a[href], [role=option], [role=switch]')]
          .filter((control) => control.checkVisibility())
          .map((control) => {
            // What belongs to a field is pressed with all of it.
            const target = control.closest('label, .in.with-button') ?? control
            const { width, height } = target.getBoundingClientRect()
            return {
              words: (control.getAttribute('aria-label') ?? control.textContent?.trim()) || control.id || control.tagName,
              width,
              height,
            }
          })
          .filter(({ width, height }) => width > 1 && height > 1 && Math.min(width, height) < 23.9)
          .map(({ words, width, height }) => `${words.slice(0, 40)} ${Math.round(width)}x${Math.round(height)}`),
      )
      for (const what of small) wrong.add(`${screen} at ${size.width}: ${what}`)
    }
  })
  expect([...wrong]).toEqual([])
})
