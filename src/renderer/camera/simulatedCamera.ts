/**
 * The simulated camera of a demo vault: a drawn subject before a canvas whose stream stands in for a camera's.
 * A cycle of pictures is rasterised once for each subject, so that playing it costs one bitmap copy per frame.
 */
import { drawLiveView, liveViewCycleMs } from './drawnView.ts'

export const simulatedSize = { width: 640, height: 480 } as const
const framesPerSecond = 20
const framesPerCycle = Math.round((liveViewCycleMs / 1000) * framesPerSecond)

export class SimulatedCamera {
  readonly stream: MediaStream
  readonly #context: CanvasRenderingContext2D
  readonly #timer: ReturnType<typeof setInterval>
  #frames: ImageBitmap[] = []
  #shown = 0
  #drawing = 0

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
    void this.#draw(subject, this.#drawing)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#drawing += 1
    for (const track of this.stream.getTracks()) track.stop()
    this.#forget(this.#frames)
    this.#frames = []
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
    // Forwards and then backwards, so that the cycle has no jump.
    const last = this.#frames.length - 1
    const step = last > 0 ? this.#shown % (2 * last) : 0
    const frame = this.#frames[step <= last ? step : 2 * last - step]
    if (frame === undefined) return
    this.#context.drawImage(frame, 0, 0)
    this.#shown = step + 1
  }

  #forget(frames: readonly ImageBitmap[]): void {
    for (const frame of frames) frame.close()
  }
}
