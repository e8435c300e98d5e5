/** Accounts of operators, and signing in to a station. */
import { z } from 'zod'
import { accounts, quick, row } from '../row.ts'

/** Roles that an account can have; `client` belongs to the service endpoints. */
export const AccountRole = z.enum(accounts)
export type AccountRole = z.infer<typeof AccountRole>

export const SecretKind = z.enum(['password', 'pin'])
export type SecretKind = z.infer<typeof SecretKind>

/** A name as it is typed; letters that are composed differently, capitals and spaces do not make another one. */
export const OperatorName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}]*$/u, 'a name has no control characters')

/** How long an account may be idle before its window locks, milliseconds. */
export const IdleLockMs = z
  .number()
  .int()
  .min(10_000)
  .max(8 * 60 * 60_000)

export const OperatorAccount = z.object({
  /** Random id by which the audit chain knows the account. */
  operator: z.string(),
  name: OperatorName,
  role: AccountRole,
  secretKind: SecretKind,
  enabled: z.boolean(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  changedAt: z.string(),
  disabledAt: z.string().nullable(),
})
export type OperatorAccount = z.infer<typeof OperatorAccount>

export const OperatorPolicy = z.object({
  /** Whether operators may have a PIN of digits in place of a password; other roles never have one. */
  pinAllowed: z.boolean(),
  idleLockMs: IdleLockMs,
})
export type OperatorPolicy = z.infer<typeof OperatorPolicy>

export const Secret = z.string().min(1).max(1024)

/** What a request says of itself; whether the account has that role already the vault knows. */
const isPinOfOperator = ({ role, secretKind }: { role?: AccountRole | undefined; secretKind?: SecretKind | undefined }) =>
  secretKind !== 'pin' || role === undefined || role === 'operator'
const pinOfOperator = { path: ['secretKind'], error: 'a PIN is for operators only, other roles need a password' }

export const operatorRows = {
  'operator.list': row({
    input: z.object({}),
    output: z.object({ operators: z.array(OperatorAccount) }),
    roles: ['administrator'],
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: { name: 'operators list', summary: 'list the accounts', example: 'vultus operators list --as Ada --json', options: [] },
  }),
  'operator.add': row({
    input: z
      .object({
        name: OperatorName.describe('name of the account'),
        role: AccountRole.describe('what the account may do'),
        secretKind: SecretKind.default('password').describe('password, or for an operator a PIN of digits where the policy allows it'),
        secret: Secret,
      })
      .refine(isPinOfOperator, pinOfOperator),
    output: OperatorAccount,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...quick, timeoutMs: 30_000, atOnceMax: 4 },
    command: {
      name: 'operators add',
      summary: 'add an account; the first one has to be an administrator',
      example: 'VULTUS_NEW_PASSWORD=... vultus operators add --name Ada --role administrator',
      options: ['name', 'role', 'secretKind'],
      newSecret: 'always',
    },
  }),
  'operator.change': row({
    input: z
      .object({
        name: OperatorName.describe('name of the account'),
        newName: OperatorName.optional().describe('its new name'),
        role: AccountRole.optional().describe('what the account may do from now on'),
        secretKind: SecretKind.optional().describe('give it a new password, or an operator a new PIN'),
        secret: Secret.optional(),
        enable: z.boolean().default(false).describe('enable an account that was disabled'),
      })
      .refine(isPinOfOperator, pinOfOperator),
    output: OperatorAccount,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: { ...quick, timeoutMs: 30_000, atOnceMax: 4 },
    command: {
      name: 'operators change',
      summary: 'change name, role or password of an account, or enable it again; its waiting time ends',
      example: 'vultus operators change --as Ada --name Grace --secret-kind password',
      options: ['name', 'newName', 'role', 'secretKind', 'enable'],
      newSecret: 'named',
    },
  }),
  'operator.disable': row({
    input: z.object({ name: OperatorName.describe('name of the account') }),
    output: OperatorAccount,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'operators disable',
      summary: 'disable an account; whoever is signed in with it is signed out',
      example: 'vultus operators disable --as Ada --name Grace',
      options: ['name'],
    },
  }),
  'operator.policy': row({
    input: z.object({
      pin: z.enum(['allowed', 'refused']).optional().describe('whether operators may have a PIN'),
      idleLockMs: IdleLockMs.optional().describe('idle time after which a window locks, milliseconds'),
    }),
    output: OperatorPolicy,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'operators policy',
      summary: 'show or change the rules of signing in',
      example: 'vultus operators policy --as Ada --pin allowed --idle-lock-ms 120000',
      options: ['pin', 'idleLockMs'],
    },
  }),
  'operator.signIn': row({
    input: z.object({ name: OperatorName, secret: Secret }),
    output: z.object({
      name: OperatorName,
      role: AccountRole,
      /** 256 random bits, for the door of the connection alone: doors keep it and take it out of the answer. */
      session: z.string().optional(),
    }),
    roles: accounts,
    signIn: 'none',
    audit: 'own',
    vault: 'open',
    limits: { ...quick, timeoutMs: 30_000, atOnceMax: 4 },
  }),
  'operator.signOut': row({
    input: z.object({}),
    output: z.object({}),
    roles: accounts,
    signIn: 'none',
    audit: 'own',
    vault: 'open',
    limits: quick,
  }),
  'operator.lock': row({
    input: z.object({}),
    output: z.object({}),
    roles: accounts,
    audit: 'own',
    vault: 'open',
    limits: quick,
  }),
  'operator.current': row({
    input: z.object({
      /** Somebody used keyboard or mouse since the last time: puts the idle lock off. */
      active: z.boolean().default(false),
    }),
    output: z.object({
      /** Whether there are accounts, so that somebody has to sign in. */
      needed: z.boolean(),
      state: z.enum(['nobody', 'signedIn', 'locked']),
      operator: z.string().nullable(),
      name: OperatorName.nullable(),
      role: AccountRole.nullable(),
      /** ISO 8601, UTC. */
      lockedAt: z.string().nullable(),
      idleLockMs: IdleLockMs,
    }),
    roles: [...accounts, 'client'],
    signIn: 'none',
    audit: 'none',
    vault: 'any',
    limits: quick,
  }),
}
