/** What can be said of a passphrase that is typed twice. */

/** The vault refuses shorter ones. */
export const passphraseCharactersMin = 12

export interface PassphraseState {
  /** Characters that are still missing. */
  readonly missing: number
  readonly differs: boolean
  readonly usable: boolean
}

/** The second one counts as different only when it can no longer become the first. */
export function passphraseState(first: string, second: string, charactersMin = passphraseCharactersMin): PassphraseState {
  const missing = Math.max(0, charactersMin - [...first].length)
  return { missing, differs: second !== '' && !first.startsWith(second), usable: missing === 0 && first === second }
}
