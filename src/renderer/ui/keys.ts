/** Keys of a screen. Single keys work outside fields only; a button that has the focus keeps Space and Enter for itself. */
import { useEffect, useRef } from 'react'

/** What each chord does. Chords: modifiers in the order Ctrl Alt, then the key as KeyboardEvent.key has it, Space for ' ': "Ctrl O", "Alt 1", "Space". */
export type KeyMap = readonly (readonly [chord: string, act: (() => void) | undefined])[]

/** The chord of a key press, as KeyMap names it. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  return `${event.ctrlKey || event.metaKey ? 'Ctrl ' : ''}${event.altKey ? 'Alt ' : ''}${key}`
}

/**
 * Whether a chord belongs to the element that has the focus rather than to the screen.
 * A field marked data-space-free has no use for spaces and leaves them to the screen.
 */
export function belongsToTarget(chord: string, target: Element | null): boolean {
  if (target === null || /^(Ctrl|Alt|F\d)/.test(chord) || chord === 'Escape') return false
  const field = target.closest('input, textarea, select')
  if (field?.matches('input[type=radio], input[type=checkbox]')) return chord === 'Space' || chord.startsWith('Arrow')
  if (field !== null) return !(chord === 'Space' && field.hasAttribute('data-space-free'))
  return (chord === 'Space' || chord === 'Enter') && target.closest('button, a, [role=switch], summary') !== null
}

/** For a dialog over a screen: Escape closes the dialog and is no key of the screen below. */
export function keepEscape(event: { readonly key: string; stopPropagation(): void }): void {
  if (event.key === 'Escape') event.stopPropagation()
}

/** Listens while the component is mounted. The newest map counts. */
export function useKeys(map: KeyMap): void {
  const newest = useRef(map)
  useEffect(() => {
    newest.current = map
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const chord = chordOf(event)
      const act = newest.current.find(([name]) => name === chord)?.[1]
      if (act === undefined || belongsToTarget(chord, event.target instanceof Element ? event.target : null)) return
      // A covered desk has no keys.
      if (document.querySelector('.desk-cover[inert]') !== null) return
      // A dialog over the screen takes all keys but its own and those of the desk.
      if (document.querySelector('dialog[open]') !== null && !/^F\d/.test(chord) && chord !== 'Escape') return
      event.preventDefault()
      if (!event.repeat) act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
