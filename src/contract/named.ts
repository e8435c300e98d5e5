/** Names for the random ids by which the audit chain knows accounts and programs. They are looked up when records are shown: the chain has no name. */
import { z } from 'zod'

export const Named = z.object({
  /** Random id, as it stands in records. */
  id: z.string(),
  kind: z.enum(['account', 'program']),
  /** As it is now, also where the account is disabled or the key was taken back; null where the vault knows nobody of that id. */
  name: z.string().nullable(),
})
export type Named = z.infer<typeof Named>
export type NamedKind = Named['kind']

/** What is read of a record to know whom it names. */
export interface NamingRecord {
  readonly actor: Readonly<Record<string, unknown>>
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** Fields of a record's details that hold the random id of an account or a program. */
export const namingDetails = { account: 'account', openedBy: 'account', client: 'program' } as const satisfies Record<string, NamedKind>
const isNamingDetail = (field: string): field is keyof typeof namingDetails => Object.hasOwn(namingDetails, field)

/** Ids of a record, each with what it should be: of a program its own, or the account that opened the service it uses. */
export function idsOf({ actor, details = {} }: NamingRecord): { readonly id: string; readonly kind: NamedKind }[] {
  const asked = typeof actor.operator === 'string' ? [{ id: actor.operator, kind: kindOfRole(actor.role) }] : []
  const told = Object.entries(details).flatMap(([field, id]) =>
    isNamingDetail(field) && typeof id === 'string' ? [{ id, kind: namingDetails[field] }] : [],
  )
  return [...asked, ...told]
}

export const kindOfRole = (role: unknown): NamedKind => (role === 'client' ? 'program' : 'account')

/** So much of an id tells two of a station apart. */
export const shortId = (id: string): string => id.slice(0, 8)

/** Whether a field of a record's details holds the id of somebody who has a name. */
export const namedDetail = (named: readonly Named[], field: string, value: unknown): Named | undefined =>
  isNamingDetail(field) ? named.find(({ id }) => id === value) : undefined
