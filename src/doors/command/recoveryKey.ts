/** The recovery key on the command line: printed once, taken from the environment or typed, never an option. */
import { VultusError } from '../../contract/errors.ts'
import type { CommandHost } from './host.ts'
import { askHidden, canAsk, recoveryKeyVariable } from './passphrase.ts'
import type { Output } from './print.ts'

const groups = 14
const lettersPerGroup = 4

/** @throws VultusError request.invalid where nobody can be asked */
export async function recoveryKeyOf(host: CommandHost): Promise<string> {
  if (host.recoveryKey !== undefined) return host.recoveryKey
  if (canAsk(host.keyboard)) return askHidden('Recovery key (14 groups of four): ', host.keyboard, host.stderr)
  throw new VultusError('request.invalid', `set ${recoveryKeyVariable} to the recovery key`)
}

/** Asks for a recovery key that need not be given. */
export async function askRecoveryKey(host: CommandHost): Promise<string | undefined> {
  const typed = await askHidden('Recovery key (empty: open as the vault of the backup opens): ', host.keyboard, host.stderr)
  return typed === '' ? undefined : typed
}

/** A typed recovery key as the groups that recovery.confirm takes: all of them, since some would not show that it is kept. @throws recovery.mistyped */
export function groupsOf(recoveryKey: string): { position: number; text: string }[] {
  const letters = recoveryKey.replace(/[\s-]/g, '')
  if (letters.length !== groups * lettersPerGroup) throw new VultusError('recovery.mistyped')
  return (letters.match(/.{4}/g) ?? []).map((text, index) => ({ position: index + 1, text }))
}

/** Prints an answer; for people the recovery key in it goes to stderr, where a pipe does not carry it off. */
export async function answerWithRecoveryKey(answer: unknown, output: Output): Promise<void> {
  const { recoveryKey, ...rest } = { ...(answer as { recoveryKey?: unknown }) }
  if (output.json || typeof recoveryKey !== 'string') return output.answer(answer)
  output.note(`Recovery key (printed this once; write it down and keep it apart from this machine):\n\n  ${recoveryKey}\n`)
  output.note('Show that it is kept with: vultus recovery confirm')
  await output.answer(rest)
}
