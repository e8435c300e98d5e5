/** The demo: the station's main job on a throw-away vault, through the real path, with drawn subjects. */
import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Outcome, unwrap } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { InputOf, OutputOf, ProcedureName } from '../contract/table.ts'
import type { CaptureId, SubjectId } from '../contract/types.ts'
import { isAlive } from '../doors/socket/localSocket.ts'
import type { Runner } from '../station/api.ts'

const actor: Actor = { role: 'administrator', door: 'command' }
const enrolledSubjects = 6
/** One more subject, who is not enrolled. */
const strangerSubject = enrolledSubjects
const folderPrefix = 'vultus-demo-'

export interface DemoFolder {
  readonly path: string
  /** Removes the folder and everything in it. */
  remove(): void
}

/** Removes the demo vaults of our own that a process left behind when it was killed. */
function sweepStaleFolders(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(new RegExp(`^${folderPrefix}(\\d+)-[A-Za-z0-9]{6}$`).exec(name)?.[1])
    if (!Number.isInteger(pid) || isAlive(pid)) continue
    const path = join(parent, name)
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())) {
      rmSync(path, { recursive: true, force: true })
    }
  }
}

/** A private data folder for a demo vault; it is gone when this process ends, or else at the next demo. */
export function makeDemoFolder(parent: string = tmpdir()): DemoFolder {
  sweepStaleFolders(parent)
  const path = mkdtempSync(join(parent, `${folderPrefix}${process.pid}-`))
  chmodSync(path, 0o700)
  const remove = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    remove: () => {
      process.off('exit', remove)
      remove()
    },
  }
}

/** One step as it was printed. */
export interface DemoStep {
  readonly what: string
  readonly elapsedMs: number
  /** Whether the outcome is the one that a good station gives. */
  readonly right: boolean
}

export interface DemoReport {
  readonly steps: readonly DemoStep[]
  readonly wrong: number
}

const idOf = (subject: number) => `DEMO-${subject + 1}` as SubjectId
const nameOf = (subject: number) => `drawn subject ${subject + 1}`

class Demo {
  readonly steps: DemoStep[] = []

  constructor(
    private readonly station: Runner,
    private readonly print: (line: string) => void,
  ) {}

  private async run<Name extends ProcedureName>(name: Name, input: InputOf<Name>): Promise<Outcome<OutputOf<Name>>> {
    return (await this.station.run(name, input, actor)) as Outcome<OutputOf<Name>>
  }

  /** Runs one step and prints it with its time; `outcome` says in words what came out, and whether that is right. */
  private async step(what: string, work: () => Promise<{ outcome: string; right: boolean }>): Promise<void> {
    const startMs = performance.now()
    const { outcome, right } = await work()
    const elapsedMs = performance.now() - startMs
    this.steps.push({ what, elapsedMs, right })
    this.print(`${right ? '  ' : '! '}${what.padEnd(46)} ${outcome.padEnd(34)} ${elapsedMs.toFixed(0).padStart(5)} ms`)
  }

  private async capture(subject: number, variation: number): Promise<CaptureId> {
    const { picture } = unwrap(await this.run('demo.portrait', { subject, variation }))
    return unwrap(await this.run('capture.fromPicture', { picture, source: 'simulated' })).captureId
  }

  /** The passphrase is random, in memory only, and needed once: the vault stays open until it is thrown away. */
  async prepare(): Promise<void> {
    const { state } = unwrap(await this.run('vault.status', {}))
    if (state !== 'missing') return
    await this.step('make a throw-away vault', async () => {
      const passphrase = randomBytes(32).toString('base64url')
      const { kind } = unwrap(await this.run('vault.init', { key: 'passphrase', passphrase, kind: 'demo' }))
      return { outcome: 'encrypted, marked as demo', right: kind === 'demo' }
    })
  }

  async enrol(subject: number): Promise<void> {
    await this.step(`enrol ${nameOf(subject)} as ${idOf(subject)}`, async () => {
      const captureIds = [await this.capture(subject, 0)]
      const outcome = await this.run('subject.enrol', { id: idOf(subject), name: nameOf(subject), captureIds })
      return { outcome: outcome.ok ? `enrolled, change ${outcome.value.sequence}` : outcome.refusal.message, right: outcome.ok }
    })
  }

  async verify(subject: number, claimed: number): Promise<void> {
    await this.step(`verify ${nameOf(subject)} as ${idOf(claimed)}`, async () => {
      const captureId = await this.capture(subject, 1)
      const outcome = await this.run('subject.verify', { id: idOf(claimed), captureId })
      if (!outcome.ok) return { outcome: outcome.refusal.message, right: false }
      const { decision, comparisonScore } = outcome.value
      return {
        outcome: `${decision} (score ${comparisonScore.toFixed(3)})`,
        right: decision === (subject === claimed ? 'match' : 'nonMatch'),
      }
    })
  }

  async identify(subject: number): Promise<void> {
    const enrolled = subject !== strangerSubject
    await this.step(`identify ${nameOf(subject)}${enrolled ? '' : ', not enrolled'}`, async () => {
      const outcome = await this.run('gallery.identify', { captureId: await this.capture(subject, 2) })
      if (!outcome.ok) return { outcome: outcome.refusal.message, right: false }
      const { decision, candidates } = outcome.value
      const first = candidates[0]
      const right = enrolled ? decision === 'match' && first?.id === idOf(subject) : decision === 'nonMatch'
      return { outcome: first === undefined ? decision : `${decision}: ${first.id} (score ${first.comparisonScore.toFixed(3)})`, right }
    })
  }
}

function summaryLines(steps: readonly DemoStep[]): string[] {
  const wrong = steps.filter((step) => !step.right)
  const totalMs = steps.reduce((sum, step) => sum + step.elapsedMs, 0)
  const all = `${steps.length} steps in ${(totalMs / 1000).toFixed(1)} s`
  if (wrong.length > 0) return [`${all}; ${wrong.length} came out wrong:`, ...wrong.map((step) => `! ${step.what}`)]
  return [
    `${all}; all came out right.`,
    `${enrolledSubjects} drawn subjects were enrolled, each was recognised in another picture and under no wrong id,`,
    'and the one who was not enrolled was not found. The vault is thrown away at the end.',
  ]
}

/**
 * Fills the demo vault of a station before somebody's eyes: enrols, verifies and identifies drawn subjects, printing every step.
 * @param station opened on a folder of makeDemoFolder, or on any folder with a demo vault
 * @param print takes the lines of the report
 * @returns the steps, and how many came out wrong
 * @throws VultusError when the vault or a process cannot do its part
 */
export async function runDemo(station: Runner, print: (line: string) => void): Promise<DemoReport> {
  const demo = new Demo(station, print)
  const subjects = [...Array(enrolledSubjects).keys()]
  await demo.prepare()
  for (const subject of subjects) await demo.enrol(subject)
  for (const subject of subjects) {
    await demo.verify(subject, subject)
    await demo.verify(subject, (subject + 1) % enrolledSubjects)
  }
  for (const subject of [...subjects, strangerSubject]) await demo.identify(subject)
  for (const line of summaryLines(demo.steps)) print(line)
  return { steps: demo.steps, wrong: demo.steps.filter((step) => !step.right).length }
}
