/** The camera of the desk: which one, how large its picture, and whether it is shown as in a mirror. */
import { CameraHeightPx } from '../../../contract/rows/desk.ts'
import { useCamera } from '../../camera/camera.ts'
import { Stage } from '../../live/Stage.tsx'
import { fill, text } from '../../locale/text.ts'
import { useLook } from '../../state/look.ts'
import { useLookChange } from './useLookChange.tsx'

export function CameraCard() {
  const { camera, cameraHeightPx, mirrored } = useLook()
  const devices = useCamera((state) => state.devices)
  const names = [...new Set(devices.map(({ label }) => label).filter((label) => label !== ''))]
  const missing = camera !== null && !names.includes(camera)
  const { change, told } = useLookChange()
  return (
    <section className="card pad5 col g4" aria-label={text.settings.parts.camera}>
      <h2>{text.settings.parts.camera}</h2>
      <div className="settings-preview">
        <Stage />
      </div>
      <div className="field">
        <label htmlFor="settings-camera">{text.settings.camera}</label>
        <select
          id="settings-camera"
          className="in"
          value={camera ?? ''}
          onChange={(event) => change({ camera: event.target.value === '' ? null : event.target.value })}
        >
          <option value="">{text.settings.anyCamera}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          {missing && <option value={camera}>{fill(text.settings.missingCamera, { name: camera })}</option>}
        </select>
      </div>
      <div className="field">
        <label htmlFor="settings-height">{text.settings.resolution}</label>
        <select
          id="settings-height"
          className="in"
          value={cameraHeightPx}
          aria-describedby="settings-height-help"
          onChange={(event) => change({ cameraHeightPx: CameraHeightPx.parse(Number(event.target.value)) })}
        >
          {[...CameraHeightPx.values].map((heightPx) => (
            <option key={heightPx} value={heightPx}>
              {fill(text.settings.pixels, { n: heightPx })}
            </option>
          ))}
        </select>
        <span className="help" id="settings-height-help">
          {text.settings.resolutionHelp}
        </span>
      </div>
      <label className="tick">
        <input type="checkbox" checked={mirrored} onChange={(event) => change({ mirrored: event.target.checked })} />
        <span>
          <span className="m block">{text.settings.mirrored}</span>
          <span className="sec">{text.settings.mirroredHelp}</span>
        </span>
      </label>
      {told}
    </section>
  )
}
