import { describe, expect, it } from 'vitest'
import { type Steadied, settleMs, stayMs, steadied, steady } from '../../../../src/core/guidance/steady.ts'

describe('what is shown', () => {
  /** Feeds one value every 50 ms. */
  const feed = (state: Steadied<string>, value: string, fromMs: number, forMs: number) => {
    let now = state
    for (let atMs = fromMs; atMs <= fromMs + forMs; atMs += 50) now = steadied(now, value, atMs)
    return now
  }

  it('changes when a value lasts', () => {
    const start = steady('hold', 0)
    expect(feed(start, 'closer', 5000, settleMs - 50).shown).toBe('hold')
    expect(feed(start, 'closer', 5000, settleMs).shown).toBe('closer')
  })

  it('does not follow a value that flickers', () => {
    let state = steady('hold', 0)
    for (let atMs = 5000; atMs < 9000; atMs += 300) state = feed(state, atMs % 600 === 200 ? 'hold' : 'closer', atMs, 250)
    expect(state.shown).toBe('hold')
  })

  it('stays at least 1.2 s', () => {
    const shown = feed(steady('hold', 0), 'closer', 5000, settleMs)
    const since = shown.shownSinceMs
    expect(feed(shown, 'left', since + 50, stayMs - 100).shown).toBe('closer')
    expect(feed(shown, 'left', since + 50, stayMs).shown).toBe('left')
  })

  it('is the same object while nothing changes, so that nothing is drawn again', () => {
    const state = steady('hold', 0)
    expect(steadied(state, 'hold', 10_000)).toBe(state)
  })
})
