/**
 * Pictures that are looked at beside the camera.
 * 1. While a camera is open no picture is looked at in the process that follows it, so that overlays never wait. 2. Without a camera
 * that process does one picture itself, and others are started only for what comes meanwhile: a desk that does one at a time has one process.
 * 3. A capture is held by the process of the camera wherever it was made, so that it is found by its id.
 */
import { VultusError } from '../contract/errors.ts'
import type { OutputOf } from '../contract/table.ts'
import { type FaceCalls, FacePool } from './facePool.ts'

const idleMsMax = 60_000

export interface StillsOptions {
  /** The process that follows the camera. */
  readonly face: FaceCalls
  /** Starts a process for pictures with the pack that works now. */
  readonly spawn: ConstructorParameters<typeof FacePool>[0]['spawn']
  readonly load: ConstructorParameters<typeof FacePool>[0]['load']
  readonly processesMax: () => number
  readonly log: (line: string) => void
}

type StillCalls = Pick<FaceCalls, 'captureFromPicture' | 'detect' | 'template' | 'quality' | 'process'>

export class Stills {
  readonly #options: StillsOptions
  readonly #cameras = new Set<string>()
  #pool: FacePool | undefined
  /** Pictures in the process of the camera. */
  #here = 0
  #closed = false

  constructor(options: StillsOptions) {
    this.#options = options
  }

  readonly functions: StillCalls = {
    captureFromPicture: (asked) => this.#capture(asked),
    detect: (asked) => this.#look(asked.picture, (face) => face.detect(asked)),
    template: (asked) => this.#look(asked.picture, (face) => face.template(asked)),
    quality: (asked) => this.#look(asked.picture, (face) => face.quality(asked)),
    process: (asked) => this.#look(asked.picture, (face) => face.process(asked)),
  }

  /** Processes beside that of the camera. */
  get processes(): number {
    return this.#pool?.size ?? 0
  }

  /** Pictures that wait for a process. */
  get waiting(): number {
    return this.#pool?.waiting ?? 0
  }

  cameraOpened(sessionId: string): void {
    this.#cameras.add(sessionId)
  }

  cameraClosed(sessionId: string): void {
    this.#cameras.delete(sessionId)
  }

  /** The process of the camera has begun anew: no session of before is there. */
  forgetCameras(): void {
    this.#cameras.clear()
  }

  /** Another pack works from now on; what runs is finished with the one before. */
  changePack(): void {
    this.#pool?.end()
    this.#pool = undefined
  }

  close(): void {
    this.#closed = true
    this.#pool?.kill()
    this.#pool = undefined
  }

  async #capture(asked: Parameters<FaceCalls['captureFromPicture']>[0]): Promise<OutputOf<'capture.fromPicture'>> {
    const { face } = this.#options
    if (this.#isFree) return await this.#doHere(() => face.captureFromPicture(asked))
    const pool = this.#openPool()
    const capture = await pool.run(asked.picture.length, (spare) => spare.lookAtPicture(asked))
    // The pack may have changed meanwhile; then the capture would be of no use.
    if (pool !== this.#pool) return await face.captureFromPicture(asked)
    return await face.holdCapture(capture)
  }

  #look<T>({ length }: Uint8Array, work: (face: FaceCalls) => Promise<T>): Promise<T> {
    return this.#isFree ? this.#doHere(() => work(this.#options.face)) : this.#openPool().run(length, work)
  }

  get #isFree(): boolean {
    return this.#cameras.size === 0 && this.#here === 0
  }

  async #doHere<T>(work: () => Promise<T>): Promise<T> {
    this.#here++
    try {
      return await work()
    } finally {
      this.#here--
    }
  }

  #openPool(): FacePool {
    if (this.#closed) throw new VultusError('process.unavailable', 'face')
    const { spawn, load, processesMax, log } = this.#options
    this.#pool ??= new FacePool({ spawn, load, processesMax: processesMax(), idleMsMax, log })
    return this.#pool
  }
}
