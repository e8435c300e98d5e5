/** Long procedures that tell how far they are: shown on stderr, and ended with the command. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandDoor } from '../../contract/row.ts'
import type { Runner } from '../../station/api.ts'
import { commandActor } from './host.ts'
import type { Output } from './print.ts'

const lookMs = 1000

interface Progress {
  readonly stage: string
  readonly done: number
  readonly total: number
}

const lineOf = ({ stage, done, total }: Progress) => `${stage}: ${done} of ${total} (${Math.floor((100 * done) / Math.max(1, total))} %)`

/** The result of some work; what it tells meanwhile goes to stderr. */
export async function watched<T>(work: Promise<T>, { watch }: CommandDoor, runner: Runner, output: Output): Promise<T> {
  if (watch === undefined) return await work
  const over = new AbortController()
  const telling = tellUntil(over.signal, watch.progress, runner, output)
  try {
    return await work
  } finally {
    over.abort()
    await telling
  }
}

async function tellUntil(signal: AbortSignal, procedure: string, runner: Runner, output: Output): Promise<void> {
  let told = ''
  while (!signal.aborted) {
    const waited = await sleep(lookMs, true, { signal }).catch(() => false)
    if (!waited) return
    const outcome = await runner.run(procedure, {}, commandActor)
    if (!outcome.ok || signal.aborted) continue
    const progress = outcome.value as Progress
    const line = lineOf(progress)
    if (progress.total > 0 && line !== told) output.note(line)
    told = line
  }
}

/** Ends the work of a command that was stopped. */
export async function endWatched({ watch }: CommandDoor, runner: Runner): Promise<void> {
  if (watch?.cancel !== undefined) await runner.run(watch.cancel, {}, commandActor)
}
