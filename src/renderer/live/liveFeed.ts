/**
 * Carries frames of the camera to the face process and live packets back, apart from React: a frame is taken when the
 * video presents one, sent as JPEG, and the newest packet is told to who draws.
 */
import { decodeLive, encodeFrame, type LivePacket } from '../../contract/live.ts'
import type { StationClient } from '../client/client.ts'
import { FrameGate } from './frameGate.ts'

/** Longer side of a frame that is sent, pixels. */
const frameWidthMax = 640
const jpegQuality = 0.9
const inFlightMax = 2
const lostAfterMs = 1000

export class LiveFeed {
  /** The picture itself; a stage shows it. */
  readonly video: HTMLVideoElement
  readonly #gate = new FrameGate(inFlightMax, lostAfterMs)
  readonly #canvas = new OffscreenCanvas(1, 1)
  readonly #context = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  readonly #listeners = new Set<(packet: LivePacket) => void>()
  #client: StationClient | undefined
  #sessionId: string | undefined
  #watching = false

  constructor() {
    this.video = document.createElement('video')
    this.video.muted = true
    this.video.playsInline = true
    this.video.setAttribute('aria-hidden', 'true')
  }

  setStream(stream: MediaStream | undefined): void {
    this.video.srcObject = stream ?? null
    if (stream !== undefined) this.play()
  }

  /** Plays on; a video that was taken out of the page pauses. */
  play(): void {
    // Playing is refused while the video leaves the page; the next stage asks again.
    if (this.video.srcObject !== null) this.video.play().catch(() => undefined)
    this.#watch()
  }

  /** Frames are sent while there is a session. @returns ends it */
  join(client: StationClient, sessionId: string): () => void {
    this.#client = client
    this.#sessionId = sessionId
    const end = client.onLive((bytes) => this.#take(bytes))
    this.#watch()
    return () => {
      end()
      if (this.#sessionId === sessionId) this.#sessionId = undefined
    }
  }

  /** @returns ends the subscription */
  onPacket(listener: (packet: LivePacket) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #watch(): void {
    if (this.#watching) return
    this.#watching = true
    const next = () => {
      this.video.requestVideoFrameCallback(next)
      void this.#send()
    }
    this.video.requestVideoFrameCallback(next)
  }

  async #send(): Promise<void> {
    const [client, sessionId] = [this.#client, this.#sessionId]
    // Nobody draws: nothing is looked at.
    if (client === undefined || sessionId === undefined || this.#listeners.size === 0 || this.video.videoWidth === 0) return
    const capturedAtMs = performance.now()
    const frameNo = this.#gate.start(capturedAtMs)
    if (frameNo === undefined) return
    const sent = await this.#encode()
      .then((jpeg) => client.sendFrame(encodeFrame({ sessionId, frameNo, capturedAtMs, jpeg })))
      .catch(() => false)
    if (!sent) this.#gate.dropped(frameNo)
  }

  async #encode(): Promise<Uint8Array> {
    const { videoWidth, videoHeight } = this.video
    const scale = Math.min(1, frameWidthMax / Math.max(videoWidth, videoHeight))
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)]
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width
      this.#canvas.height = height
    }
    this.#context?.drawImage(this.video, 0, 0, width, height)
    const blob = await this.#canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality })
    return new Uint8Array(await blob.arrayBuffer())
  }

  #take(bytes: Uint8Array): void {
    const packet = decodeLive(bytes)
    if (packet === undefined || packet.sessionId !== this.#sessionId) return
    this.#gate.answered(packet.frameNo)
    for (const listener of this.#listeners) listener(packet)
  }
}
