/** Which screen there is: no link, no vault, a locked vault, nobody signed in, or the desk. */
import { useEffect } from 'react'
import { Desk } from './desk.tsx'
import { forgetPlan } from './features/bulk/importPlan.ts'
import { keepDrafts } from './features/enrol/draftKeeper.ts'
import { clearEnrolment } from './features/enrol/enrolStore.ts'
import { clearSearch } from './features/identify/identifyStore.ts'
import { NoLink } from './features/setup/NoLink.tsx'
import { RecoveryKey } from './features/setup/RecoveryKey.tsx'
import { useRecovery } from './features/setup/recovery.ts'
import { SetUp } from './features/setup/SetUp.tsx'
import { Unlock } from './features/setup/Unlock.tsx'
import { FirstAdministrator } from './features/signIn/FirstAdministrator.tsx'
import { SignIn } from './features/signIn/SignIn.tsx'
import { nextPerson as nextVerification } from './features/verify/verifyStore.ts'
import { useLanguage } from './locale/text.ts'
import { useOperator } from './state/operator.ts'
import { useStation } from './state/station.ts'

export function App() {
  // Everything that is drawn reads its sentences anew when the language changes.
  useLanguage()
  const link = useStation((state) => state.link)
  const vault = useStation((state) => state.vault)
  const recovery = useRecovery((state) => state.step)
  // A link that is being made again leaves the desk as it is: calls wait, and nothing typed is lost.
  if (link.name === 'lost' || vault === undefined) return <NoLink link={link.name === 'ready' ? { name: 'connecting' } : link} />
  // The vault is open before its recovery key is on paper: the desk waits for that.
  if (recovery.name === 'creating') return <SetUp />
  if (recovery.name === 'shown' || recovery.name === 'asked') return <RecoveryKey step={recovery} />
  switch (vault.state) {
    case 'missing':
      return <SetUp />
    case 'locked':
      return <Unlock />
    case 'open':
      return <OpenVault />
  }
}

/** The desk of who is signed in. While it is covered it stays as it is, out of sight and out of reach; another account gets a new one. */
function OpenVault() {
  const { current, owner, offered } = useOperator()
  if (current === undefined) return <NoLink link={{ name: 'connecting' }} />
  if (offered && current.state === 'nobody') return <FirstAdministrator />
  const covered = current.needed && current.state !== 'signedIn'
  return (
    <>
      {owner !== null && (
        <div className="desk-cover" hidden={covered} inert={covered}>
          <OwnDesk key={owner} covered={covered} />
        </div>
      )}
      {covered && <SignIn />}
    </>
  )
}

function OwnDesk({ covered }: { readonly covered: boolean }) {
  // What is open at one account's desk is not for the next.
  useEffect(() => {
    const end = keepDrafts()
    return () => {
      end()
      forgetOpenWork()
    }
  }, [])
  return <Desk covered={covered} />
}

function forgetOpenWork(): void {
  clearEnrolment()
  nextVerification()
  clearSearch()
  forgetPlan()
}
