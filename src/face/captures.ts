/**
 * Captures: what was made of pictures and camera frames, kept until it is taken or too old.
 * 1. At most capturesMax are held; the oldest gives way. 2. None is given out after lifeMs.
 * 3. A template or sample that is dropped is overwritten first. 4. Only this process can name one: ids are 128 random bits.
 */
import { VultusError } from '../contract/errors.ts'
import type { KeptCapture, LooseCapture, Sample } from '../contract/processes.ts'
import type { CaptureSummary } from '../contract/rows/capture.ts'
import { CaptureId } from '../contract/types.ts'

interface Held extends LooseCapture {
  readonly madeAtMs: number
}

export interface CaptureStoreOptions {
  readonly capturesMax: number
  readonly lifeMs: number
  readonly nowMs: () => number
  readonly newId: () => string
}

export class CaptureStore {
  readonly #options: CaptureStoreOptions
  /** In the order they were made. */
  readonly #held = new Map<string, Held>()

  constructor(options: CaptureStoreOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#held.size
  }

  add(capture: LooseCapture): CaptureSummary {
    this.sweep()
    for (const oldest of this.#held.keys()) {
      if (this.#held.size < this.#options.capturesMax) break
      this.drop(oldest)
    }
    const captureId = CaptureId.parse(this.#options.newId())
    this.#held.set(captureId, { ...capture, madeAtMs: this.#options.nowMs() })
    return { ...capture.summary, captureId, sample: new Uint8Array(capture.sample.picture) }
  }

  /** @throws VultusError capture.unknown */
  sample(captureId: string): Sample {
    this.sweep()
    const held = this.#held.get(captureId)
    if (held === undefined) throw new VultusError('capture.unknown')
    return held.sample
  }

  /** @throws VultusError capture.unknown */
  kept(captureId: string): KeptCapture {
    const sample = this.sample(captureId)
    return { captureId, summary: this.#held.get(captureId)!.summary, sample }
  }

  /** Does nothing where there is no such capture. */
  drop(captureId: string): void {
    const held = this.#held.get(captureId)
    if (held === undefined) return
    this.#held.delete(captureId)
    held.sample.template.fill(0)
    held.sample.picture.fill(0)
  }

  clear(): void {
    for (const captureId of [...this.#held.keys()]) this.drop(captureId)
  }

  /** Drops what is too old. */
  sweep(): void {
    const bornMs = this.#options.nowMs() - this.#options.lifeMs
    for (const [captureId, { madeAtMs }] of this.#held) {
      if (madeAtMs > bornMs) break
      this.drop(captureId)
    }
  }
}
