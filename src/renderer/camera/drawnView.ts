/** Pictures of the drawn subjects as the simulated camera sees them. */
import type { ChallengeStep } from '../../contract/liveness.ts'
import { portraitSvg } from '../../core/portrait.ts'
import type { PortraitView } from '../../core/portraitParameters.ts'
import { drawnSubjects } from '../../core/portraitSubjects.ts'
import { liveView, movementView } from '../../core/portraitViews.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** After this time the view is played backwards, so that the cycle has no jump; it holds one blink. */
export const liveViewCycleMs = 2600
export const drawnSubjectCount = drawnSubjects.length

/** Rasterises a moment of a drawn subject's live view. @param tMs time since it sat down */
export function drawLiveView(subject: number, tMs: number, size: Size): Promise<ImageBitmap> {
  return drawView(subject, { ...liveView(tMs), ...size })
}

/** Rasterises a drawn subject on the way of a movement. @param share 0 at rest, 1 at the far end */
export function drawMovement(subject: number, step: ChallengeStep, share: number, size: Size): Promise<ImageBitmap> {
  return drawView(subject, { ...movementView(step, share), ...size })
}

async function drawView(subject: number, view: PortraitView): Promise<ImageBitmap> {
  const parameters = drawnSubjects[subject % drawnSubjects.length]
  if (parameters === undefined) throw new Error('There are no drawn subjects.')
  const svg = portraitSvg(parameters, view)
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    return await createImageBitmap(image)
  } finally {
    URL.revokeObjectURL(address)
  }
}
