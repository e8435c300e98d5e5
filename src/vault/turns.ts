import { setImmediate } from 'node:timers/promises'

/** How long long work keeps the thread before others have their turn. A step that takes longer keeps it as long as it takes. */
const turnMs = 5

/** Work cut into short steps; what it returns in the end is its answer. */
export type Steps<T> = Generator<void, T>

/** Lets others of this thread have their turn: long work of the vault is done in slices. */
export async function nextTurn(): Promise<void> {
  await setImmediate()
}

/** Runs the steps one after the other, with nobody in between. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/**
 * Runs the steps with turns for others in between; nobody comes between the last yield and the answer.
 * @param guard runs each step: it checks that the vault is still open and names what fails
 */
export async function inTurns<T>(steps: Steps<T>, guard: <Value>(run: () => Value) => Value = (run) => run()): Promise<T> {
  for (;;) {
    const untilMs = performance.now() + turnMs
    do {
      const step = guard(() => steps.next())
      if (step.done === true) return step.value
    } while (performance.now() < untilMs)
    await nextTurn()
  }
}
