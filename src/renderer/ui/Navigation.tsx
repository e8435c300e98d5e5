/** The areas of the desk. */
import { UserCheck, UserRoundPlus, UserSearch } from 'lucide-react'
import { text } from '../locale/text.ts'
import { type Area, areas, goTo, useDesk } from '../state/desk.ts'

const icons: Readonly<Record<Area, typeof UserCheck>> = { enrol: UserRoundPlus, verify: UserCheck, identify: UserSearch }

export function Navigation() {
  const current = useDesk((state) => state.area)
  return (
    <nav className="nav" aria-label={text.areas.navigation}>
      {areas.map((area, index) => {
        const Icon = icons[area]
        return (
          <button
            type="button"
            key={area}
            aria-current={area === current ? 'page' : undefined}
            aria-keyshortcuts={`Alt+${index + 1}`}
            title={`Alt ${index + 1}`}
            onClick={() => goTo(area)}
          >
            <Icon className="i" aria-hidden="true" />
            <span>{text.areas[area]}</span>
          </button>
        )
      })}
    </nav>
  )
}
