/** Ways to cut a working child off: a kill, or a cut of the power that loses what was not synced. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../vault/fixtures.ts'
import { startChild, type VaultChild } from './child-process.ts'
import type { Draw } from './corruptions.ts'
import { Disk } from './powerCut/disk.ts'
import type { ChildTask, Focus, Kind, Said } from './work.ts'
import type { Scene } from './workScene.ts'

interface Cut {
  readonly said: Said[]
  readonly lost: { writes: number; names: number }
}

/** How long the kinds take, in milliseconds or in notes of the shim, as far as it was seen; kills fall within. */
export class Spans {
  readonly #spans = new Map<Kind, number>()

  of(focus: Focus): number {
    return this.#spans.get(focus) ?? 60
  }

  note(focus: Focus, hit: boolean): void {
    const span = this.of(focus)
    this.#spans.set(focus, Math.min(600, Math.max(2, hit ? span * 1.15 : span * 0.8)))
  }
}

const begunText = (focus: Focus) => `"kind":"${focus}","state":"begun"`
const saidBy = (child: VaultChild) => child.lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Said)

/** What was open when the child was killed, from what it said. */
export function openOf(said: readonly Said[]): Kind[] {
  const done = new Set(said.filter(({ state }) => state === 'done').map(({ no }) => no))
  return said.filter(({ no, state }) => state === 'begun' && !done.has(no)).map(({ kind }) => kind)
}

/** The child is killed a while after it began what the round is about. */
export async function runAndKill(scene: Scene, task: ChildTask, draw: Draw, spanMs: number): Promise<Said[]> {
  const env = { VULTUS_TEST_ROOT_KEY: scene.rootKey.toString('hex') }
  const child = startChild('work-child.ts', JSON.stringify(task), '', { env })
  await child.line((line) => line.includes(begunText(task.focus)) || line.includes('"bug"'))
  await new Promise((resolve) => setTimeout(resolve, draw() * spanMs))
  await child.kill()
  return saidBy(child)
}

/** The shim ends the child after so many changes of its files; then the power goes. */
export async function runAndCut(scene: Scene, task: ChildTask, draw: Draw, span: number, shim: string): Promise<Cut> {
  const log = join(temporaryFolder(), 'notes')
  const disk = new Disk(scene.root)
  const env = {
    VULTUS_TEST_ROOT_KEY: scene.rootKey.toString('hex'),
    UV_USE_IO_URING: '0',
    LD_PRELOAD: shim,
    POWER_CUT_ROOT: scene.root,
    POWER_CUT_LOG: log,
    POWER_CUT_AT: String(1 + Math.floor(draw() * span)),
    POWER_CUT_AFTER: begunText(task.focus),
  }
  const child = startChild('work-child.ts', JSON.stringify(task), '', { env })
  await child.ended
  disk.replay(readFileSync(log))
  rmSync(log)
  return { said: saidBy(child), lost: disk.cut(draw) }
}
