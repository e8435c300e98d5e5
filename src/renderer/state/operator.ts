/** Who is signed in at this window, and whose open work the desk holds. */
import { create } from 'zustand'
import type { OutputOf } from '../../contract/table.ts'
import type { Role } from '../../contract/types.ts'
import type { StationClient } from '../client/client.ts'
import { leave } from './leaving.ts'
import { call, refusalFor, useStation } from './station.ts'

/** Whoever works at a desk for which there are no accounts. */
export const anybody = 'anybody'

export type CurrentOperator = OutputOf<'operator.current'>

interface OperatorState {
  /** undefined until the station has said it for the vault as it is now. */
  readonly current: CurrentOperator | undefined
  /** Whose open work the desk holds; null while there is none. It is covered while another or nobody is signed in. */
  readonly owner: string | null
  /** The set-up offers to make the first administrator. */
  readonly offered: boolean
}

export const useOperator = create<OperatorState>()(() => ({ current: undefined, owner: null, offered: false }))
const { getState, setState } = useOperator

/** How often the station is told at most that somebody uses the window, milliseconds. */
const activityMs = 15_000

/** The desk's owner after the station said who is signed in: a lock keeps the desk for its owner, another account gets a new one. */
export function ownerAfter(owner: string | null, current: CurrentOperator): string | null {
  if (!current.needed) return anybody
  if (current.state === 'signedIn') return current.operator
  // What was open before there were accounts belongs to nobody who could come back.
  return owner === anybody ? null : owner
}

/** The role that counts at this window: without accounts everybody is administrator. */
export const useRole = (): Role => useOperator(({ current }) => (current?.needed === true ? (current.role ?? 'operator') : 'administrator'))

/** Asks who is signed in. */
export async function refreshOperator(): Promise<void> {
  try {
    const current = await call('operator.current', {})
    setState(({ owner }) => ({ current, owner: ownerAfter(owner, current) }))
  } catch (error) {
    refusalFor(error)
  }
}

/** Follows the station, once, at the start. @returns ends it */
export function followOperator(client: StationClient): () => void {
  const endEvents = client.onEvent((name) => {
    if (name === 'operator.locked') void refreshOperator()
  })
  const endVault = useStation.subscribe(({ vault }, before) => {
    if (vault === before.vault) return
    // What was known of another state of the vault is not shown for this one.
    if (vault?.state !== before.vault?.state) setState({ current: undefined })
    if (vault?.state === 'open') void refreshOperator()
  })
  const endActivity = followActivity(window)
  return () => {
    endEvents()
    endVault()
    endActivity()
  }
}

/** Tells the station that somebody uses keyboard, mouse or touch, so that the window does not lock while they type. */
export function followActivity(
  target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
  nowMs = () => performance.now(),
): () => void {
  let toldMs = Number.NEGATIVE_INFINITY
  const tell = () => {
    if (getState().current?.state !== 'signedIn' || nowMs() - toldMs < activityMs) return
    toldMs = nowMs()
    call('operator.current', { active: true }).catch(() => undefined)
  }
  const kinds = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const
  for (const kind of kinds) target.addEventListener(kind, tell, { passive: true })
  return () => {
    for (const kind of kinds) target.removeEventListener(kind, tell)
  }
}

/** @throws VultusError signIn.wrong or signIn.wait with `waitMs` */
export async function signIn(name: string, secret: string): Promise<void> {
  await call('operator.signIn', { name, secret })
  await refreshOperator()
}

/** Covers the desk; what is open stays. */
export async function lockDesk(): Promise<void> {
  if (getState().current?.state !== 'signedIn') return
  // Covered at once, also where the station is slow to answer.
  setState(({ current }) => (current === undefined ? {} : { current: { ...current, state: 'locked', lockedAt: new Date().toISOString() } }))
  await leave()
  await call('operator.lock', {}).catch(refusalFor)
  await refreshOperator()
}

/** Signs out; what is open is cleared. */
export async function signOut(): Promise<void> {
  await leave()
  await call('operator.signOut', {}).catch(refusalFor)
  setState({ owner: null })
  await refreshOperator()
}

export const offerAdministrator = () => setState({ offered: true })
export const endOffer = () => setState({ offered: false })
