/** What a password or a PIN has to be, and how long a name waits after wrong tries. */

/** Characters (code points, NFKC) that a password has at least. */
export const passwordCharactersMin = { administrator: 15, others: 12 } as const
export const passwordCharactersMax = 1024
export const pinDigits = { min: 6, max: 12 } as const
const distinctDigitsMin = 3

const waitMsFirst = 1000
const failuresMax = 5
/** How long a name waits after the fifth wrong try and each later one. */
export const waitMsMax = 15 * 60_000

/**
 * How long a name waits after so many wrong tries in a row: 1, 2, 4, 8 seconds, and 15 minutes from the fifth on.
 * With a PIN of six digits that leaves 96 guesses of a million in a day.
 */
export function waitMsAfter(failures: number): number {
  if (failures <= 0) return 0
  return failures >= failuresMax ? waitMsMax : waitMsFirst * 2 ** (failures - 1)
}

/** What is wrong with a secret, or undefined: too short, of wrong characters, too easy, or not for this role. */
export type SecretProblem = 'short' | 'long' | 'notDigits' | 'simple' | 'operatorsOnly'

/** Checks a new password. @param role of the account */
export function passwordProblem(password: string, role: string): SecretProblem | undefined {
  const characters = [...password.normalize('NFKC')]
  if (characters.length < passwordCharactersMinOf(role)) return 'short'
  if (characters.length > passwordCharactersMax) return 'long'
  // One key held down, or two in turn, is long and no secret.
  return new Set(characters).size < distinctDigitsMin ? 'simple' : undefined
}

export const passwordCharactersMinOf = (role: string): number =>
  role === 'administrator' ? passwordCharactersMin.administrator : passwordCharactersMin.others

/** A PIN opens a desk; who may erase, check the chain or change accounts has a password. */
export const mayHavePin = (role: string): boolean => role === 'operator'

/** Checks a new PIN. @param role of the account */
export function pinProblem(pin: string, role: string): SecretProblem | undefined {
  if (!mayHavePin(role)) return 'operatorsOnly'
  if (!/^[0-9]*$/.test(pin)) return 'notDigits'
  if (pin.length < pinDigits.min) return 'short'
  if (pin.length > pinDigits.max) return 'long'
  return isSimplePin(pin) ? 'simple' : undefined
}

/** Repeated digits (111111, 121212), repeated blocks (123123), and sequences of one step (123456, 975310, 112233). */
export function isSimplePin(pin: string): boolean {
  const digits = [...pin].map(Number)
  if (new Set(digits).size < distinctDigitsMin) return true
  const withoutRuns = digits.filter((digit, at) => at === 0 || digit !== digits[at - 1])
  return hasOneStep(withoutRuns) || repeatsBlock(pin)
}

function hasOneStep(digits: readonly number[]): boolean {
  const steps = digits.slice(1).map((digit, at) => (digit - (digits[at] as number) + 10) % 10)
  return new Set(steps).size <= 1
}

function repeatsBlock(pin: string): boolean {
  for (let length = 1; length <= pin.length / 2; length++) {
    if (pin.length % length === 0 && pin === pin.slice(0, length).repeat(pin.length / length)) return true
  }
  return false
}

/** The one form of a name for look-up: composed alike, no capitals, single spaces. */
export function nameForLookUp(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase()
}
