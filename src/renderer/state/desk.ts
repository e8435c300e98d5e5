/** What belongs to the desk as a whole: the area shown, whether details are covered, the face outline, the overlays of keys and commands. */
import { create } from 'zustand'
import type { Role } from '../../contract/types.ts'

export const areas = [
  'enrol',
  'verify',
  'identify',
  'subjects',
  'vault',
  'accounts',
  'audit',
  'health',
  'settings',
  'import',
  'inbox',
] as const
export type Area = (typeof areas)[number]

/** Areas that are not for everybody: whose roles have something to do there. */
const roles: Readonly<Partial<Record<Area, readonly Role[]>>> = {
  import: ['supervisor', 'administrator'],
  vault: ['supervisor', 'auditor', 'administrator'],
  accounts: ['administrator'],
  audit: ['auditor', 'administrator'],
  inbox: ['supervisor', 'administrator'],
}

/** Areas beyond the digits have a letter. */
const letters: Readonly<Partial<Record<Area, string>>> = { import: 'B', inbox: 'I' }

/** The key of an area, as keys.ts names it. */
export const areaKey = (area: Area) => `Alt ${letters[area] ?? areas.indexOf(area) + 1}`

/** The areas in the order in which they are shown: people and what waits for them first. */
const shown: readonly Area[] = [
  'enrol',
  'verify',
  'identify',
  'inbox',
  'subjects',
  'import',
  'vault',
  'accounts',
  'audit',
  'health',
  'settings',
]

/** The areas that a role has, in their order; their keys stay the same for everybody. */
export const areasOf = (role: Role): readonly Area[] => shown.filter((area) => roles[area]?.includes(role) ?? true)

interface DeskState {
  readonly area: Area
  /** Names, numbers, evidence and the face outline are covered: the subject looks at the screen too. */
  readonly hidden: boolean
  readonly mesh: boolean
  readonly keysShown: boolean
  readonly commandsShown: boolean
  /** Whether a picture is taken by itself; undefined leaves it to the station's setting. */
  readonly auto: boolean | undefined
  /** Verify compares by itself who shows a code, and goes on to the next person after a match. */
  readonly handsFree: boolean
  /** What of Health is shown to administrators. */
  readonly healthPart: HealthPart
}
export type HealthPart = 'health' | 'models'

export const useDesk = create<DeskState>()(() => ({
  area: 'enrol',
  hidden: false,
  mesh: true,
  keysShown: false,
  commandsShown: false,
  auto: undefined,
  handsFree: false,
  healthPart: 'health',
}))

export const goTo = (area: Area) => useDesk.setState({ area, keysShown: false })
export const toggleHidden = () => useDesk.setState(({ hidden }) => ({ hidden: !hidden }))
export const showHealthPart = (healthPart: HealthPart) => useDesk.setState({ healthPart })
export const toggleMesh = () => useDesk.setState(({ mesh }) => ({ mesh: !mesh }))
export const showCommands = (commandsShown: boolean) => useDesk.setState({ commandsShown })
export const toggleHandsFree = () => useDesk.setState(({ handsFree }) => ({ handsFree: !handsFree }))
export const setAuto = (auto: boolean) => useDesk.setState({ auto })
export const showKeys = (keysShown: boolean) => useDesk.setState({ keysShown })
