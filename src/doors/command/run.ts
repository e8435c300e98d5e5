/** One command that is a procedure of the table: options and pictures in, the answer and its exit code out. */
import { resolve } from 'node:path'
import { errorTable, exitCodes, unwrap, VultusError } from '../../contract/errors.ts'
import type { CommandDoor, Row } from '../../contract/row.ts'
import { type ProcedureName, procedures } from '../../contract/table.ts'
import { CaptureId, limits, needsPassphrase } from '../../contract/types.ts'
import type { Runner } from '../../station/api.ts'
import { connect } from './connect.ts'
import { unlessStopped } from './exit.ts'
import { readPicture } from './files.ts'
import { followJob } from './follow.ts'
import { type CommandHost, commandActor } from './host.ts'
import { checkedOptions, isListField } from './optionsOf.ts'
import { askTwice, canAsk, passphraseVariable } from './passphrase.ts'
import type { Output } from './print.ts'
import { answerWithRecoveryKey, askRecoveryKey, groupsOf, recoveryKeyOf } from './recoveryKey.ts'

export interface CommandCall {
  readonly name: ProcedureName
  readonly options: Readonly<Record<string, unknown>>
  /** Paths of picture files. */
  readonly pictures: readonly string[]
  readonly dataFolder: string
  readonly log: (line: string) => void
}

/** The rows of the table that the command line offers. */
export function commandRows(): { name: ProcedureName; row: Row; door: CommandDoor }[] {
  return Object.entries(procedures as Readonly<Record<string, Row>>).flatMap(([name, row]) =>
    row.command === undefined ? [] : [{ name: name as ProcedureName, row, door: row.command }],
  )
}

async function readPictures(door: CommandDoor, paths: readonly string[]): Promise<Uint8Array[]> {
  const { min, max } = door.pictures ?? { min: 0, max: 0 }
  if (paths.length < min) throw new VultusError('request.invalid', `${door.name} needs ${min === max ? '' : 'at least '}${min} picture`)
  if (paths.length > max) throw new VultusError('request.invalid', `${door.name} takes at most ${max} pictures`)
  const pictures: Uint8Array[] = []
  let bytes = 0
  for (const path of paths) {
    const picture = await readPicture(path)
    bytes += picture.length
    if (bytes > limits.requestBytesMax * 2) throw new VultusError('request.tooLarge', 'the pictures together are larger than 192 MiB')
    pictures.push(picture)
  }
  return pictures
}

/** Every picture becomes a capture, or none does. The ids are added to `held` as they are made, for the caller to drop. */
async function captureAll(runner: Runner, pictures: readonly Uint8Array[], paths: readonly string[], held: CaptureId[]) {
  for (const [index, picture] of pictures.entries()) {
    const outcome = await runner.run('capture.fromPicture', { picture, source: 'file' }, commandActor)
    if (!outcome.ok) {
      const { code, detail } = outcome.refusal
      const file = paths[index] ?? ''
      throw new VultusError(code, detail === undefined ? file : `${file}: ${detail}`, { data: outcome.data })
    }
    held.push(CaptureId.parse((outcome.value as { captureId?: unknown }).captureId))
  }
}

/** The passphrase that a new vault gets. */
async function newPassphrase(host: CommandHost): Promise<string> {
  if (host.passphrase !== undefined) return host.passphrase
  if (canAsk(host.keyboard)) return askTwice(host.keyboard, host.stderr)
  throw new VultusError('request.invalid', `set ${passphraseVariable} to the passphrase of the new vault`)
}

async function inputOf(call: CommandCall, row: Row, door: CommandDoor, host: CommandHost): Promise<Record<string, unknown>> {
  const input = checkedOptions(row.input, door.options, call.options)
  const newSecret = needsPassphrase(typeof input.key === 'string' ? input.key : null)
  const passphrase = newSecret ? { passphrase: await newPassphrase(host) } : {}
  if (call.name === 'vault.init') return { ...input, ...passphrase }
  if (call.name === 'vault.recover') return { ...input, recoveryKey: await recoveryKeyOf(host), ...passphrase }
  if (call.name === 'recovery.confirm') return { groups: groupsOf(await recoveryKeyOf(host)) }
  if (call.name === 'vault.restore') return { ...input, from: resolve(String(input.from)), ...(await restoreSecrets(host)) }
  if (typeof input.to === 'string') return { ...input, to: resolve(input.to) }
  return input
}

/** The recovery key, or the passphrase with which the vault of the backup opens; where both are given, it goes to the new vault. */
async function restoreSecrets(host: CommandHost): Promise<{ recoveryKey?: string; passphrase?: string }> {
  const passphrase = host.passphrase === undefined ? {} : { passphrase: host.passphrase }
  const recoveryKey = host.recoveryKey ?? (host.passphrase === undefined && canAsk(host.keyboard) ? await askRecoveryKey(host) : undefined)
  if (recoveryKey === undefined) return passphrase
  if (host.passphrase !== undefined || !canAsk(host.keyboard)) return { recoveryKey, ...passphrase }
  return { recoveryKey, passphrase: await askTwice(host.keyboard, host.stderr) }
}

/** Runs the procedure with its pictures in place and lets the captures go afterwards. */
async function runWithPictures(runner: Runner, call: CommandCall, row: Row, input: Record<string, unknown>, pictures: Uint8Array[]) {
  const place = row.command?.pictures
  if (place === undefined) return unwrap(await runner.run(call.name, input, commandActor))
  if (place.as === 'bytes') return unwrap(await runner.run(call.name, { ...input, [place.field]: pictures[0] }, commandActor))
  const held: CaptureId[] = []
  try {
    await captureAll(runner, pictures, call.pictures, held)
    const captures = isListField(row.input, place.field) ? held : held[0]
    return unwrap(await runner.run(call.name, { ...input, [place.field]: captures }, commandActor))
  } finally {
    for (const captureId of held) await runner.run('capture.drop', { captureId }, commandActor)
  }
}

/** Which exit code an answer has; a row without its own says done. */
function exitOf(door: CommandDoor, answer: unknown): number {
  return door.exitOf === undefined ? exitCodes.done : door.exitOf(answer as never)
}

/**
 * Carries out a command and prints its answer. Options and files are checked before a station is reached.
 * @returns the exit code
 * @throws VultusError whatever was refused; Interrupted after a signal
 */
export async function runCommand(call: CommandCall, host: CommandHost, output: Output): Promise<number> {
  const row: Row = procedures[call.name]
  const door = row.command
  if (door === undefined) throw new VultusError('request.unknown', call.name)
  const input = await inputOf(call, row, door, host)
  const pictures = await readPictures(door, call.pictures)
  const connection = await connect({ dataFolder: call.dataFolder, vault: row.vault, log: call.log }, host)
  try {
    const first = await unlessStopped(runWithPictures(connection.runner, call, row, input, pictures), host.stop)
    const answer = door.follow === true ? await unlessStopped(followJob(first, connection.runner, host, output), host.stop) : first
    await answerWithRecoveryKey(answer, output)
    return exitOf(door, answer)
  } finally {
    await connection.close()
  }
}

/** The exit code of a refusal. */
export const exitOfRefusal = (code: keyof typeof errorTable): number => errorTable[code].exit
