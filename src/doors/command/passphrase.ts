/** Passphrases and passwords: from the environment, once, or from a terminal without echo. */
import type { Readable, Writable } from 'node:stream'
import { VultusError } from '../../contract/errors.ts'

export const passphraseVariable = 'VULTUS_PASSPHRASE'
export const passwordVariable = 'VULTUS_PASSWORD'
export const recoveryKeyVariable = 'VULTUS_RECOVERY_KEY'
export const newPasswordVariable = 'VULTUS_NEW_PASSWORD'
const passphraseCharactersMax = 1024

/** A terminal's keyboard. */
export interface Keyboard extends Readable {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** What the environment may carry for a command. */
export interface Secrets {
  /** Opens a vault. */
  readonly passphrase: string | undefined
  /** Signs in. */
  readonly password: string | undefined
  /** Opens a vault whose key is lost. */
  readonly recoveryKey: string | undefined
  /** Is given to an account. */
  readonly newPassword: string | undefined
}

/** Reads all secrets and removes them from the environment, so that no child inherits them. Call before anything is spawned. */
export function takeSecrets(env: Record<string, string | undefined>): Secrets {
  const take = (name: string) => {
    const value = env[name]
    delete env[name]
    return value === '' ? undefined : value
  }
  return {
    passphrase: take(passphraseVariable),
    password: take(passwordVariable),
    recoveryKey: take(recoveryKeyVariable),
    newPassword: take(newPasswordVariable),
  }
}

/** Whether somebody can be asked. */
export const canAsk = (keyboard: Keyboard) => keyboard.isTTY === true && keyboard.setRawMode !== undefined

/** What one key does to the text: undefined ends the entry. */
function typed(text: string, key: string): string | undefined {
  if (key === '\r' || key === '\n' || key === '\u0004') return undefined
  if (key === '\u0003') throw new VultusError('request.invalid', 'the entry was cancelled')
  if (key === '\u007f' || key === '\b') return [...text].slice(0, -1).join('')
  return key < ' ' || text.length >= passphraseCharactersMax ? text : text + key
}

/** Asks for a line on a terminal; what is typed is not shown. The question goes to `screen`, never to the answer's stream. */
export async function askHidden(question: string, keyboard: Keyboard, screen: Writable): Promise<string> {
  screen.write(question)
  keyboard.setRawMode?.(true)
  keyboard.resume()
  try {
    return await new Promise<string>((resolve, reject) => {
      let text = ''
      const end = (settle: () => void) => {
        keyboard.off('data', onData)
        settle()
      }
      const onData = (chunk: Buffer | string) => {
        for (const key of chunk.toString()) {
          try {
            const next = typed(text, key)
            if (next === undefined) return end(() => resolve(text))
            text = next
          } catch (error) {
            return end(() => reject(error))
          }
        }
      }
      keyboard.on('data', onData)
    })
  } finally {
    keyboard.setRawMode?.(false)
    keyboard.pause()
    screen.write('\n')
  }
}

/**
 * A new secret, typed twice.
 * @param what it is called, with what it has to be
 * @throws VultusError request.invalid when the two differ
 */
export async function askTwice(keyboard: Keyboard, screen: Writable, what = 'passphrase (at least 12 characters)'): Promise<string> {
  const first = await askHidden(`New ${what}: `, keyboard, screen)
  if ((await askHidden('The same again: ', keyboard, screen)) === first) return first
  throw new VultusError('request.invalid', 'the two entries differ')
}
