/** Captures from the open session, for every screen. */
import { VultusError } from '../../contract/errors.ts'
import type { CaptureSummary } from '../../contract/rows/capture.ts'
import type { SessionId } from '../../contract/types.ts'
import { useSession } from '../live/useLiveSession.ts'
import { call } from './station.ts'

/** The best sample that the camera saw in the last moments. @throws VultusError capture.notReady where no session is open */
export async function takeCapture(): Promise<CaptureSummary> {
  const { sessionId } = useSession.getState()
  if (sessionId === undefined) throw new VultusError('capture.notReady')
  return call('capture.take', { sessionId: sessionId as SessionId })
}

/** Lets the face process forget captures that are not needed any more; those that are gone already are no matter. */
export function dropCaptures(captures: readonly CaptureSummary[]): void {
  for (const { captureId } of captures) call('capture.drop', { captureId }).catch(() => undefined)
}
