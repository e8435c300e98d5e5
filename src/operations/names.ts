/** Names for the random ids of accounts and programs, looked up when records are shown. */
import { VultusError } from '../contract/errors.ts'
import { idsOf, type Named, type NamedKind, type NamingRecord } from '../contract/named.ts'
import type { VaultPort } from './ports.ts'

type NamingVault = Pick<VaultPort, 'operators' | 'clients'>

/** Everybody whom records tell of, once. Whoever is not in the vault any more has no name. */
export function namesInRecords(vault: NamingVault, records: readonly NamingRecord[]): Named[] {
  return namesOf(vault, records.flatMap(idsOf))
}

/** @param ids with what each should be, which decides what somebody unknown is called */
export function namesOf(vault: NamingVault, ids: readonly { readonly id: string; readonly kind: NamedKind }[]): Named[] {
  const kinds = new Map(ids.map(({ id, kind }) => [id, kind]))
  return [...kinds].map(([id, kind]) => named(vault, id, kind))
}

function named({ operators, clients }: NamingVault, id: string, kind: NamedKind): Named {
  const account = unlessDamaged(() => operators.byId(id))
  if (account !== undefined) return { id, kind: 'account', name: account.name }
  const program = unlessDamaged(() => clients.byId(id))
  return { id, kind: program === undefined ? kind : 'program', name: program?.name ?? null }
}

/** Records are read to find out what is wrong with a vault: a row that does not open leaves its id without a name. */
function unlessDamaged<T>(look: () => T | undefined): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof VultusError) return undefined
    throw error
  }
}
