/** What is wrong with the camera and what to do, over the empty stage. It goes by itself when the camera is back. */
import { CameraOff, LoaderCircle, Unplug } from 'lucide-react'
import { text } from '../locale/text.ts'
import { startCamera, useCamera } from './camera.ts'

export function CameraTroublePanel() {
  const status = useCamera((state) => state.status)
  const source = useCamera((state) => state.source)
  if (status.name === 'ready' || status.name === 'off') return null
  const { title, text: remedy } = status.name === 'starting' ? text.camera.starting : text.camera[status.trouble]
  const Icon = status.name === 'starting' ? LoaderCircle : status.trouble === 'unplugged' ? Unplug : CameraOff
  return (
    <div className="cam-trouble" role={status.name === 'starting' ? 'status' : 'alert'}>
      <Icon className="i i32" aria-hidden="true" />
      <h2>{title}</h2>
      <p>{remedy}</p>
      {status.name === 'trouble' && (
        <button type="button" className="btn" onClick={() => void startCamera(source)}>
          {text.camera.retry}
        </button>
      )}
    </div>
  )
}
