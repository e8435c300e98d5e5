/** A number for who has none yet, so that nobody at the desk has to think of one. What is typed over it counts. */
import { setNumber, useEnrol } from './enrolStore.ts'

/** Crockford's letters: none is mistaken for another when it is read aloud or written down. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 5

/**
 * Ten letters in two groups, 50 random bits: two desks that know nothing of each other draw the same one among 1,000,000 subjects
 * once in a thousand million enrolments.
 * @param random fills bytes; the browser's own where it is left out
 */
export function drawNumber(random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes)): string {
  const bytes = new Uint8Array(2 * groupLength)
  random(bytes)
  const drawn = Array.from(bytes, (byte) => letters[byte % letters.length]).join('')
  return `${drawn.slice(0, groupLength)}-${drawn.slice(groupLength)}`
}

/**
 * Proposes a number once the subject has agreed; where nobody is asked, nothing has begun that would want one.
 * @returns whether the number stands there by itself
 */
export function proposeNumber(): boolean {
  const { number, consent } = useEnrol.getState()
  if (number.trim() !== '' || consent === undefined) return false
  const proposedNumber = drawNumber()
  setNumber(proposedNumber)
  useEnrol.setState({ proposedNumber })
  return true
}
