/** What a screen shows of the station: asked for when it opens, and again when it is told to. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Refusal } from '../../contract/errors.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../contract/table.ts'
import { useOperator } from './operator.ts'
import { call, refusalFor } from './station.ts'

export interface Asked<Value> {
  /** The newest answer; it stays while it is asked for anew. */
  readonly value: Value | undefined
  readonly refusal: Refusal | undefined
  readonly again: () => Promise<void>
}

/** @param input undefined: nothing is asked. Another input is another question. */
export function useAsked<Name extends ProcedureName>(name: Name, input: InputOf<Name> | undefined): Asked<OutputOf<Name>> {
  const [value, setValue] = useState<OutputOf<Name>>()
  const [refusal, setRefusal] = useState<Refusal>()
  const newest = useRef(0)
  const signInMissed = useRef(false)
  const signedIn = useOperator(({ current }) => current?.state === 'signedIn')
  const question = JSON.stringify(input)
  const again = useCallback(async () => {
    if (question === undefined) return
    newest.current += 1
    const number = newest.current
    try {
      const answer = await call(name, JSON.parse(question))
      // An answer that was overtaken by a newer question is not shown.
      if (number !== newest.current) return
      setValue(answer)
      setRefusal(undefined)
      signInMissed.current = false
    } catch (error) {
      if (number !== newest.current) return
      const refused = refusalFor(error)
      setRefusal(refused)
      signInMissed.current = refused?.code === 'signIn.required'
    }
  }, [name, question])
  useEffect(() => void again(), [again])
  // A screen stays open below a lock: what was asked meanwhile is asked again when its owner is back.
  useEffect(() => {
    if (signedIn && signInMissed.current) void again()
  }, [signedIn, again])
  return { value, refusal, again }
}

/** Something that a button does: one at a time, with its refusal. */
export function useDoing(): {
  readonly doing: boolean
  readonly refusal: Refusal | undefined
  readonly run: (work: () => Promise<void>) => Promise<void>
  readonly dismiss: () => void
} {
  const [doing, setDoing] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const run = async (work: () => Promise<void>) => {
    if (doing) return
    setDoing(true)
    setRefusal(undefined)
    try {
      await work()
    } catch (error) {
      setRefusal(refusalFor(error))
    } finally {
      setDoing(false)
    }
  }
  return { doing, refusal, run, dismiss: () => setRefusal(undefined) }
}
