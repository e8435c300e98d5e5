/** The desk of an open vault: title, areas, the screen of the area, and what concerns all of them. */
import { useEffect } from 'react'
import { startCamera, stopCamera } from './camera/camera.ts'
import { EnrolScreen } from './features/enrol/EnrolScreen.tsx'
import { IdentifyScreen } from './features/identify/IdentifyScreen.tsx'
import { RecoveryNotice } from './features/setup/RecoveryNotice.tsx'
import { VerifyScreen } from './features/verify/VerifyScreen.tsx'
import { useLiveSession } from './live/useLiveSession.ts'
import { fill, text } from './locale/text.ts'
import { goTo, showKeys, toggleHidden, useDesk } from './state/desk.ts'
import { lockDesk } from './state/operator.ts'
import { useStation } from './state/station.ts'
import { Banner, RefusalBanner } from './ui/Banner.tsx'
import { KeysOverlay } from './ui/KeysOverlay.tsx'
import { useKeys } from './ui/keys.ts'
import { Navigation } from './ui/Navigation.tsx'
import { TitleBar } from './ui/TitleBar.tsx'
import { Watermark } from './ui/Watermark.tsx'

const screens = { enrol: EnrolScreen, verify: VerifyScreen, identify: IdentifyScreen } as const

/** @param covered locked: the camera is off and no key works; all else stays as it is */
export function Desk({ covered }: { readonly covered: boolean }) {
  const { area, hidden, keysShown } = useDesk()
  const demo = useStation((state) => state.vault?.kind === 'demo')
  useEffect(() => {
    if (covered) return
    void startCamera(demo ? 'simulated' : 'camera')
    return stopCamera
  }, [demo, covered])
  const refusal = useLiveSession()
  useKeys([
    ['Alt 1', () => goTo('enrol')],
    ['Alt 2', () => goTo('verify')],
    ['Alt 3', () => goTo('identify')],
    ['F1', () => showKeys(!keysShown)],
    ['F9', toggleHidden],
    ['Ctrl L', () => void lockDesk()],
  ])
  const ScreenOfArea = screens[area]
  return (
    <div className="app" data-hidden={hidden} data-area={area}>
      <TitleBar />
      <Navigation />
      <Notices>
        <RefusalBanner refusal={refusal} />
      </Notices>
      <ScreenOfArea />
      <Watermark />
      {keysShown && !covered && <KeysOverlay />}
    </div>
  )
}

/** Messages above every screen: failed parts, and why no session opens. */
function Notices({ children }: { readonly children: React.ReactNode }) {
  const parts = useStation((state) => state.parts)
  return (
    <div className="notices">
      {(['face', 'matcher'] as const).map((part) => {
        const state = parts[part]
        if (state === 'ready') return null
        return (
          <Banner key={part} tone={state === 'failed' ? 'neg' : 'warn'}>
            <p>{fill(text.health[state], { part: text.health.parts[part] })}</p>
          </Banner>
        )
      })}
      <RecoveryNotice />
      {children}
    </div>
  )
}
