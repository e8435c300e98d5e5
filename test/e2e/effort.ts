/**
 * What a way through the window asks of an operator who sees it for the first time: decisions, clicks, keys, words and controls.
 * Clicks and keys are counted where the browser delivers them, words and controls where they can be seen.
 */
import type { Page } from '@playwright/test'

export interface Effort {
  /** Questions that the operator had to answer; the way names each. */
  decisions: number
  clicks: number
  keys: number
  /** Different texts that were to be seen on the way, each counted once: words of them. */
  words: number
  /** Controls in reach on the way beside those that stand on every screen, each counted once. */
  controls: number
}

interface Seen {
  readonly texts: readonly string[]
  readonly controls: readonly string[]
}

/** Texts and controls that can be seen now. What the subject reads (its consent, its receipt) is the subject's, and left out. */
const lookAt = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const shown = (element: Element) => {
      const box = element.getBoundingClientRect()
      const style = getComputedStyle(element)
      const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
      return (
        element.checkVisibility() && box.width > 1 && box.height > 1 && inView && style.visibility !== 'hidden' && Number(style.opacity) > 0
      )
    }
    const ofSubject = '.consent-words, .receipt, video, canvas, svg, time, kbd, .key'
    const texts: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      const words = node.textContent?.trim() ?? ''
      if (words === '' || parent === null || parent.closest(ofSubject) !== null || !shown(parent)) continue
      // Of a choice only what is chosen is to be seen.
      if (parent instanceof HTMLOptionElement && !parent.selected) continue
      texts.push(words)
    }
    const usable = 'button:enabled, select:enabled, input:enabled, textarea:enabled, summary, a[href]'
    const controls = [...document.querySelectorAll(usable)]
      .filter((control) => control.closest('.nav, .title') === null && shown(control))
      .map((control) => control.id || control.getAttribute('aria-label') || control.textContent?.trim() || control.tagName)
    return { texts, controls }
  })

/** Follows an operator from now on. */
export async function followEffort(page: Page) {
  await page.evaluate(() => {
    const made = { clicks: 0, keys: 0 }
    Object.assign(window, { made })
    // A button pressed by its key clicks too: only what a pointer does counts as a click.
    addEventListener('click', (event) => (made.clicks += event.detail > 0 ? 1 : 0), true)
    addEventListener('keydown', (event) => (made.keys += event.repeat ? 0 : 1), true)
  })
  const texts = new Set<string>()
  const controls = new Set<string>()
  const decisions: string[] = []
  return {
    /** Takes in what can be seen. */
    see: async () => {
      const seen = await lookAt(page)
      // A number that counts is read once: what changes of a text is its number alone.
      for (const words of seen.texts) texts.add(words.replaceAll(/\d+/g, '0'))
      for (const control of seen.controls) controls.add(control)
    },
    /** A question that the operator answers. */
    decide: (question: string) => void decisions.push(question),
    effort: async (): Promise<Effort & { texts: string[]; questions: string[] }> => {
      const made = await page.evaluate(() => (window as unknown as { made: { clicks: number; keys: number } }).made)
      const words = [...texts].flatMap((line) => line.split(/\s+/)).filter((word) => /[\p{L}\d]/u.test(word)).length
      return { decisions: decisions.length, ...made, words, controls: controls.size, texts: [...texts], questions: decisions }
    },
  }
}
