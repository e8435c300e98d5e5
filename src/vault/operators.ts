/**
 * Accounts of operators.
 *
 * 1. From the first account on there is always an administrator who is enabled.
 * 2. What changes an account is committed with its audit entry, which names accounts by their audit ids.
 * 3. Hashing runs outside the transactions; what must hold is looked at again inside.
 */
import type Database from 'better-sqlite3'
import { VultusError } from '../contract/errors.ts'
import type { Actor } from '../contract/records.ts'
import type { AccountRole, OperatorAccount, OperatorPolicy, SecretKind } from '../contract/rows/operator.ts'
import { mayHavePin, passwordCharactersMax, passwordCharactersMinOf, passwordProblem, pinDigits, pinProblem } from '../core/signInRules.ts'
import type { VaultKeys } from './keys/derive.ts'
import { accountOf, type OperatorContent, OperatorRows } from './operatorRows.ts'
import { type RandomSource, randomId } from './random.ts'
import type { Sealer } from './seal.ts'
import { SignInFailures } from './signInFailures.ts'
import { SignInRecords, type SignInRefusal } from './signInRecords.ts'
import type { Transactions } from './transactions.ts'
import { dummyVerifier, isRight, makeVerifier } from './verifier.ts'

export interface OperatorsOptions {
  readonly database: Database.Database
  readonly keys: VaultKeys
  readonly sealer: Sealer
  readonly random: RandomSource
  readonly transactions: Transactions
}

export interface OperatorChange {
  readonly name: string
  readonly newName?: string | undefined
  readonly role?: AccountRole | undefined
  readonly secretKind?: SecretKind | undefined
  readonly secret?: string | undefined
  readonly enable: boolean
}

/** Roles that audit.verify is for. */
const mayCheck: readonly AccountRole[] = ['auditor', 'administrator']

interface NewSecret {
  readonly kind: SecretKind
  readonly secret: string
}

export class Operators {
  readonly #transactions: Transactions
  readonly #random: RandomSource
  readonly #rows: OperatorRows
  readonly #failures: SignInFailures
  readonly #records = new SignInRecords()
  readonly #policy: Database.Statement<[], { pin_allowed: number; idle_lock_ms: number }>
  readonly #setPolicy: Database.Statement<[number, number]>
  #any: boolean

  constructor(options: OperatorsOptions) {
    const { database, keys, sealer, transactions, random } = options
    this.#transactions = transactions
    this.#random = random
    this.#rows = new OperatorRows(database, keys, sealer)
    this.#failures = new SignInFailures(database)
    this.#policy = database.prepare('SELECT pin_allowed, idle_lock_ms FROM policy WHERE only_row = 1')
    this.#setPolicy = database.prepare('UPDATE policy SET pin_allowed = ?, idle_lock_ms = ? WHERE only_row = 1')
    this.#any = database.prepare('SELECT 1 FROM operators LIMIT 1').get() !== undefined
  }

  /** Whether there is any account: from then on somebody has to sign in. */
  get any(): boolean {
    return this.#any
  }

