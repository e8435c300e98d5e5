/** Where an answer goes: stdout or a new file, in one piece or page after page. */
import { unwrap, VultusError } from '../../contract/errors.ts'
import type { CommandDoor } from '../../contract/row.ts'
import type { ProcedureName } from '../../contract/table.ts'
import type { Runner } from '../../station/api.ts'
import { commandActor } from './host.ts'
import { flagOf } from './optionsOf.ts'
import type { Output } from './print.ts'
import { answerWithRecoveryKey } from './recoveryKey.ts'
import { type NewFile, newFile } from './textFiles.ts'

type Stream = NonNullable<CommandDoor['stream']>

/** The file that the answer goes to, where the command line names one. @throws VultusError file.unwritable, request.invalid */
export async function outFileOf(
  options: Readonly<Record<string, unknown>>,
  door: CommandDoor,
  output: Output,
): Promise<NewFile | undefined> {
  const path = door.outFile === undefined ? undefined : options[door.outFile.option]
  if (typeof path === 'string') return await newFile(path)
  if (door.stream !== undefined && output.json) {
    throw new VultusError(
      'request.invalid',
      `with --json name a file with ${flagOf(door.outFile?.option ?? 'out')}: stdout gets one object`,
    )
  }
  return undefined
}

/** Runs what fills the file; where that fails the file is taken back. */
export async function unlessFailed<T>(file: NewFile | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    await file?.discard()
    throw error
  }
}

/**
 * Asks page after page; the lines go to the file, or to stdout.
 * @returns what is left to print: of a file its path and how many lines it has
 */
export async function runStream(
  { runner, name, input }: { runner: Runner; name: ProcedureName; input: Readonly<Record<string, unknown>> },
  stream: Stream,
  file: NewFile | undefined,
  output: Output,
): Promise<{ file: string; lines: number } | undefined> {
  let count = 0
  for (let next: Readonly<Record<string, unknown>> | null = {}; next !== null; ) {
    const page = unwrap(await runner.run(name, { ...input, ...next }, commandActor)) as never
    const lines = stream.lines(page)
    const text = lines.map((line) => `${line}\n`).join('')
    count += lines.length
    await (file === undefined ? output.raw(text) : file.write(text))
    next = stream.next(page)
  }
  await file?.keep()
  return file === undefined ? undefined : { file: file.path, lines: count }
}

/** What goes to the file, and what is left to print. */
function parted(answer: unknown, { outFile }: CommandDoor): { text: string | undefined; printed: unknown } {
  if (outFile?.field === undefined) return { text: outFile?.contents?.(answer as never), printed: answer }
  const { [outFile.field]: text, ...printed } = answer as Readonly<Record<string, unknown>>
  return { text: typeof text === 'string' ? text : undefined, printed }
}

/**
 * Writes an answer to its file.
 * @returns what is left to print
 * @throws VultusError file.unwritable with the answer beside it: what was done cannot be undone
 */
export async function writeAnswer(answer: unknown, door: CommandDoor, file: NewFile | undefined): Promise<unknown> {
  if (file === undefined || door.outFile === undefined || door.stream !== undefined) return answer
  const { text, printed } = parted(answer, door)
  if (text === undefined) return printed
  try {
    await file.write(text)
    await file.keep()
  } catch {
    throw new VultusError('file.unwritable', file.path, { data: printed as Record<string, unknown> })
  }
  return printed
}

/** Prints an answer; undefined is one that was written already. */
export async function printAnswer(answer: unknown, door: CommandDoor, output: Output): Promise<void> {
  if (answer === undefined) return
  if (door.text === undefined || output.json) await answerWithRecoveryKey(answer, output)
  else await output.raw(`${door.text(answer as never)}\n`)
}
