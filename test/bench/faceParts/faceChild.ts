/** The real face process as the bench drives it, and what it costs. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrap } from '../../../src/contract/errors.ts'
import { openLink } from '../../../src/contract/link.ts'
import { decodeLive, encodeFrame } from '../../../src/contract/live.ts'
import { type FaceFunctions, type LoadRequest, processEnvironment } from '../../../src/contract/processes.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'src', 'face', 'process.ts')
/** Of /proc/PID/stat, which Linux counts in. */
const ticksPerSecond = 100

export interface Latencies {
  readonly medianMs: number
  readonly p95Ms: number
  readonly maxMs: number
}

export function latenciesOf(values: readonly number[]): Latencies {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
}

export class FaceChild {
  readonly call: FaceFunctions
  readonly #child = fork(entry, {
    serialization: 'advanced',
    env: { ...process.env, ...processEnvironment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  #onCall: (message: unknown) => void = () => undefined
  #onLive: (packet: Uint8Array) => void = () => undefined

  constructor() {
    this.#child.on('message', (message) => (message instanceof Uint8Array ? this.#onLive(message) : this.#onCall(message)))
    const port = {
      post: (message: unknown) => void this.#child.send(message as object),
      onMessage: (listener: (message: unknown) => void) => {
        this.#onCall = listener
      },
    }
    this.call = openLink<FaceFunctions, object>(port, {}, { timeoutMs: 0 }) as unknown as FaceFunctions
  }

  async load(request: LoadRequest): Promise<this> {
    unwrap(await this.call.load(request))
    return this
  }

  /** Processor time so far, all threads, milliseconds; only Linux tells. */
  cpuMs(): number {
    try {
      const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000
    } catch {
      return Number.NaN
    }
  }

  /** Resident memory in MB, now and at its highest; only Linux tells. */
  memory(): { rssMB: number | null; rssPeakMB: number | null } {
    const read = (field: string) => {
      try {
        const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1]
        return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
      } catch {
        return null
      }
    }
    return { rssMB: read('VmRSS'), rssPeakMB: read('VmHWM') }
  }

  async #session(): Promise<string> {
    const asked = { source: 'simulated', preset: 'enrolment', autoCapture: false, virtualCamera: false, pitchZero: 0 } as const
    return unwrap(await this.call.openSession(asked)).sessionId
  }

  /** Frames a second when each is sent as soon as the one before was answered. */
  async framesPerSecond(jpeg: Uint8Array, frames: number): Promise<number> {
    const sessionId = await this.#session()
    const push = (frameNo: number) =>
      new Promise<void>((resolve) => {
        this.#onLive = () => resolve()
        this.#send(sessionId, frameNo, jpeg)
      })
    for (let frameNo = 0; frameNo < 20; frameNo++) await push(frameNo)
    const startedMs = performance.now()
    for (let frameNo = 0; frameNo < frames; frameNo++) await push(frameNo)
    const perSecond = (frames / (performance.now() - startedMs)) * 1000
    unwrap(await this.call.closeSession({ sessionId }))
    return perSecond
  }

  /** From sending a frame to its overlay, at so many frames a second as a camera gives them; frames that a newer one replaced are counted. */
  async overlays(jpeg: Uint8Array, perSecond: number, seconds: number): Promise<Latencies & { sent: number; replaced: number }> {
    const sessionId = await this.#session()
    const took: number[] = []
    this.#onLive = (packet) => took.push(performance.now() - decodeLive(packet)!.capturedAtMs)
    const frames = Math.round(perSecond * seconds)
    const startedMs = performance.now()
    for (let frameNo = 0; frameNo < frames; frameNo++) {
      await sleep(Math.max(0, startedMs + (frameNo * 1000) / perSecond - performance.now()))
      this.#send(sessionId, frameNo, jpeg)
    }
    await sleep(500)
    unwrap(await this.call.closeSession({ sessionId }))
    // The first second warms up.
    return { ...latenciesOf(took.slice(perSecond)), sent: frames, replaced: frames - took.length }
  }

  end(): void {
    this.#child.kill()
  }

  #send(sessionId: string, frameNo: number, jpeg: Uint8Array): void {
    this.#child.send(encodeFrame({ sessionId, frameNo, capturedAtMs: performance.now(), jpeg }) as unknown as object)
  }
}
