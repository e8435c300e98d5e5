/** Numbers for subjects who have none. */

/** Crockford's letters: none is mistaken for another when it is read aloud or written down. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 5

/** Random bytes that a number is made of. */
export const numberBytes = 2 * groupLength

/**
 * Ten letters in two groups, 50 random bits: two stations that know nothing of each other draw the same one among 1,000,000 subjects
 * once in a thousand million enrolments.
 * @param bytes random, as many as numberBytes
 */
export function numberOf(bytes: Uint8Array): string {
  const drawn = Array.from(bytes.subarray(0, numberBytes), (byte) => letters[byte % letters.length]).join('')
  return `${drawn.slice(0, groupLength)}-${drawn.slice(groupLength)}`
}
