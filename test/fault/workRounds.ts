/**
 * Rounds of work that is cut off: a child works on a vault and tells what was acknowledged, and is killed in the middle of
 * the kind of work that was hit least so far. After each round everything acknowledged is there and reads back equal, at most
 * the one change that was begun and not acknowledged is there too, whole, and nothing else.
 */
import { join } from 'node:path'
import { drawOf } from './corruptions.ts'
import { type Focus, focuses, type Kind } from './work.ts'
import { assertAll, assertEnd, assertRestored } from './workChecks.ts'
import { openOf, runAndCut, runAndKill, Spans } from './workCut.ts'
import { copyOf, newScene, oldScene, oldSchemas, type Scene } from './workScene.ts'

export interface RoundsOptions {
  readonly rounds: number
  readonly seed: number
  /** A library that notes what the child writes: then power is cut, and what was not synced is lost. */
  readonly shim?: string | undefined
  /** The child does not wait for the disk. */
  readonly careless?: boolean
}

export interface RoundsReport {
  /** How often the child was cut off in the middle of which kind of work. */
  readonly hits: ReadonlyMap<Kind, number>
  readonly acknowledged: number
  /** Writes and names that were lost with the power. */
  readonly lost: { writes: number; names: number }
}

/** Rounds between two restores of the newest backup. */
const restoredEvery = 8

/** Runs the rounds. @throws Error with the round and its seed where anything is not as it has to be */
export async function workRounds({ rounds, seed, shim, careless = false }: RoundsOptions): Promise<RoundsReport> {
  const main = await newScene()
  const old = new Map<number, Scene>()
  const spans = new Spans()
  const hits = new Map<Kind, number>()
  const lost = { writes: 0, names: 0 }
  let acknowledged = 0
  for (let round = 0; round < rounds; round++) {
    const draw = drawOf(seed + round * 7919)
    const focus = leastOf(hits, round)
    let scene = main
    if (focus === 'migration') {
      const schema = oldSchemas[Math.floor(draw() * oldSchemas.length)] as number
      if (!old.has(schema)) old.set(schema, await oldScene(schema))
      scene = copyOf(old.get(schema) as Scene)
    }
    const task = {
      folder: scene.folder,
      seed: seed + round,
      focus,
      firstSeed: 1_000 * (round + 1),
      careless,
      backups: join(scene.root, 'backups'),
    }
    try {
      const span = spans.of(focus)
      const cut =
        shim === undefined
          ? { said: await runAndKill(scene, task, draw, span), lost: { writes: 0, names: 0 } }
          : await runAndCut(scene, task, draw, span, shim)
      const open = openOf(cut.said)
      for (const kind of open) hits.set(kind, (hits.get(kind) ?? 0) + 1)
      spans.note(focus, open.includes(focus))
      lost.writes += cut.lost.writes
      lost.names += cut.lost.names
      acknowledged += cut.said.filter(({ state, kind }) => state === 'done' && kind !== 'open').length
      await assertAll(scene, cut.said, shim !== undefined)
      if (round % restoredEvery === restoredEvery - 1) await assertRestored(main)
    } catch (error) {
      throw new Error(`Round ${round} of seed ${seed}, ${focus}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
  await assertRestored(main)
  await assertEnd(main)
  return { hits, acknowledged, lost }
}

function leastOf(hits: ReadonlyMap<Kind, number>, round: number): Focus {
  const fewest = Math.min(...focuses.map((focus) => hits.get(focus) ?? 0))
  const candidates = focuses.filter((focus) => (hits.get(focus) ?? 0) === fewest)
  return candidates[round % candidates.length] as Focus
}
