/** Accounts of operators, and who is signed in at a connection. */
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { OperatorAccount } from '../contract/rows/operator.ts'
import type { Handlers } from './handlerTypes.ts'
import type { Parts } from './parts.ts'

/** While nobody can be asked for the rule, as before the vault is open. */
const idleLockMsByDefault = 5 * 60_000

export function operatorHandlers(parts: Parts) {
  return { ...accountHandlers(parts), ...signInHandlers(parts) }
}

function accountHandlers({ holder, signIns, onSignIns }: Parts) {
  const operators = async () => (await holder.need()).operators
  return {
    'operator.list': async () => ({ operators: (await operators()).list() }),
    'operator.add': async (input, actor) => {
      const account = await (await operators()).add(input, actor)
      // With the first account every window has to sign in.
      onSignIns()
      return account
    },
    'operator.change': async (input, actor, session) => {
      const account = await (await operators()).change(input, actor)
      // A new secret ends what was signed in with the one before; only who changed it stays.
      if (input.secret !== undefined) signIns.endOf(account.operator, session)
      onSignIns()
      return account
    },
    'operator.disable': async (input, actor) => {
      const account = (await operators()).disable(input.name, actor)
      signIns.endOf(account.operator)
      onSignIns()
      return account
    },
    'operator.policy': async ({ pin, idleLockMs }, actor) => {
      const port = await operators()
      const before = port.policy()
      if (pin === undefined && idleLockMs === undefined) return before
      const policy = port.setPolicy(
        { pinAllowed: pin === undefined ? before.pinAllowed : pin === 'allowed', idleLockMs: idleLockMs ?? before.idleLockMs },
        actor,
      )
      signIns.reschedule()
      onSignIns()
      return policy
    },
  } satisfies Partial<Handlers>
}

function signInHandlers({ holder, signIns, onSignIns }: Parts) {
  const actorOf = ({ role, operator }: OperatorAccount, door: Actor['door']): Actor => ({ role, door, operator })
  return {
    'operator.signIn': async ({ name, secret }, actor, session) => {
      const vault = await holder.need()
      if (!vault.operators.any) throw new VultusError('request.invalid', 'there are no accounts, so nobody has to sign in')
      const account = await vault.operators.signIn(name, secret, actor.door)
      const before = signIns.currentOf(session)?.account
      const opened = signIns.open(account.operator, actor.door, session)
      if (before !== undefined && before.operator !== account.operator) {
        vault.audit.append({ event: 'operator.signOut', actor: actorOf(before, actor.door), outcome: 'done' })
      }
      onSignIns()
      return { name: account.name, role: account.role, session: opened }
    },
    'operator.signOut': async (_input, actor, session) => {
      const current = signIns.currentOf(session)
      signIns.end(session)
      if (current === undefined) return {}
      const vault = await holder.need()
      vault.audit.append({ event: 'operator.signOut', actor: actorOf(current.account, actor.door), outcome: 'done' })
      onSignIns()
      return {}
    },
    'operator.lock': async (_input, actor, session) => {
      if (signIns.currentOf(session) === undefined) return {}
      const vault = await holder.need()
      signIns.lock(session)
      vault.audit.append({ event: 'operator.lock', actor, outcome: 'done', details: { idle: false } })
      onSignIns()
      return {}
    },
    'operator.current': async ({ active }, _actor, session) => {
      const current = signIns.currentOf(session)
      if (active) signIns.touch(session)
      const idleLockMs = holder.opened?.operators.policy().idleLockMs ?? idleLockMsByDefault
      if (current === undefined) {
        const nobody = { operator: null, name: null, role: null, lockedAt: null }
        return { needed: signIns.needed, state: 'nobody', ...nobody, idleLockMs }
      }
      const { account, lockedAt } = current
      const { operator, name, role } = account
      return { needed: true, state: lockedAt === null ? 'signedIn' : 'locked', operator, name, role, lockedAt, idleLockMs }
    },
  } satisfies Partial<Handlers>
}
