/** Captures from the open session, for every screen. */
import { VultusError } from '../../contract/errors.ts'
import type { CaptureSummary } from '../../contract/rows/capture.ts'
import type { SessionId } from '../../contract/types.ts'
import { useSession } from '../live/useLiveSession.ts'
import { call } from './station.ts'

/** A session that was just opened has shown nothing yet for a moment; whoever asks that early waits instead of being refused. */
const settleMsMax = 2000
const retryMs = 100

/** The best sample that the camera saw in the last moments. @throws VultusError capture.notReady where none comes */
export async function takeCapture(): Promise<CaptureSummary> {
  for (const endMs = performance.now() + settleMsMax; ; await new Promise((resolve) => setTimeout(resolve, retryMs))) {
    try {
      return await takeNow()
    } catch (error) {
      const early = error instanceof VultusError && error.code === 'capture.notReady' && performance.now() < endMs
      if (!early) throw error
    }
  }
}

async function takeNow(): Promise<CaptureSummary> {
  const { sessionId } = useSession.getState()
  if (sessionId === undefined) throw new VultusError('capture.notReady')
  return await call('capture.take', { sessionId: sessionId as SessionId })
}

/** Lets the face process forget captures that are not needed any more; those that are gone already are no matter. */
export function dropCaptures(captures: readonly CaptureSummary[]): void {
  for (const { captureId } of captures) call('capture.drop', { captureId }).catch(() => undefined)
}
