/** What belongs to the desk as a whole: the area shown, whether details are covered, the face outline, the overlay of keys. */
import { create } from 'zustand'
import type { Role } from '../../contract/types.ts'

export const areas = ['enrol', 'verify', 'identify', 'vault', 'accounts', 'audit'] as const
export type Area = (typeof areas)[number]

/** Areas that are not for everybody: whose roles have something to do there. */
const roles: Readonly<Partial<Record<Area, readonly Role[]>>> = {
  vault: ['supervisor', 'auditor', 'administrator'],
  accounts: ['administrator'],
  audit: ['auditor', 'administrator'],
}

/** The areas that a role has, in their order; their keys stay the same for everybody. */
export const areasOf = (role: Role): readonly Area[] => areas.filter((area) => roles[area]?.includes(role) ?? true)

interface DeskState {
  readonly area: Area
  /** Names, numbers, evidence and the face outline are covered: the subject looks at the screen too. */
  readonly hidden: boolean
  readonly mesh: boolean
  readonly keysShown: boolean
  /** Whether a picture is taken by itself; undefined leaves it to the station's setting. */
  readonly auto: boolean | undefined
}

export const useDesk = create<DeskState>()(() => ({ area: 'enrol', hidden: false, mesh: true, keysShown: false, auto: undefined }))

export const goTo = (area: Area) => useDesk.setState({ area, keysShown: false })
export const toggleHidden = () => useDesk.setState(({ hidden }) => ({ hidden: !hidden }))
export const toggleMesh = () => useDesk.setState(({ mesh }) => ({ mesh: !mesh }))
export const setAuto = (auto: boolean) => useDesk.setState({ auto })
export const showKeys = (keysShown: boolean) => useDesk.setState({ keysShown })
