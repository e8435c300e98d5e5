/** Reminds the desk while nobody has shown that the recovery key is kept. */
import { text } from '../../locale/text.ts'
import { useStation } from '../../state/station.ts'
import { Banner } from '../../ui/Banner.tsx'
import { askForGroups } from './recovery.ts'

export function RecoveryNotice() {
  const unconfirmed = useStation((state) => state.vault?.recovery === 'unconfirmed')
  if (!unconfirmed) return null
  return (
    <Banner tone="warn">
      <p className="sp">{text.recovery.notice}</p>
      <button type="button" className="btn btn-sm" onClick={() => askForGroups(undefined)}>
        {text.recovery.confirm}
      </button>
    </Banner>
  )
}
