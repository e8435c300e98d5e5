import { afterEach, describe, expect, it } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type { StationClient } from '../../../src/renderer/client/client.ts'
import { remaining, waitMsOf } from '../../../src/renderer/features/signIn/waiting.ts'
import {
  anybody,
  type CurrentOperator,
  followActivity,
  lockDesk,
  ownerAfter,
  refreshOperator,
  signOut,
  useOperator,
} from '../../../src/renderer/state/operator.ts'
import { useStation } from '../../../src/renderer/state/station.ts'

const nobody: CurrentOperator = {
  needed: true,
  state: 'nobody',
  operator: null,
  name: null,
  role: null,
  lockedAt: null,
  idleLockMs: 300_000,
}
const olga: CurrentOperator = { ...nobody, state: 'signedIn', operator: 'id-of-olga', name: 'Olga', role: 'operator' }

/** A station that answers what it is told, and the calls that reached it. */
function withStation(answers: Readonly<Record<string, unknown>>): [string, unknown][] {
  const calls: [string, unknown][] = []
  const client = {
    call: async (name: string, input: unknown) => {
      calls.push([name, input])
      return answers[name] ?? {}
    },
  } as unknown as StationClient
  useStation.setState({ client })
  return calls
}

afterEach(() => {
  useOperator.setState({ current: undefined, owner: null, offered: false })
  useStation.setState({ client: undefined })
})

describe('waiting', () => {
  it('is shown in minutes and seconds, rounded up', () => {
    expect([1, 1000, 1001, 59_999, 60_000, 900_000].map(remaining)).toEqual(['0:01', '0:01', '0:02', '1:00', '1:00', '15:00'])
  })

  it('is what the refusal names, and none where it names none', () => {
    expect(waitMsOf(new VultusError('signIn.wait', '4 s', { data: { waitMs: 4000 } }))).toBe(4000)
    expect(waitMsOf(new VultusError('signIn.wrong', undefined, { data: { waitMs: 'long' } }))).toBe(0)
    expect(waitMsOf(new VultusError('vault.locked'))).toBe(0)
    expect(waitMsOf(new Error('x'))).toBe(0)
  })
})

describe('the owner of the desk', () => {
  it('is anybody while there are no accounts, and nobody’s work is kept when they come', () => {
    expect(ownerAfter(null, { ...nobody, needed: false })).toBe(anybody)
    expect(ownerAfter(anybody, nobody)).toBeNull()
  })

  it('stays over a lock and a lost link, and changes with another account', () => {
    expect(ownerAfter('id-of-olga', { ...olga, state: 'locked' })).toBe('id-of-olga')
    expect(ownerAfter('id-of-olga', nobody)).toBe('id-of-olga')
    expect(ownerAfter('id-of-olga', olga)).toBe('id-of-olga')
    expect(ownerAfter('id-of-olga', { ...olga, operator: 'another' })).toBe('another')
  })
})

describe('locking', () => {
  it('covers at once and keeps the owner; signing out leaves none', async () => {
    const calls = withStation({ 'operator.current': { ...olga, state: 'locked' } })
    useOperator.setState({ current: olga, owner: 'id-of-olga' })
    const locking = lockDesk()
    expect(useOperator.getState().current?.state).toBe('locked')
    await locking
    expect(useOperator.getState().owner).toBe('id-of-olga')
    expect(calls.map(([name]) => name)).toEqual(['operator.lock', 'operator.current'])
    withStation({ 'operator.current': nobody })
    await signOut()
    expect(useOperator.getState()).toMatchObject({ owner: null, current: { state: 'nobody' } })
  })

  it('does nothing where nobody is signed in', async () => {
    const calls = withStation({ 'operator.current': { ...nobody, needed: false } })
    await refreshOperator()
    await lockDesk()
    expect(calls.map(([name]) => name)).toEqual(['operator.current'])
  })
})

describe('activity', () => {
  it('is told at most every 15 seconds, and only while somebody is signed in', () => {
    const calls = withStation({ 'operator.current': olga })
    const target = new EventTarget()
    let nowMs = 0
    const end = followActivity(target, () => nowMs)
    target.dispatchEvent(new Event('keydown'))
    expect(calls).toEqual([])
    useOperator.setState({ current: olga })
    for (nowMs of [0, 1000, 14_999, 15_000, 20_000]) target.dispatchEvent(new Event('pointermove'))
    expect(calls).toEqual([
      ['operator.current', { active: true }],
      ['operator.current', { active: true }],
    ])
    end()
    nowMs = 60_000
    target.dispatchEvent(new Event('keydown'))
    expect(calls.length).toBe(2)
  })
})
