/**
 * Steadies a stream of values for people: a new value has to last before it is shown, and what is shown stays for a while.
 * Pure: the state goes in and comes out, time is passed in.
 */
export interface Steadied<Value> {
  readonly shown: Value
  readonly shownSinceMs: number
  /** The last value that came in and since when it has come. */
  readonly seen: Value
  readonly seenSinceMs: number
}

/** A value has to come for this long before it is shown. */
export const settleMs = 400
/** What is shown stays at least this long. */
export const stayMs = 1200

export function steady<Value>(value: Value, nowMs: number): Steadied<Value> {
  return { shown: value, shownSinceMs: nowMs, seen: value, seenSinceMs: nowMs }
}

/** The next state after a value came in. @returns the same object where nothing changed */
export function steadied<Value>(state: Steadied<Value>, value: Value, nowMs: number): Steadied<Value> {
  const seenSinceMs = Object.is(value, state.seen) ? state.seenSinceMs : nowMs
  const lasts = nowMs - seenSinceMs >= settleMs
  const mayLeave = nowMs - state.shownSinceMs >= stayMs
  if (!Object.is(value, state.shown) && lasts && mayLeave) return { shown: value, shownSinceMs: nowMs, seen: value, seenSinceMs }
  if (Object.is(value, state.seen)) return state
  return { ...state, seen: value, seenSinceMs }
}
