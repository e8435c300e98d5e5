/** Pictures of the drawn subjects as the simulated camera sees them. */
import { portraitSvg } from '../../core/portrait.ts'
import { drawnSubjects } from '../../core/portraitSubjects.ts'
import { liveView } from '../../core/portraitViews.ts'

/** After this time the view is played backwards, so that the cycle has no jump; it holds one blink. */
export const liveViewCycleMs = 2600
export const drawnSubjectCount = drawnSubjects.length

/** Rasterises a moment of a drawn subject's live view. @param tMs time since it sat down */
export async function drawLiveView(subject: number, tMs: number, size: { width: number; height: number }): Promise<ImageBitmap> {
  const parameters = drawnSubjects[subject % drawnSubjects.length]
  if (parameters === undefined) throw new Error('There are no drawn subjects.')
  const svg = portraitSvg(parameters, { ...liveView(tMs), ...size })
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
