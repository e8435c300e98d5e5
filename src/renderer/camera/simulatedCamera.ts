/**
 * The simulated camera of a demo vault: a drawn subject before a canvas whose stream stands in for a camera's.
 * A cycle of pictures is rasterised once for each subject, so that playing it costs one bitmap copy per frame.
 */
import type { ChallengeStep } from '../../contract/liveness.ts'
import { drawLiveView, drawMovement, liveViewCycleMs } from './drawnView.ts'

export const simulatedSize = { width: 640, height: 480 } as const
const framesPerSecond = 20
/** Pictures from rest to the far end of a movement, and how long the far end is held, in frames. */
const movementPictures = 6
const heldFrames = 8
const framesPerCycle = Math.round((liveViewCycleMs / 1000) * framesPerSecond)

export class SimulatedCamera {
  readonly stream: MediaStream
  readonly #context: CanvasRenderingContext2D
  readonly #timer: ReturnType<typeof setInterval>
  #frames: ImageBitmap[] = []
  #shown = 0
  #drawing = 0
  #subject = 0
  /** Pictures of a movement that is being made, before the cycle goes on. */
  #movement: ImageBitmap[] = []
  #moved = 0

  constructor(subject: number) {
    const canvas = document.createElement('canvas')
    canvas.width = simulatedSize.width
    canvas.height = simulatedSize.height
    const context = canvas.getContext('2d', { alpha: false })
    if (context === null) throw new Error('This browser gives no canvas to draw on.')
    this.#context = context
    this.stream = canvas.captureStream(framesPerSecond)
    this.#timer = setInterval(() => this.#show(), 1000 / framesPerSecond)
    this.setSubject(subject)
  }

  /** Seats another drawn subject before the camera. */
  setSubject(subject: number): void {
    this.#drawing += 1
    this.#subject = subject
    void this.#draw(subject, this.#drawing)
  }

  /** The subject makes a movement that a challenge asks for: there, for a moment, and back. */
  async perform(step: ChallengeStep): Promise<void> {
    const drawing = this.#drawing
    const pictures: ImageBitmap[] = []
    for (let index = 1; index <= movementPictures; index++)
      pictures.push(await drawMovement(this.#subject, step, index / movementPictures, simulatedSize))
    // Another subject has sat down meanwhile, or nobody looks any more.
    if (drawing !== this.#drawing) return this.#forget(pictures)
    this.#forget(this.#movement)
    this.#movement = pictures
    this.#moved = 0
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#drawing += 1
    for (const track of this.stream.getTracks()) track.stop()
    this.#forget(this.#frames)
    this.#frames = []
    this.#forget(this.#movement)
    this.#movement = []
  }

  /** Rasterises the cycle; the first picture shows at once, the others join as they are ready. */
  async #draw(subject: number, drawing: number): Promise<void> {
    const frames: ImageBitmap[] = []
    for (let index = 0; index < framesPerCycle; index++) {
      const bitmap = await drawLiveView(subject, (index * liveViewCycleMs) / framesPerCycle, simulatedSize)
      if (drawing !== this.#drawing) {
        this.#forget([...frames, bitmap])
        return
      }
      frames.push(bitmap)
      if (index > 0) continue
      this.#forget(this.#frames)
      this.#frames = frames
      this.#shown = 0
    }
  }

  #show(): void {
    if (this.#movement.length > 0) {
      this.#showMovement()
      return
    }
    // Forwards and then backwards, so that the cycle has no jump.
    const last = this.#frames.length - 1
    const step = last > 0 ? this.#shown % (2 * last) : 0
    const frame = this.#frames[step <= last ? step : 2 * last - step]
    if (frame === undefined) return
    this.#context.drawImage(frame, 0, 0)
    this.#shown = step + 1
  }

  #showMovement(): void {
    const last = this.#movement.length - 1
    const step = this.#moved++
    const back = step - last - heldFrames
    const frame = this.#movement[Math.max(0, back <= 0 ? Math.min(step, last) : last - back)]
    if (frame !== undefined) this.#context.drawImage(frame, 0, 0)
    if (back < last) return
    this.#forget(this.#movement)
    this.#movement = []
  }

  #forget(frames: readonly ImageBitmap[]): void {
    for (const frame of frames) frame.close()
  }
}
