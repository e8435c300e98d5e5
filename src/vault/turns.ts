import { setImmediate } from 'node:timers/promises'

/** Lets others of this thread have their turn: long work of the vault is done in slices. */
export async function nextTurn(): Promise<void> {
  await setImmediate()
}
