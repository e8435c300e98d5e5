/** Takes what the camera sees now for a head that is held level: a camera above or below the eyes is reckoned with from then on. */
import { Ruler } from 'lucide-react'
import { useState } from 'react'
import type { SessionId } from '../../contract/types.ts'
import { limits } from '../../contract/types.ts'
import { useCamera } from '../camera/camera.ts'
import { fill, text } from '../locale/text.ts'
import { call, refusalFor } from '../state/station.ts'
import { useSession } from './useLiveSession.ts'

export function LevelCamera() {
  const { source, status } = useCamera()
  const sessionId = useSession((state) => state.sessionId) as SessionId | undefined
  const [said, setSaid] = useState('')
  if (source !== 'camera' || status.name !== 'ready' || sessionId === undefined) return null
  const camera = (status.stream.getVideoTracks()[0]?.label ?? '').slice(0, limits.nameCharactersMax)
  const level = async () => {
    try {
      const { pitchZero } = await call('camera.level', { sessionId, camera })
      setSaid(fill(text.camera.levelled, { n: Math.round(pitchZero) }))
    } catch (error) {
      setSaid(refusalFor(error).message)
    }
  }
  return (
    <div className="row">
      <span className="sm sec" role="status">
        {said}
      </span>
      <button type="button" className="btn btn-sm" onClick={() => void level()} title={text.camera.levelTitle}>
        <Ruler className="i i16" aria-hidden="true" />
        {text.camera.level}
      </button>
    </div>
  )
}
