/** Following a job to its end: its progress goes to stderr, its last state is the answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrap } from '../../contract/errors.ts'
import type { Job } from '../../contract/jobs.ts'
import type { CommandDoor } from '../../contract/row.ts'
import type { Runner } from '../../station/api.ts'
import { type CommandHost, commandActor } from './host.ts'
import type { Output } from './print.ts'

const lookMs = 200

const lineOf = ({ kind, state, done, total }: Job) =>
  total === 0 ? `${kind}: ${state}` : `${kind}: ${state}, ${done} of ${total} (${Math.floor((100 * done) / total)} %)`

async function jobNow(runner: Runner, id: string): Promise<Job | undefined> {
  const { jobs } = unwrap(await runner.run('job.list', {}, commandActor)) as { jobs: Job[] }
  return jobs.find((job) => job.id === id)
}

/** The job that a command follows. */
export interface Following {
  job?: Job
}

/** @param report asked for once the job is done @returns the answer with the job as it ended; a signal ends the command, and the job goes on where the vault stays open */
export async function followJob(
  answer: unknown,
  report: string | undefined,
  { runner, host, output, following }: { runner: Runner; host: CommandHost; output: Output; following: Following },
): Promise<unknown> {
  let { job } = answer as { job: Job }
  let told = ''
  following.job = job
  while (job.state === 'running' && !host.stop.aborted) {
    await sleep(lookMs)
    job = (await jobNow(runner, job.id)) ?? job
    const line = lineOf(job)
    if (line !== told) output.note(line)
    told = line
  }
  if (report === undefined || job.state !== 'done') return { job }
  return unwrap(await runner.run(report, { job: job.id }, commandActor))
}

/** Pauses the job of a command that was stopped, where the command is to say how it goes on. */
export async function pauseFollowed({ pausedBy }: CommandDoor, { job }: Following, runner: Runner, output: Output): Promise<void> {
  if (pausedBy === undefined || job === undefined) return
  const paused = await runner.run('job.pause', { id: job.id }, commandActor)
  // A job that was over meanwhile has nothing to pause.
  if (!paused.ok) return
  const { done, total } = (paused.value as { job: Job }).job
  output.note(`paused, ${done} of ${total}; to go on: ${pausedBy.resume}`)
}
