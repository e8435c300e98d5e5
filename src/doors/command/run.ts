/** One command that is a procedure of the table: options and pictures in, the answer and its exit code out. */
import { resolve } from 'node:path'
import { errorTable, unwrap, VultusError } from '../../contract/errors.ts'
import { exitCodes } from '../../contract/exitCodes.ts'
import type { CommandDoor, Row } from '../../contract/row.ts'
import { type ProcedureName, procedures } from '../../contract/table.ts'
import { CaptureId, limits, needsPassphrase } from '../../contract/types.ts'
import type { Runner } from '../../station/api.ts'
import { outFileOf, printAnswer, runStream, unlessFailed, writeAnswer } from './answerPlaces.ts'
import { connect } from './connect.ts'
import { unlessStopped } from './exit.ts'
import { readPicture } from './files.ts'
import { type Following, followJob, pauseFollowed } from './follow.ts'
import { type CommandHost, commandActor } from './host.ts'
import { argumentsOf, checkedOptions, isListField } from './optionsOf.ts'
import { askHidden, askTwice, canAsk, newPasswordVariable, passphraseVariable } from './passphrase.ts'
import type { Output } from './print.ts'
import { askRecoveryKey, groupsOf, recoveryKeyOf } from './recoveryKey.ts'
import { readJson, readText } from './textFiles.ts'
import { endWatched, watched } from './watch.ts'

export interface CommandCall {
  readonly name: ProcedureName
  readonly options: Readonly<Record<string, unknown>>
  /** Paths of picture files. */
  readonly pictures: readonly string[]
  /** The positional arguments of a command that has some. */
  readonly arguments?: readonly string[] | undefined
  readonly dataFolder: string
  /** Account that signs in first (--as). */
  readonly as?: string | undefined
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

/** The password or PIN that an account gets. */
async function newSecret(kind: unknown, host: CommandHost): Promise<string> {
  if (host.newPassword !== undefined) return host.newPassword
  const what = kind === 'pin' ? 'PIN (at least 6 digits)' : 'password (at least 12 characters, 15 for administrators)'
  if (canAsk(host.keyboard)) return askTwice(host.keyboard, host.stderr, what)
  throw new VultusError('request.invalid', `set ${newPasswordVariable} to the new password or PIN`)
}

/** Puts the text of files, or their absolute paths, into the fields whose options name them. */
async function withFiles(input: Record<string, unknown>, door: CommandDoor): Promise<Record<string, unknown>> {
  const filled = { ...input }
  for (const [field, as] of Object.entries(door.files ?? {})) {
    const path = input[field]
    if (typeof path !== 'string') continue
    filled[field] = as === 'path' ? resolve(path) : as === 'text' ? await readText(path) : await readJson(path)
  }
  return filled
}

async function inputOf(call: CommandCall, row: Row, door: CommandDoor, host: CommandHost): Promise<Record<string, unknown>> {
  const positional = argumentsOf(door)
  const given = { ...call.options, ...Object.fromEntries(positional.map((field, at) => [field, call.arguments?.[at]])) }
  const input = await withFiles(checkedOptions(row.input, [...door.options, ...positional], given, door.files), door)
  if (call.name === 'vault.restore') return { ...input, ...(await restoreSecrets(host, input.key)) }
  const keyed = needsPassphrase(typeof input.key === 'string' ? input.key : null)
  const passphrase = keyed ? { passphrase: await newPassphrase(host) } : {}
  if (call.name === 'vault.init') return { ...input, ...passphrase }
  if (call.name === 'vault.recover') return { ...input, recoveryKey: await recoveryKeyOf(host), ...passphrase }
  if (call.name === 'recovery.confirm') return { groups: groupsOf(await recoveryKeyOf(host)) }
  if (door.newSecret === 'always' || (door.newSecret === 'named' && input.secretKind !== undefined)) {
    return { ...input, secret: await newSecret(input.secretKind, host) }
  }
  return input
}

/**
 * The recovery key, which then goes with the passphrase of the restored vault where that has one; without it the passphrase with
 * which the vault of the backup opens.
 */
async function restoreSecrets(host: CommandHost, key: unknown): Promise<{ recoveryKey?: string; passphrase?: string }> {
  const asks = canAsk(host.keyboard)
  const recoveryKey = host.recoveryKey ?? (host.passphrase === undefined && asks ? await askRecoveryKey(host) : undefined)
  const given = recoveryKey === undefined ? {} : { recoveryKey }
  if (host.passphrase !== undefined) return { ...given, passphrase: host.passphrase }
  if (recoveryKey === undefined) {
    const typed = asks ? await askHidden('Passphrase of the vault of the backup (empty: it has none): ', host.keyboard, host.stderr) : ''
    return typed === '' ? {} : { passphrase: typed }
  }
  const keyed = key === undefined ? asks : needsPassphrase(String(key))
  return keyed ? { ...given, passphrase: await newPassphrase(host) } : given
}

/** Runs the procedure with its pictures in place and lets the captures go afterwards. */
async function runWithPictures(runner: Runner, call: CommandCall, row: Row, input: Record<string, unknown>, pictures: Uint8Array[]) {
  const place = row.command?.pictures
  if (place === undefined) return unwrap(await runner.run(call.name, input, commandActor))
  if (place.as === 'bytes') {
    const [picture] = pictures
    return unwrap(await runner.run(call.name, picture === undefined ? input : { ...input, [place.field]: picture }, commandActor))
  }
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
  const file = await outFileOf(call.options, door, output)
  return await unlessFailed(file, async () => {
    const vault = door.vaultFor?.(input) ?? row.vault
    const connection = await connect({ dataFolder: call.dataFolder, vault, log: call.log, as: call.as }, host)
    const { runner } = connection
    const following: Following = {}
    const work = async () => {
      if (door.stream !== undefined) return await runStream({ runner, name: call.name, input }, door.stream, file, output)
      const asked = file === undefined || door.outFile?.field === undefined ? input : { ...input, [door.outFile.field]: true }
      const first = await watched(runWithPictures(runner, call, row, asked, pictures), door, runner, output)
      const answer = door.follow === true ? await followJob(first, door.report, { runner, host, output, following }) : first
      return await writeAnswer(answer, door, file)
    }
    try {
      const answer = await unlessStopped(work(), host.stop)
      await printAnswer(answer, door, output)
      return exitOf(door, answer)
    } finally {
      if (host.stop.aborted) {
        await endWatched(door, runner)
        await pauseFollowed(door, following, runner, output)
      }
      await connection.close()
    }
  })
}

/** The exit code of a refusal. */
export const exitOfRefusal = (code: keyof typeof errorTable): number => errorTable[code].exit
