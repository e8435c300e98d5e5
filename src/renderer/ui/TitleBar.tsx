/** The title bar: name, demo mark, camera, vault, who is signed in, and the button that covers details. */
import { Camera, CameraOff, Eye, EyeOff, LockKeyhole, LogOut, ShieldCheck, UserRound } from 'lucide-react'
import { useCamera } from '../camera/camera.ts'
import { text } from '../locale/text.ts'
import { toggleHidden, useDesk } from '../state/desk.ts'
import { lockDesk, signOut, useOperator } from '../state/operator.ts'
import { useStation } from '../state/station.ts'
import { Key } from './Key.tsx'
import { Mark } from './Mark.tsx'

export function TitleBar() {
  const status = useCamera((state) => state.status.name)
  const source = useCamera((state) => state.source)
  const kind = useStation((state) => state.vault?.kind)
  const hidden = useDesk((state) => state.hidden)
  const camera = status === 'ready' && source === 'simulated' ? 'simulated' : status
  const CameraIcon = status === 'ready' ? Camera : CameraOff
  const vault = kind === 'demo' ? text.title.vaultDemo : text.title.vaultReal
  const HideIcon = hidden ? Eye : EyeOff
  return (
    <header className="title">
      <span className="brand">
        <Mark />
        {text.product}
      </span>
      {kind === 'demo' && <span className="demo-chip">{text.demoMark}</span>}
      <span className="sp" />
      <span className="stat s-cam">
        <CameraIcon className="i i16" aria-hidden="true" />
        {text.title.camera[camera]}
      </span>
      <span className="stat s-vault" title={vault}>
        <ShieldCheck className="i i16" aria-hidden="true" />
        <span className="tx">{vault}</span>
      </span>
      <SignedIn />
      <button type="button" className="stat btnlike s-f9" aria-pressed={hidden} onClick={toggleHidden}>
        <HideIcon className="i i16" aria-hidden="true" />
        <span className="tx">{hidden ? text.title.show : text.title.hide}</span> <Key chord="F9" />
      </button>
    </header>
  )
}

/** Who is signed in, with the ways to leave; nothing where there are no accounts. */
function SignedIn() {
  const current = useOperator((state) => state.current)
  if (current?.needed !== true || current.name === null || current.role === null) return null
  return (
    <>
      <span className="stat s-operator" title={text.signIn.roles[current.role]}>
        <UserRound className="i i16" aria-hidden="true" />
        <span className="tx">{current.name}</span>
      </span>
      <button
        type="button"
        className="stat btnlike s-lock"
        title={`${text.signIn.lock} (Ctrl L)`}
        aria-label={text.signIn.lock}
        aria-keyshortcuts="Control+L"
        onClick={() => void lockDesk()}
      >
        <LockKeyhole className="i i16" aria-hidden="true" />
        <span className="tx">{text.signIn.lock}</span>
      </button>
      <button
        type="button"
        className="stat btnlike s-out"
        title={text.signIn.signOut}
        aria-label={text.signIn.signOut}
        onClick={() => void signOut()}
      >
        <LogOut className="i i16" aria-hidden="true" />
        <span className="tx">{text.signIn.signOut}</span>
      </button>
    </>
  )
}
