/** Where the set-up is with the recovery key. It is held here from the answer that made it until it is confirmed or left. */
import { create } from 'zustand'

export type RecoveryStep =
  | { readonly name: 'none' }
  /** The vault is being made: the screen that asked for it stays. */
  | { readonly name: 'creating' }
  | { readonly name: 'shown'; readonly recoveryKey: string }
  /** Two groups are asked for; the key is unknown where it was issued earlier. */
  | { readonly name: 'asked'; readonly recoveryKey: string | undefined; readonly positions: readonly [number, number] }

export const useRecovery = create<{ readonly step: RecoveryStep }>()(() => ({ step: { name: 'none' } }))

const { setState } = useRecovery
const groups = 14

/** Two different positions of the 14, by two random numbers from 0 up to 1. */
export function twoPositions(first: number, second: number): readonly [number, number] {
  const one = 1 + Math.floor(first * groups)
  const other = 1 + Math.floor(second * (groups - 1))
  const two = other >= one ? other + 1 : other
  return one < two ? [one, two] : [two, one]
}

export const startCreating = () => setState({ step: { name: 'creating' } })
export const showRecoveryKey = (recoveryKey: string) => setState({ step: { name: 'shown', recoveryKey } })
export const askForGroups = (recoveryKey: string | undefined) =>
  setState({ step: { name: 'asked', recoveryKey, positions: twoPositions(Math.random(), Math.random()) } })
export const leaveRecovery = () => setState({ step: { name: 'none' } })
