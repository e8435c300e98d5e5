/** A runner that answers from a table and checks inputs as the station does. */
import { checked } from '../../src/contract/check.ts'
import { type ErrorCode, failedOf, type Outcome, outcomeOf, VultusError } from '../../src/contract/errors.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { Row } from '../../src/contract/row.ts'
import { isProcedureName, procedures } from '../../src/contract/table.ts'
import type { Station } from '../../src/station/api.ts'
import { usualAnswers } from './usualAnswers.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of a test stand in for any procedure
export type Answers = Readonly<Record<string, (input: any, actor: Actor) => unknown>>

export interface Call {
  readonly name: string
  readonly input: unknown
  readonly actor: Actor
}

/** A station whose answers are given; what was asked is kept in `calls`. */
export function fakeStation(answers: Answers = {}): Station & { calls: Call[]; closed: number } {
  const all: Answers = { ...usualAnswers, ...answers }
  const calls: Call[] = []
  const run = async (name: string, input: unknown, actor: Actor): Promise<Outcome<unknown>> => {
    if (!isProcedureName(name)) return failedOf(new VultusError('request.unknown'))
    const row: Row = procedures[name]
    if (actor.role === 'nobody' || !row.roles.includes(actor.role)) return failedOf(new VultusError('permission.denied'))
    return outcomeOf(async () => {
      const parsed = checked(row.input, input)
      calls.push({ name, input: parsed, actor })
      const answer = all[name]
      if (answer === undefined) throw new Error(`no answer for ${name}`)
      return await answer(parsed, actor)
    })
  }
  const station = {
    calls,
    closed: 0,
    run,
    onEvent: () => () => undefined,
    pushFrame: () => undefined,
    onLive: () => () => undefined,
    connectLive: () => undefined,
    warm: async () => undefined,
    close: async () => {
      station.closed++
    },
  }
  return station
}

/** What a station was given for each call of a procedure, oldest first. */
export const inputsOf = (station: { readonly calls: readonly Call[] }, procedure: string): readonly unknown[] =>
  station.calls.filter(({ name }) => name === procedure).map(({ input }) => input)

/** An answer that is a refusal. */
export const refusing = (code: ErrorCode, detail?: string, data?: Readonly<Record<string, unknown>>) => (): never => {
  throw new VultusError(code, detail, { data })
}
