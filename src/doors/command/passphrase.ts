/** The passphrase of a vault: from the environment, once, or from a terminal without echo. */
import type { Readable, Writable } from 'node:stream'
import { VultusError } from '../../contract/errors.ts'

export const passphraseVariable = 'VULTUS_PASSPHRASE'
const passphraseCharactersMax = 1024

/** A terminal's keyboard. */
export interface Keyboard extends Readable {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** Reads the passphrase and removes it from the environment, so that no child inherits it. Call before anything is spawned. */
export function takePassphrase(env: Record<string, string | undefined>): string | undefined {
  const passphrase = env[passphraseVariable]
  delete env[passphraseVariable]
  return passphrase === '' ? undefined : passphrase
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
 * A new passphrase, typed twice.
 * @throws VultusError request.invalid when the two differ
 */
export async function askTwice(keyboard: Keyboard, screen: Writable): Promise<string> {
  const first = await askHidden('New passphrase (at least 12 characters): ', keyboard, screen)
  if ((await askHidden('The same again: ', keyboard, screen)) === first) return first
  throw new VultusError('request.invalid', 'the two passphrases differ')
}
