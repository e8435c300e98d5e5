/** The desk of an open vault: title, areas, the screen of the area, and what concerns all of them. */
import { type ReactNode, useEffect } from 'react'
import { startCamera, stopCamera } from './camera/camera.ts'
import { AccountsScreen } from './features/accounts/AccountsScreen.tsx'
import { AuditScreen } from './features/audit/AuditScreen.tsx'
import { BulkScreen } from './features/bulk/BulkScreen.tsx'
import { CommandPalette } from './features/commands/CommandPalette.tsx'
import { EnrolScreen } from './features/enrol/EnrolScreen.tsx'
import { HealthScreen } from './features/health/HealthScreen.tsx'
import { IdentifyScreen } from './features/identify/IdentifyScreen.tsx'
import { InboxScreen } from './features/inbox/InboxScreen.tsx'
import { SettingsScreen } from './features/settings/SettingsScreen.tsx'
import { RecoveryNotice } from './features/setup/RecoveryNotice.tsx'
import { SubjectsScreen } from './features/subjects/SubjectsScreen.tsx'
import { VaultScreen } from './features/vault/VaultScreen.tsx'
import { VerifyScreen } from './features/verify/VerifyScreen.tsx'
import { useLiveSession } from './live/useLiveSession.ts'
import { fill, text } from './locale/text.ts'
import { type Area, areaKey, areas, areasOf, goTo, showCommands, showKeys, toggleHidden, useDesk } from './state/desk.ts'
import { lockDesk, useRole } from './state/operator.ts'
import { refreshJob, useStation } from './state/station.ts'
import { Banner, RefusalBanner } from './ui/Banner.tsx'
import { KeysOverlay } from './ui/KeysOverlay.tsx'
import { useKeys } from './ui/keys.ts'
import { Navigation } from './ui/Navigation.tsx'
import { TitleBar } from './ui/TitleBar.tsx'
import { Watermark } from './ui/Watermark.tsx'

const screens: Readonly<Record<Area, () => ReactNode>> = {
  enrol: EnrolScreen,
  verify: VerifyScreen,
  identify: IdentifyScreen,
  subjects: SubjectsScreen,
  import: BulkScreen,
  vault: VaultScreen,
  accounts: AccountsScreen,
  audit: AuditScreen,
  health: HealthScreen,
  settings: SettingsScreen,
  inbox: InboxScreen,
}

/** @param covered locked: the camera is off and no key works; all else stays as it is */
export function Desk({ covered }: { readonly covered: boolean }) {
  const { area: chosen, hidden, keysShown, commandsShown } = useDesk()
  const allowed = areasOf(useRole())
  // Another account may have left the desk where this one has nothing to do.
  const area = allowed.includes(chosen) ? chosen : 'enrol'
  const demo = useStation((state) => state.vault?.kind === 'demo')
  useEffect(() => {
    if (covered) return
    void startCamera(demo ? 'simulated' : 'camera')
    return stopCamera
  }, [demo, covered])
  useEffect(() => {
    if (!covered) void refreshJob()
  }, [covered])
  const refusal = useLiveSession()
  useKeys([
    ...areas.map((name) => [areaKey(name), allowed.includes(name) ? () => goTo(name) : undefined] as const),
    ['F1', () => showKeys(!keysShown)],
    ['?', () => showKeys(true)],
    ['Ctrl K', () => showCommands(true)],
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
      {commandsShown && !covered && <CommandPalette />}
    </div>
  )
}

/** Messages above every screen: failed parts, and why no session opens. */
function Notices({ children }: { readonly children: ReactNode }) {
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
