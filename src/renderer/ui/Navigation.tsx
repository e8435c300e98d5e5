/** The areas of the desk. */
import {
  Activity,
  ContactRound,
  FolderInput,
  Inbox,
  ScrollText,
  Settings,
  ShieldCheck,
  UserCheck,
  UserRoundPlus,
  UserSearch,
  UsersRound,
} from 'lucide-react'
import { useInbox } from '../features/inbox/inboxStore.ts'
import { count, number, text } from '../locale/text.ts'
import { type Area, areaKey, areasOf, goTo, useDesk } from '../state/desk.ts'
import { useRole } from '../state/operator.ts'

const icons: Readonly<Record<Area, typeof UserCheck>> = {
  enrol: UserRoundPlus,
  verify: UserCheck,
  identify: UserSearch,
  subjects: ContactRound,
  import: FolderInput,
  vault: ShieldCheck,
  accounts: UsersRound,
  audit: ScrollText,
  health: Activity,
  settings: Settings,
  inbox: Inbox,
}

export function Navigation() {
  const current = useDesk((state) => state.area)
  const role = useRole()
  const waiting = useInbox((state) => state.waiting ?? 0)
  return (
    <nav className="nav" aria-label={text.areas.navigation}>
      {areasOf(role).map((area) => {
        const Icon = icons[area]
        const chord = areaKey(area)
        return (
          <button
            type="button"
            key={area}
            aria-current={area === current ? 'page' : undefined}
            aria-keyshortcuts={chord.replace(' ', '+')}
            title={chord}
            onClick={() => goTo(area)}
          >
            <Icon className="i" aria-hidden="true" />
            <span>{text.areas[area]}</span>
            {area === 'inbox' && waiting > 0 && (
              <span className="nav-count num">
                <span aria-hidden="true">{number(waiting)}</span>
                <span className="sr">{count(text.inbox.waiting, waiting)}</span>
              </span>
            )}
          </button>
        )
      })}
    </nav>
  )
}
