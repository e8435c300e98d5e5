import type { Page } from '@playwright/test'

/** Names of controls that reach over the edge of the window or of what clips them. */
export async function cutOff(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = []
    for (const control of document.querySelectorAll('button, input, select, a, [role="status"]')) {
      const box = control.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      let left = 0
      let right = innerWidth
      for (let parent = control.parentElement; parent !== null; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX !== 'visible') {
          const edge = parent.getBoundingClientRect()
          left = Math.max(left, edge.left)
          right = Math.min(right, edge.right)
        }
        // An open dialog lies above the page: what is around it does not clip it.
        if (parent.matches('dialog[open]')) break
      }
      if (box.left < left - 1 || box.right > right + 1)
        found.push(control.textContent || control.getAttribute('aria-label') || control.tagName)
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways')
    return found
  })
}
