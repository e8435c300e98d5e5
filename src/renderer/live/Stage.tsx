/** The live picture with the oval, the box and the face outline over it. Overlays are drawn on a canvas, apart from React. */
import { Video } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { LivePacket } from '../../contract/live.ts'
import { guideOval } from '../../core/guidance/oval.ts'
import { CameraTroublePanel } from '../camera/CameraTroublePanel.tsx'
import { useCamera } from '../camera/camera.ts'
import { text } from '../locale/text.ts'
import { useDesk } from '../state/desk.ts'
import { useLook } from '../state/look.ts'
import { drawOverlay } from './drawOverlay.ts'
import { follow, liveFeed } from './live.ts'
import { coverMapping, type Size, stageX, stageY } from './overlayMapping.ts'

/** Sharper than this costs time on a software renderer and is not seen. */
const pixelRatioMax = 1.5
/** A packet older than this says nothing of what is seen now. */
const staleMs = 1500

/** @param children what lies over the picture */
export function Stage({ children }: { readonly children?: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const status = useCamera((state) => state.status.name)
  const source = useCamera((state) => state.source)
  const mirrored = useLook((state) => state.mirrored)
  const [stage, setStage] = useState<Size>({ width: 0, height: 0 })
  const [frame, setFrame] = useState<Size>({ width: 640, height: 480 })

  useEffect(() => {
    const element = place.current
    if (element === null) return
    element.prepend(liveFeed.video)
    liveFeed.play()
    const measure = () => setStage({ width: element.clientWidth, height: element.clientHeight })
    const sized = () => {
      if (liveFeed.video.videoWidth > 0) setFrame({ width: liveFeed.video.videoWidth, height: liveFeed.video.videoHeight })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    liveFeed.video.addEventListener('resize', sized)
    measure()
    sized()
    return () => {
      observer.disconnect()
      liveFeed.video.removeEventListener('resize', sized)
    }
  }, [])

  useEffect(() => drawPackets(place.current, canvas.current, stage, mirrored), [stage, mirrored])

  return (
    <div className="cam" ref={place} data-camera={status} data-mirrored={mirrored}>
      {status === 'ready' && stage.width > 0 && <Oval stage={stage} frame={frame} mirrored={mirrored} />}
      <canvas className="overlay" ref={canvas} role="img" aria-label={mirrored ? text.camera.view : text.camera.viewPlain} />
      {status === 'ready' && (
        <span className="tag cam-tag">
          <Video className="i i16" aria-hidden="true" />
          {source === 'simulated' ? text.camera.simulatedLive : text.camera.live}
        </span>
      )}
      <CameraTroublePanel />
      {children}
    </div>
  )
}

/** Draws the newest packet once per animation frame and counts what was drawn. @returns ends it */
function drawPackets(place: HTMLElement | null, canvas: HTMLCanvasElement | null, stage: Size, mirrored: boolean): () => void {
  const context = canvas?.getContext('2d')
  if (place === null || canvas === null || !context || stage.width === 0) return () => undefined
  const ratio = Math.min(devicePixelRatio, pixelRatioMax)
  canvas.width = Math.round(stage.width * ratio)
  canvas.height = Math.round(stage.height * ratio)
  let newest: LivePacket | undefined
  let request = 0
  let stale: ReturnType<typeof setTimeout> | undefined
  let drawn = Number(place.dataset.overlays ?? 0)
  const clear = () => {
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, stage.width, stage.height)
  }
  const draw = () => {
    request = 0
    if (newest === undefined) return
    clear()
    const { hidden, mesh } = useDesk.getState()
    if (!hidden) drawOverlay(context, newest, coverMapping(newest, stage, mirrored), mesh)
    if (newest.faces.length > 0) drawn += 1
    place.dataset.overlays = String(drawn)
    newest = undefined
  }
  const end = liveFeed.onPacket((packet) => {
    newest = packet
    follow(packet, performance.now())
    if (request === 0) request = requestAnimationFrame(draw)
    clearTimeout(stale)
    stale = setTimeout(clear, staleMs)
  })
  return () => {
    end()
    cancelAnimationFrame(request)
    clearTimeout(stale)
  }
}

/** The oval that the face should fill; around it the picture is a little darker. */
function Oval({ stage, frame, mirrored }: { readonly stage: Size; readonly frame: Size; readonly mirrored: boolean }) {
  const mask = useId()
  const mapping = coverMapping(frame, stage, mirrored)
  const oval = guideOval(frame)
  const shape = {
    cx: stageX(mapping, oval.x),
    cy: stageY(mapping, oval.y),
    rx: oval.radiusX * mapping.scale,
    ry: oval.radiusY * mapping.scale,
  }
  return (
    <svg className="oval" width={stage.width} height={stage.height} aria-hidden="true">
      <mask id={mask}>
        <rect width="100%" height="100%" fill="#fff" />
        <ellipse {...shape} fill="#000" />
      </mask>
      <rect width="100%" height="100%" className="oval-dim" mask={`url(#${mask})`} />
      <ellipse {...shape} className="oval-edge" />
      <ellipse {...shape} className="oval-line" />
    </svg>
  )
}
