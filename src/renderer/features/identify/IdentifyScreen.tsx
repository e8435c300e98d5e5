/** Identify: one face against every reference; candidates above the threshold, or an honest nobody. */
import { ImageUp, ScanSearch, Timer, UsersRound } from 'lucide-react'
import { CameraChoice } from '../../camera/CameraChoice.tsx'
import { CheckList } from '../../live/CheckList.tsx'
import { Say } from '../../live/Say.tsx'
import { Stage } from '../../live/Stage.tsx'
import { useGuidance, useSession } from '../../live/useLiveSession.ts'
import { count, fill, text, timeOfDay } from '../../locale/text.ts'
import { toggleMesh, useDesk } from '../../state/desk.ts'
import { useStation } from '../../state/station.ts'
import { RefusalBanner } from '../../ui/Banner.tsx'
import { Key } from '../../ui/Key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Picture } from '../../ui/Picture.tsx'
import { askForPictures } from '../../ui/pictureFile.ts'
import { Screen } from '../../ui/Screen.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { Candidates } from './Candidates.tsx'
import { clearSearch, closeRefusal, searchCamera, searchFile, useIdentify } from './identifyStore.ts'
import { NoCandidate } from './NoCandidate.tsx'

const chooseFile = () => void askForPictures(false).then(searchFirst)
const searchFirst = (files: readonly File[]) => {
  const [file] = files
  if (file !== undefined) void searchFile(file)
}

export function IdentifyScreen() {
  const { result, refusal, probe } = useIdentify()
  useGuidance('verification', false)
  useKeys([
    ['Space', result === undefined ? () => void searchCamera() : clearSearch],
    ['Enter', result === undefined ? () => void searchCamera() : clearSearch],
    ['Escape', clearSearch],
    ['Ctrl O', chooseFile],
    ['M', toggleMesh],
  ])
  const keys = [
    { chord: 'Space', words: result === undefined ? text.identify.search : text.identify.again },
    { chord: 'Ctrl O', words: text.picture.use },
    ...(result === undefined ? [{ chord: 'M', words: text.keys.mesh }] : [{ chord: 'Esc', words: text.keys.back }]),
    { chord: 'F9', words: text.keys.hide },
  ]
  return (
    <Screen name={text.areas.identify} keys={keys} onPictures={searchFirst}>
      <div className="row">
        <div className="sp">
          <h1>{text.identify.title}</h1>
          <span className="sec">{text.identify.subtitle}</span>
        </div>
        {result === undefined && <CameraChoice />}
        <GalleryFacts />
      </div>
      <RefusalBanner refusal={refusal} onClose={closeRefusal} />
      {probe === undefined ? (
        <LiveSearch />
      ) : (
        <div className="idg">
          <ProbeCard />
          {result === undefined ? (
            <section className="card col searching" role="status">
              <h2>{text.identify.searching}</h2>
            </section>
          ) : result.candidates.length > 0 ? (
            <Candidates result={result} />
          ) : (
            <NoCandidate gallerySize={result.gallerySize} />
          )}
        </div>
      )}
    </Screen>
  )
}

function GalleryFacts() {
  const result = useIdentify((state) => state.result)
  const gallery = useStation((state) => state.gallery)
  const size = result?.gallerySize ?? gallery?.references
  return (
    <div className="card facts">
      <span className="row g2">
        <UsersRound className="i" aria-hidden="true" />
        <span className="num">
          {gallery?.ready !== true || size === undefined ? text.identify.loading : count(text.identify.references, size)}
        </span>
      </span>
      {result !== undefined && (
        <span className="row g2">
          <Timer className="i" aria-hidden="true" />
          <b className="num">{fill(text.identify.elapsed, { n: Math.max(1, Math.round(result.elapsedMs)) })}</b>
        </span>
      )}
    </div>
  )
}

function LiveSearch() {
  const busy = useIdentify((state) => state.busy)
  const mesh = useDesk((state) => state.mesh)
  const ready = useSession((state) => state.sessionId !== undefined)
  return (
    <div className="enrol">
      <section className="card stage" aria-label={text.identify.probe}>
        <Say />
        <Stage>
          {busy !== undefined && (
            <span className="pill c" role="status">
              {text.picture.capturing}
            </span>
          )}
        </Stage>
        <div className="dock dock-low">
          <Switch on={mesh} words={text.camera.mesh} chord="M" onChange={toggleMesh} />
          <span className="sp" />
          <button type="button" className="btn btn-lg" disabled={busy !== undefined} onClick={chooseFile}>
            <ImageUp className="i" aria-hidden="true" />
            {text.identify.use} <Key chord="Ctrl O" />
          </button>
          <button type="button" className="btn btn-p btn-lg" disabled={!ready || busy !== undefined} onClick={() => void searchCamera()}>
            <ScanSearch className="i" aria-hidden="true" />
            {text.identify.search} <Key chord="Space" />
          </button>
        </div>
      </section>
      <aside className="card qp" aria-label={text.identify.how}>
        <CheckList />
        <div className="how col g2 sm sec">
          <h3>{text.identify.how}</h3>
          <p>{text.identify.howSearch}</p>
          <p>{text.identify.howLead}</p>
          <p>{text.identify.howAudit}</p>
        </div>
      </aside>
    </div>
  )
}

function ProbeCard() {
  const { probe, probeAt, busy } = useIdentify()
  return (
    <section className="card pad col g3 probe-card" aria-label={text.identify.probe}>
      <div className="row">
        <h3 className="sp">{text.identify.probe}</h3>
        <span className="sm sec num">
          {probe?.captureSource === 'file' ? text.picture.fromFile : probeAt !== undefined && timeOfDay(probeAt)}
        </span>
      </div>
      <div className="probe-picture">
        <Picture bytes={probe?.sample} words={text.picture.captured} />
      </div>
      <span className="sp" />
      <button type="button" className="btn btn-p btn-w" disabled={busy !== undefined} onClick={clearSearch}>
        <ScanSearch className="i" aria-hidden="true" />
        {text.identify.again} <Key chord="Space" />
      </button>
      <button type="button" className="btn btn-w" disabled={busy !== undefined} onClick={chooseFile}>
        <ImageUp className="i" aria-hidden="true" />
        {text.identify.use} <Key chord="Ctrl O" />
      </button>
    </section>
  )
}
