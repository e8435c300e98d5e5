/**
 * Decides whether another frame may be sent: few are under way at once, and what is never answered does not block for ever.
 * Invariants: at most inFlightMax numbers are open; an answer closes its number and all before it, because the newest frame
 * replaces older ones on the way and those get no answer.
 */
export class FrameGate {
  #next = 1
  readonly #sentAtMs = new Map<number, number>()

  constructor(
    readonly inFlightMax: number,
    readonly lostAfterMs: number,
  ) {}

  /** @returns the number of the frame that may be sent now, or undefined while enough are under way */
  start(nowMs: number): number | undefined {
    for (const [frameNo, sentAtMs] of this.#sentAtMs) if (nowMs - sentAtMs > this.lostAfterMs) this.#sentAtMs.delete(frameNo)
    if (this.#sentAtMs.size >= this.inFlightMax) return undefined
    const frameNo = this.#next++
    this.#sentAtMs.set(frameNo, nowMs)
    return frameNo
  }

  /** A packet for this frame came back. */
  answered(frameNo: number): void {
    for (const open of this.#sentAtMs.keys()) if (open <= frameNo) this.#sentAtMs.delete(open)
  }

  /** The frame was not sent after all. */
  dropped(frameNo: number): void {
    this.#sentAtMs.delete(frameNo)
  }
}
