/** The first step: who it is, the live picture, the shots. */
import { Camera, ImagePlus } from 'lucide-react'
import { CameraChoice } from '../../camera/CameraChoice.tsx'
import { LevelCamera } from '../../live/LevelCamera.tsx'
import { LivenessControl } from '../../live/LivenessControl.tsx'
import { Say } from '../../live/Say.tsx'
import { Stage } from '../../live/Stage.tsx'
import { toggleAuto, useGuidance, useSession } from '../../live/useLiveSession.ts'
import { text } from '../../locale/text.ts'
import { toggleMesh, useDesk } from '../../state/desk.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { More } from '../../ui/More.tsx'
import { askForPictures } from '../../ui/pictureFile.ts'
import { Screen } from '../../ui/Screen.tsx'
import { SubjectLanguageChoice } from '../../ui/SubjectLanguageChoice.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { CountdownPill, useAutoCapture } from './Countdown.tsx'
import { DetailsPanel } from './DetailsPanel.tsx'
import { DraftState } from './DraftState.tsx'
import { addPictures, captureShot, enrol, takeAway } from './enrolling.ts'
import { closeRefusal, useEnrol } from './enrolStore.ts'
import { openException } from './exception.ts'
import { ShotStrip } from './ShotStrip.tsx'
import { StepRail } from './StepRail.tsx'
import { shotsMax } from './shotStrip.ts'
import { UnfinishedEnrolments } from './UnfinishedEnrolments.tsx'

const keys = () => [
  { chord: 'Space', words: text.enrol.capture },
  { chord: 'Enter', words: text.enrol.enrol },
  { chord: 'Ctrl O', words: text.picture.use },
]

const chooseFiles = () => void askForPictures(true).then(addPictures)

export function CaptureStep() {
  const { shots, busy, refusal, notice, exemption } = useEnrol()
  const mesh = useDesk((state) => state.mesh)
  const ready = useSession((state) => state.sessionId !== undefined)
  const auto = useSession((state) => state.autoCapture)
  const full = shots.length >= shotsMax
  const wanted = shots.length === 0 && busy === undefined
  useGuidance('enrolment', wanted, { exemption })
  const countdown = useAutoCapture(auto && wanted)
  useKeys([
    ['Space', () => void captureShot()],
    ['Enter', () => void enrol()],
    ['Delete', () => shots.at(-1) && takeAway(shots.at(-1)!.captureId)],
    ['X', openException],
    ['Ctrl O', chooseFiles],
    ['Escape', countdown.counting && refusal === undefined ? countdown.stop : closeRefusal],
    ['M', toggleMesh],
    ['A', toggleAuto],
  ])
  return (
    <Screen name={text.areas.enrol} keys={keys()} onPictures={addPicturesNow}>
      <div className="row steprow">
        <StepRail />
        <span className="sp" />
        <DraftState />
        <SubjectLanguageChoice />
        <CameraChoice />
      </div>
      <UnfinishedEnrolments />
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      <div className="enrol">
        <section className="card stage" aria-label={text.enrol.stepCapture}>
          <Say />
          <Stage>
            <LivenessControl />
            <CountdownPill {...countdown} />
            {!countdown.counting && (busy === 'capturing' || busy === 'reading' || notice !== undefined) && (
              <span className="pill c" role="status">
                {busy === 'capturing' ? text.picture.capturing : busy === 'reading' ? text.picture.reading : notice}
              </span>
            )}
          </Stage>
          <div className="dock">
            <ShotStrip />
            <span className="sp" />
            <More>
              <Switch on={mesh} words={text.camera.mesh} chord="M" onChange={toggleMesh} />
              <Switch on={auto} words={text.camera.auto} chord="A" onChange={toggleAuto} />
              <button type="button" className="btn btn-sm" onClick={chooseFiles} disabled={busy !== undefined || full}>
                <ImagePlus className="i i16" aria-hidden="true" />
                {text.picture.use} <Key chord="Ctrl O" />
              </button>
              <LevelCamera />
            </More>
            <button
              type="button"
              className={shots.length === 0 ? 'btn btn-p btn-lg' : 'btn btn-lg'}
              disabled={!ready || full}
              onClick={() => void captureShot()}
            >
              <Camera className="i" aria-hidden="true" />
              {text.enrol.capture} <Key chord="Space" />
            </button>
          </div>
        </section>
        <DetailsPanel />
      </div>
    </Screen>
  )
}

const addPicturesNow = (files: readonly File[]) => void addPictures(files)
