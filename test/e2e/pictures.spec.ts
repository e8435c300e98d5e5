/**
 * The screens as an operator sees them, in light, dark and right-to-left, at both sizes: nothing is cut off.
 * The pictures go to test-results; with UPDATE_DOCS=1 those that the guides show are renewed in docs/images.
 */
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { en } from '../../src/renderer/locale/en.ts'
import { cutOff } from './cutOff.ts'
import { expect, test } from './fixture.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 1280, height: 800 },
  { width: 1024, height: 768 },
]
const looks = ['light', 'dark', 'rtl'] as const
const images = resolve(import.meta.dirname, '../../docs/images')

test('every screen shows all of its controls, in every look and size', { tag: '@long' }, async ({ station }) => {
  test.setTimeout(process.env.UPDATE_DOCS === '1' ? 480_000 : 240_000)
  const { page, output, close } = await station.open({ args: ['--demo'] })
  await expect.poll(() => output(), { timeout: 180_000 }).toContain('all came out right')
  const area = async (words: string) =>
    await page.getByRole('navigation', { name: en.areas.navigation }).getByRole('button', { name: words }).click()
  const button = (words: string) => page.getByRole('button', { name: new RegExp(`^${words}`) })

  const show = async (screen: string) => {
    for (const size of sizes) {
      for (const look of looks) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' })
        await page.evaluate((dir) => document.documentElement.setAttribute('dir', dir), look === 'rtl' ? 'rtl' : 'ltr')
        const name = `${screen}-${size.width}-${look}`
        await page.screenshot({ path: join(test.info().outputPath(), `${name}.png`) })
        expect(await cutOff(page), name).toEqual([])
        if (process.env.UPDATE_DOCS === '1' && size.width === 1440 && look === 'light') {
          const picture = sharp(await page.screenshot())
          await picture.png({ palette: true, quality: 85, effort: 7 }).toFile(join(images, `${screen}.png`))
        }
      }
    }
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'))
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(sizes[0]!)
  }

  await area(en.areas.enrol)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await page.getByLabel(en.enrol.number).fill('R-1001')
  await button(en.enrol.capture).click()
  await expect(page.locator('img').first()).toBeVisible()
  await expect(page.getByText(en.picture.capturing)).toHaveCount(0)
  await show('enrol')
  await page
    .getByRole('complementary', { name: en.enrol.details })
    .getByRole('button', { name: new RegExp(`^${en.enrol.enrol}`) })
    .click()
  await show('duplicate')
  await area(en.areas.verify)
  await show('verify')
  await page.getByLabel(en.verify.number).fill('DEMO-1')
  await page.getByLabel(en.verify.number).press('Enter')
  await button(en.verify.compare).click()
  await expect(page.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'match')
  await show('verify-match')
  await area(en.areas.identify)
  await expect(page.getByText(en.checks.allGood)).toBeVisible()
  await button(en.identify.search).click()
  await expect(page.locator('[data-subject]')).toHaveCount(1)
  await show('identify')
  expect(await close(), output()).toBe(0)
})
