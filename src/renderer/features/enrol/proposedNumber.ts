/** A number for who has none yet, so that nobody at the desk has to think of one. What is typed over it counts. */
import { useEffect } from 'react'
import { useFormPolicy } from '../../state/formPolicy.ts'
import { call, refusalFor } from '../../state/station.ts'
import { setNumber, useEnrol } from './enrolStore.ts'

/** Asks the station for one, once for each enrolment; where it has none, or something is typed meanwhile, the field stays as it is. */
export async function proposeNumber(): Promise<void> {
  const isWanted = () => {
    const { number, proposedNumber, draft } = useEnrol.getState()
    return number === '' && proposedNumber === undefined && draft === undefined
  }
  if (!isWanted()) return
  try {
    const { number } = await call('subject.proposeNumber', {})
    if (!isWanted()) return
    if (number !== null) setNumber(number)
    useEnrol.setState({ proposedNumber: number ?? '' })
  } catch (error) {
    // Without a proposal a number is typed.
    refusalFor(error)
  }
}

/** Proposes a number wherever an enrolment is about to begin and the station gives the numbers. */
export function useProposedNumber(on: boolean): void {
  const given = useFormPolicy(({ numbers }) => numbers === 'station')
  const wanted = useEnrol(({ number, proposedNumber }) => number === '' && proposedNumber === undefined)
  useEffect(() => {
    if (on && given && wanted) void proposeNumber()
  }, [on, given, wanted])
}
