/** Which camera is used, where there are several; in a demo, which drawn subject sits before it. */

import { fill, text } from '../locale/text.ts'
import { chooseDevice, chooseSubject, useCamera } from './camera.ts'
import { drawnSubjectCount } from './drawnView.ts'

export function CameraChoice() {
  const { source, status, devices, deviceId, subject } = useCamera()
  if (source === 'simulated') {
    return (
      <label className="choice">
        <span className="sm sec">{text.camera.subjectChoice}</span>
        <select className="in" value={subject} onChange={(event) => chooseSubject(Number(event.target.value))}>
          {Array.from({ length: drawnSubjectCount }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the subject
            <option key={index} value={index}>
              {fill(text.camera.subjectNumber, { n: index + 1 })}
            </option>
          ))}
        </select>
      </label>
    )
  }
  if (devices.length < 2) return null
  const running = status.name === 'ready' ? status.stream.getVideoTracks()[0]?.getSettings().deviceId : undefined
  return (
    <label className="choice">
      <span className="sm sec">{text.camera.choice}</span>
      <select className="in" value={running ?? deviceId ?? ''} onChange={(event) => void chooseDevice(event.target.value)}>
        {devices.map((device, index) => (
          <option key={device.id} value={device.id}>
            {device.label || fill(text.camera.unnamed, { n: index + 1 })}
          </option>
        ))}
      </select>
    </label>
  )
}
