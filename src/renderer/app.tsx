/** Which screen there is: no link, no vault, a locked vault, or the desk. */
import { Desk } from './desk.tsx'
import { NoLink } from './features/setup/NoLink.tsx'
import { RecoveryKey } from './features/setup/RecoveryKey.tsx'
import { useRecovery } from './features/setup/recovery.ts'
import { SetUp } from './features/setup/SetUp.tsx'
import { Unlock } from './features/setup/Unlock.tsx'
import { useStation } from './state/station.ts'

export function App() {
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
      return <Desk />
  }
}
