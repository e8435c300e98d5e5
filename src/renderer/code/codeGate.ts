/**
 * Tells each code that is held before a camera once. Invariant: a code that stays in view, that a few frames missed, or that lay there
 * while nobody looked, is not told again; one that was seen to be away for a while is.
 */
export class CodeGate {
  #last: string | undefined
  /** Since when frames are looked at that do not show the last code. */
  #awayMs: number | undefined

  /** @param goneAfterMs so long a code has to be seen to be away before it counts anew */
  constructor(readonly goneAfterMs: number) {}

  /** @param text what the newest frame shows; undefined for nothing @returns the code where it is a new one */
  seen(text: string | undefined, nowMs: number): string | undefined {
    if (text === undefined) {
      this.#awayMs ??= nowMs
      return undefined
    }
    const wasAway = this.#awayMs !== undefined && nowMs - this.#awayMs >= this.goneAfterMs
    const known = text === this.#last && !wasAway
    this.#last = text
    this.#awayMs = undefined
    return known ? undefined : text
  }
}
