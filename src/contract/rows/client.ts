/** Programs of integrators that use the service endpoints, each with a key of its own. */
import { z } from 'zod'
import { ClientPermission } from '../clients.ts'
import { quick, row } from '../row.ts'
import { OperatorName } from './operator.ts'

const Permissions = z
  .array(ClientPermission)
  .min(1)
  .max(ClientPermission.options.length)
  .refine((list) => new Set(list).size === list.length, 'each permission once')

export const ApiClient = z.object({
  /** Random id by which the audit chain knows the program. */
  client: z.string(),
  name: OperatorName,
  permissions: z.array(ClientPermission),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** To the minute; null where it never asked for anything. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
})
export type ApiClient = z.infer<typeof ApiClient>

const printable = (text: string) => text.replace(/\p{Cc}/gu, '?')

function listText({ clients }: { clients: readonly ApiClient[] }): string {
  if (clients.length === 0) return 'No program has a key.'
  return clients
    .map(({ name, permissions, lastUsedAt, revokedAt }) => {
      const state = revokedAt === null ? `last used ${lastUsedAt ?? 'never'}` : `revoked ${revokedAt}`
      return `${printable(name)}  ${permissions.join(',')}  ${state}`
    })
    .join('\n')
}

const keyText = ({ name, key }: { name: string; key: string }) =>
  `Key of ${printable(name)}, shown once and kept nowhere:\n${key}\nThe program sends it as: Authorization: Bearer KEY`

export const clientRows = {
  'client.list': row({
    input: z.object({}),
    output: z.object({ clients: z.array(ApiClient) }),
    roles: ['administrator'],
    audit: 'read',
    vault: 'open',
    limits: quick,
    command: {
      name: 'clients list',
      summary: 'list the programs that have a key, what they may do and when they were used last',
      example: 'vultus clients list --as Ada',
      options: [],
      text: listText,
    },
  }),
  'client.add': row({
    input: z.object({
      name: OperatorName.describe('name of the program'),
      permissions: Permissions.describe('what it may do'),
    }),
    output: ApiClient.extend({
      /** Shown once; the vault keeps its digest alone. */
      key: z.string(),
    }),
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'clients add',
      summary: 'give a program a key of its own, which is shown once, for what it may do',
      example: 'vultus clients add --as Ada --name "Gate 4" --permissions verify,identify',
      options: ['name', 'permissions'],
      text: keyText,
    },
  }),
  'client.revoke': row({
    input: z.object({ name: OperatorName.describe('name of the program') }),
    output: ApiClient,
    roles: ['administrator'],
    audit: 'effect',
    vault: 'open',
    limits: quick,
    command: {
      name: 'clients revoke',
      summary: 'take the key of a program back; its next request is refused',
      example: 'vultus clients revoke --as Ada --name "Gate 4"',
      options: ['name'],
    },
  }),
  /** Who a program is to the station: what its key is for. The token of the service has no name and may do all that programs may. */
  'client.current': row({
    input: z.object({}),
    output: z.object({ name: OperatorName.nullable(), permissions: z.array(ClientPermission) }),
    roles: ['client'],
    audit: 'none',
    vault: 'any',
    limits: quick,
    rest: { method: 'GET', path: '/api/client' },
  }),
}
