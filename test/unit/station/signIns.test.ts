import { describe, expect, it, vi } from 'vitest'
import { VultusError } from '../../../src/contract/errors.ts'
import type { Actor } from '../../../src/contract/records.ts'
import type { OperatorAccount } from '../../../src/contract/rows/operator.ts'
import type { OperatorsPort } from '../../../src/operations/ports.ts'
import { SignIns } from '../../../src/station/signIns.ts'

const account: OperatorAccount = {
  operator: 'an-audit-id',
  name: 'Olga',
  role: 'operator',
  secretKind: 'password',
  enabled: true,
  createdAt: '',
  changedAt: '',
  disabledAt: null,
}
const idleLockMs = 60_000

function made() {
  const state = { nowMs: 0, account, any: true, closed: false, locked: [] as Actor[], left: 0 }
  const read = <T>(value: T): T => {
    if (state.closed) throw new VultusError('vault.locked')
    return value
  }
  const operators = {
    get any() {
      return state.any
    },
    byId: (operator: string) => read(operator === state.account.operator ? state.account : undefined),
    policy: () => read({ pinAllowed: false, idleLockMs }),
  } as unknown as OperatorsPort
  const signIns = new SignIns({
    operators: () => operators,
    clientByKey: () => undefined,
    nowMs: () => state.nowMs,
    onIdleLock: (actor) => state.locked.push(actor),
    onLeft: () => state.left++,
  })
  return {
    state,
    signIns,
    as: (session: string | undefined, door: Actor['door'] = 'ipc') => signIns.actorOf({ role: 'administrator', door, session }),
  }
}

describe('sign-ins', () => {
  it('the door’s word counts until there are accounts', () => {
    const { state, as } = made()
    state.any = false
    expect(as(undefined)).toEqual({ role: 'administrator', door: 'ipc' })
    state.any = true
    expect(as(undefined)).toEqual({ role: 'nobody', door: 'ipc' })
  })

  it('tell whenever somebody leaves: locked, signed out, disabled or idle, and each time once', () => {
    const { state, signIns } = made()
    const session = signIns.open(account.operator, 'ipc', undefined)
    expect(state.left).toBe(0)
    signIns.lock(session)
    expect(state.left).toBe(1)
    const second = signIns.open(account.operator, 'ipc', session)
    expect(state.left).toBe(2)
    signIns.end(second)
    signIns.end(second)
    signIns.lock(second)
    expect(state.left).toBe(3)
    const third = signIns.open(account.operator, 'ipc', undefined)
    state.nowMs += idleLockMs + 1
    expect(signIns.currentOf(third)?.lockedAt).toEqual(expect.any(String))
    expect(state.left).toBe(4)
    signIns.endOf(account.operator)
    expect(state.left).toBe(5)
  })

  it('a session has 256 bits, is one account at its role of now, and ends with its account', () => {
    const { state, signIns, as } = made()
    const session = signIns.open(account.operator, 'ipc', undefined)
    expect(Buffer.from(session, 'base64url').length).toBe(32)
    expect(as(session)).toEqual({ role: 'operator', door: 'ipc', operator: 'an-audit-id' })
    state.account = { ...account, role: 'auditor' }
    expect(as(session).role).toBe('auditor')
    state.account = { ...account, enabled: false }
    expect(as(session).role).toBe('nobody')
    state.account = account
    expect(as(session).role).toBe('nobody')
  })

  it('a window locks when it was idle, activity puts it off, and a locked one stays locked', () => {
    const { state, signIns, as } = made()
    const session = signIns.open(account.operator, 'socket', undefined)
    state.nowMs = idleLockMs - 1
    signIns.touch(session)
    state.nowMs = idleLockMs + 1000
    expect(as(session).role).toBe('operator')
    state.nowMs = 2 * idleLockMs
    expect(as(session).role).toBe('nobody')
    expect(state.locked).toEqual([{ role: 'operator', door: 'socket', operator: 'an-audit-id' }])
    signIns.touch(session)
    expect(as(session).role).toBe('nobody')
    expect(signIns.currentOf(session)?.lockedAt).toEqual(expect.any(String))
    expect(state.locked.length).toBe(1)
    // Signing in again replaces the locked session.
    const again = signIns.open(account.operator, 'socket', session)
    expect(as(again).role).toBe('operator')
    expect(signIns.currentOf(session)).toBeUndefined()
  })

  it('the timer locks by itself, commands are never idle', () => {
    vi.useFakeTimers()
    try {
      const { state, signIns, as } = made()
      signIns.open(account.operator, 'ipc', undefined)
      const command = signIns.open(account.operator, 'command', undefined)
      state.nowMs = idleLockMs
      vi.advanceTimersByTime(idleLockMs + 10)
      expect(state.locked.length).toBe(1)
      state.nowMs = 10 * idleLockMs
      expect(as(command, 'command').role).toBe('operator')
      signIns.close()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('what was read last counts while the database is closed for a moment, and nobody is signed out by it', () => {
    const { state, signIns, as } = made()
    const session = signIns.open(account.operator, 'ipc', undefined)
    expect(as(session).role).toBe('operator')
    state.closed = true
    expect(as(session).role).toBe('operator')
    // One whose account was never read is nobody.
    expect(as(signIns.open(account.operator, 'ipc', undefined)).role).toBe('nobody')
    state.closed = false
    expect(as(session).role).toBe('operator')
  })

  it('clients act only for an administrator', () => {
    const { state, signIns } = made()
    const session = signIns.open(account.operator, 'command', undefined)
    const client = () => signIns.actorOf({ role: 'client', door: 'rest', session })
    expect(client()).toEqual({ role: 'nobody', door: 'rest' })
    state.account = { ...account, role: 'administrator' }
    expect(client()).toEqual({ role: 'client', door: 'rest', operator: 'an-audit-id' })
  })

  it('holds no more than its limit', () => {
    const { signIns } = made()
    for (let count = 0; count < 64; count++) signIns.open(account.operator, 'command', undefined)
    expect(() => signIns.open(account.operator, 'command', undefined)).toThrow(expect.objectContaining({ code: 'rate.limited' }))
  })

  it('a new secret ends every session of the account but one', () => {
    const { signIns, as } = made()
    const [mine, other] = [signIns.open(account.operator, 'ipc', undefined), signIns.open(account.operator, 'socket', undefined)]
    signIns.endOf(account.operator, mine)
    expect([as(mine).role, as(other).role]).toEqual(['operator', 'nobody'])
  })
})
