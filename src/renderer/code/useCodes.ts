/** Looks for QR codes in the live picture while a screen wants one. The picture stays in the window. */
import { useEffect, useRef } from 'react'
import { liveFeed } from '../live/live.ts'
import { CodeGate } from './codeGate.ts'
import { readCode } from './readCode.ts'

const lookEveryMs = 200
/** A code that was put away and is shown again counts after this. */
const goneAfterMs = 1500
const longerSideMax = 640

/** @param wanted whether codes are looked for now @param take is given each new code once */
export function useCodes(wanted: boolean, take: (text: string) => void): void {
  const newest = useRef(take)
  const gate = useRef(new CodeGate(goneAfterMs))
  useEffect(() => {
    newest.current = take
  })
  useEffect(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { alpha: false, willReadFrequently: true })
    if (context === null) return
    const look = () => {
      const { videoWidth, paused } = liveFeed.video
      if (videoWidth === 0 || paused) return
      const text = readFrame(context)
      // Also while none is wanted: a code that stays in view after it was taken is not a new one.
      const told = gate.current.seen(text, performance.now())
      if (told !== undefined && wanted) newest.current(told)
    }
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [wanted])
}

function readFrame(context: OffscreenCanvasRenderingContext2D): string | undefined {
  const { videoWidth, videoHeight } = liveFeed.video
  const scale = Math.min(1, longerSideMax / Math.max(videoWidth, videoHeight))
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)]
  if (context.canvas.width !== width) context.canvas.width = width
  if (context.canvas.height !== height) context.canvas.height = height
  context.drawImage(liveFeed.video, 0, 0, width, height)
  return readCode(context.getImageData(0, 0, width, height))
}