  /** An account by its audit id. */
  byId(operator: string): OperatorAccount | undefined {
    return this.#transactions.read(() => {
      const content = this.#rows.byAuditId(operator)
      return content === undefined ? undefined : accountOf(content)
    })
  }

  list(): OperatorAccount[] {
    return this.#transactions.read(() => this.#rows.all().map(accountOf))
  }

  /**
   * Adds an account.
   * @throws operator.firstAdministrator, operator.exists, operator.secretWeak, signIn.pinRefused, signIn.pinOperatorsOnly
   */
  async add(change: { name: string; role: AccountRole; secretKind: SecretKind; secret: string }, actor: Actor): Promise<OperatorAccount> {
    const { name, role, secretKind, secret } = change
    const assertAddable = () => {
      this.#assertSecret({ kind: secretKind, secret }, role)
      if (!this.#any && role !== 'administrator') throw new VultusError('operator.firstAdministrator')
      if (this.#rows.find(name) !== undefined) throw new VultusError('operator.exists')
    }
    this.#transactions.read(assertAddable)
    const verifier = await makeVerifier(secret, this.#random)
    const account = this.#transactions.write(() => {
      assertAddable()
      const createdMs = this.#transactions.nowMs()
      const auditId = randomId(this.#random)
      const content = {
        auditId,
        name,
        role,
        secretKind,
        verifier: () => verifier,
        createdMs,
        changedMs: createdMs,
        state: 'enabled',
        disabledMs: null,
      } as const
      this.#rows.insert(content)
      this.#failures.clear(this.#rows.indexOf(name))
      this.#append('operator.add', actor, content, { role, secretKind })
      return accountOf(content)
    })
    this.#any = true
    return account
  }

  /**
   * Changes name, role or secret of an account, or enables it again; its waiting time ends with a new secret.
   * @throws operator.unknown, operator.exists, operator.lastAdministrator, operator.secretWeak, signIn.pinRefused,
   * signIn.pinOperatorsOnly
   */
  async change(change: OperatorChange, actor: Actor): Promise<OperatorAccount> {
    const { secret, secretKind = 'password' } = change
    if (secret === undefined && change.secretKind !== undefined) throw new VultusError('request.invalid', 'secret: it is missing')
    const newSecret = secret === undefined ? undefined : { kind: secretKind, secret }
    this.#transactions.read(() => this.#assertChange(change, newSecret))
    const verifier = secret === undefined ? undefined : await makeVerifier(secret, this.#random)
    return this.#transactions.write(() => {
      const before = this.#assertChange(change, newSecret)
      const enabled = change.enable || before.state === 'enabled'
      const after: OperatorContent = {
        ...before,
        name: change.newName ?? before.name,
        role: change.role ?? before.role,
        secretKind: newSecret?.kind ?? before.secretKind,
        verifier: verifier === undefined ? before.verifier : () => verifier,
        state: enabled ? 'enabled' : 'disabled',
        changedMs: this.#transactions.nowMs(),
        disabledMs: enabled ? null : before.disabledMs,
      }
      this.#rows.update(after)
      this.#failures.rename(this.#rows.indexOf(before.name), this.#rows.indexOf(after.name))
      if (newSecret !== undefined) this.#failures.clear(this.#rows.indexOf(after.name))
      this.#append('operator.change', actor, after, {
        role: after.role,
        renamed: change.newName !== undefined,
        newSecret: newSecret?.kind ?? null,
        enabled: change.enable,
      })
      return accountOf(after)
    })
  }

  /** @throws operator.unknown, operator.lastAdministrator */
  disable(name: string, actor: Actor): OperatorAccount {
    return this.#transactions.write(() => {
      const before = this.#need(name)
      if (before.state === 'disabled') return accountOf(before)
      this.#assertNotLast(before)
      const nowMs = this.#transactions.nowMs()
      const after: OperatorContent = { ...before, state: 'disabled', changedMs: nowMs, disabledMs: nowMs }
      this.#rows.update(after)
      this.#append('operator.disable', actor, after, {})
      return accountOf(after)
    })
  }

  /**
   * The account that name and secret belong to. An unknown name, a disabled account and a wrong secret take the same time and
   * give the same answer.
   * @throws signIn.wait with `waitMs`, signIn.wrong; after the right PIN signIn.pinRefused, signIn.pinOperatorsOnly
   */
  async signIn(name: string, secret: string, door: Actor['door']): Promise<OperatorAccount> {
    const index = this.#rows.indexOf(name)
    const { waitMs, waitMsIfWrong, content } = this.#transactions.write(() => ({
      ...this.#failures.begin(index, this.#transactions.nowMs()),
      content: this.#rows.find(name),
    }))
    if (waitMs > 0) {
      this.#recordRefused(content, 'signIn.wait', door)
      throw new VultusError('signIn.wait', `${Math.ceil(waitMs / 1000)} s`, { data: { waitMs } })
    }
    const usable = content?.state === 'enabled' ? content : undefined
    const right = await isRight(secret, usable?.verifier() ?? dummyVerifier(this.#random))
    const outcome = this.#endSignIn(right ? usable : undefined, content, index, door)
    if (outcome.code === 'signIn.wrong') throw new VultusError(outcome.code, undefined, { data: { waitMs: waitMsIfWrong } })
    if (outcome.code !== undefined) throw new VultusError(outcome.code)
    return outcome.account
  }

  policy(): OperatorPolicy {
    return this.#transactions.read(() => {
      const row = this.#policy.get()
      if (row === undefined) throw new VultusError('vault.damaged', 'policy')
      return { pinAllowed: row.pin_allowed === 1, idleLockMs: row.idle_lock_ms }
    })
  }

  setPolicy(policy: OperatorPolicy, actor: Actor): OperatorPolicy {
    return this.#transactions.write(() => {
      this.#setPolicy.run(policy.pinAllowed ? 1 : 0, policy.idleLockMs)
      this.#transactions.audit({ event: 'operator.policy', actor, outcome: 'done', details: { ...policy } })
      return policy
    })
  }

  /** @param right the account, where the secret was its own; @param named the account of the name, whatever the secret */
  #endSignIn(
    right: OperatorContent | undefined,
    named: OperatorContent | undefined,
    index: Buffer,
    door: Actor['door'],
  ): { code: SignInRefusal } | { code?: undefined; account: OperatorAccount } {
    return this.#transactions.write(() => {
      // Between the two transactions an administrator may have disabled the account or given it another secret.
      const now = right === undefined ? undefined : this.#rows.byAuditId(right.auditId)
      const usable = now?.state === 'enabled' && right !== undefined && isSameVerifier(now, right) ? now : undefined
      if (usable !== undefined) this.#failures.clear(index)
      const code = usable === undefined ? 'signIn.wrong' : this.#pinRefusal(usable.secretKind, usable.role)
      if (usable === undefined || code !== undefined) {
        this.#appendRefused(named, code ?? 'signIn.wrong', door)
        return { code: code ?? 'signIn.wrong' }
      }
      const details = this.#records.done(usable.auditId)
      const actor = { role: usable.role, door, operator: usable.auditId }
      try {
        this.#transactions.audit({ event: 'operator.signIn', actor, outcome: 'done', ...(details === undefined ? {} : { details }) })
      } catch (error) {
        // Who checks a chain that is broken has to come in; all that is recorded is refused to them (audit.unrecorded).
        if (!(error instanceof VultusError && error.code === 'audit.broken' && mayCheck.includes(usable.role))) throw error
      }
      return { account: accountOf(usable) }
    })
  }

  /** What was refused and not recorded one by one, before the vault is closed. Never keeps a vault from closing. */
  flushRecords(door: Actor['door']): void {
    const unrecorded = this.#records.flush()
    if (unrecorded.length === 0) return
    const entry = { event: 'operator.signIn', actor: { role: 'nobody', door }, outcome: 'refused', code: 'signIn.wait' } as const
    try {
      this.#transactions.write(() => {
        for (const details of unrecorded) this.#transactions.audit({ ...entry, details })
      })
    } catch {
      // A disk that is full or gone: the counts go with the process.
    }
  }

  #recordRefused(named: OperatorContent | undefined, code: SignInRefusal, door: Actor['door']): void {
    this.#transactions.write(() => this.#appendRefused(named, code, door))
  }

  /** The caller is in a transaction. */
  #appendRefused(named: OperatorContent | undefined, code: SignInRefusal, door: Actor['door']): void {
    const details = this.#records.refused(named?.auditId, code, this.#transactions.nowMs())
    if (details === undefined) return
    this.#transactions.audit({ event: 'operator.signIn', actor: { role: 'nobody', door }, outcome: 'refused', code, details })
  }

  #assertChange(change: OperatorChange, newSecret: NewSecret | undefined): OperatorContent {
    const before = this.#need(change.name)
    const role = change.role ?? before.role
    const other = change.newName === undefined ? undefined : this.#rows.find(change.newName)
    if (other !== undefined && other.auditId !== before.auditId) throw new VultusError('operator.exists')
    if (newSecret !== undefined) this.#assertSecret(newSecret, role)
    else if (before.secretKind === 'pin' && role !== before.role && !mayHavePin(role)) {
      throw new VultusError('signIn.pinOperatorsOnly', 'the other role needs a new password in the same change')
    } else if (role === 'administrator' && before.role !== 'administrator') {
      // How long the password is nobody knows any more.
      throw new VultusError('operator.secretWeak', 'a new administrator needs a new password in the same change')
    }
    if (role !== 'administrator') this.#assertNotLast(before)
    return before
  }

  #assertNotLast(content: OperatorContent): void {
    if (content.role !== 'administrator' || content.state !== 'enabled') return
    const administrators = this.#rows.all().filter(({ role, state }) => role === 'administrator' && state === 'enabled')
    if (administrators.length <= 1) throw new VultusError('operator.lastAdministrator')
  }

  #assertSecret({ kind, secret }: NewSecret, role: AccountRole): void {
    const refusal = this.#pinRefusal(kind, role)
    if (refusal !== undefined) throw new VultusError(refusal)
    const problem = kind === 'pin' ? pinProblem(secret, role) : passwordProblem(secret, role)
    if (problem === undefined) return
    const lengths = kind === 'pin' ? `${pinDigits.min} to ${pinDigits.max} digits` : `${passwordCharactersMinOf(role)} characters or more`
    const words = {
      short: `it needs ${lengths}`,
      long: kind === 'pin' ? `it needs ${lengths}` : `it has at most ${passwordCharactersMax} characters`,
      notDigits: 'a PIN has digits only',
      simple: 'it is a sequence or repeats itself',
      operatorsOnly: 'only operators have a PIN',
    }
    throw new VultusError('operator.secretWeak', words[problem])
  }

  /** Why an account of a role may not have, or use, a PIN; undefined for what it may. */
  #pinRefusal(kind: SecretKind, role: AccountRole): 'signIn.pinRefused' | 'signIn.pinOperatorsOnly' | undefined {
    if (kind !== 'pin') return undefined
    if (!mayHavePin(role)) return 'signIn.pinOperatorsOnly'
    return this.policy().pinAllowed ? undefined : 'signIn.pinRefused'
  }

  #need(name: string): OperatorContent {
    const content = this.#rows.find(name)
    if (content === undefined) throw new VultusError('operator.unknown')
    return content
  }

  #append(
    event: 'operator.add' | 'operator.change' | 'operator.disable',
    actor: Actor,
    content: OperatorContent,
    details: Readonly<Record<string, string | boolean | null>>,
  ): void {
    this.#transactions.audit({ event, actor, outcome: 'done', details: { account: content.auditId, ...details } })
  }
}

/** Whether an account still has the secret that it had. */
function isSameVerifier(one: OperatorContent, other: OperatorContent): boolean {
  const [now, before] = [one.verifier().hash, other.verifier().hash]
  const same = now.equals(before)
  now.fill(0)
  before.fill(0)
  return same
}
