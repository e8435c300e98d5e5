/** Accounts and programs by their names, where records know them by random ids. */
import { type Named, shortId } from '../../contract/named.ts'
import { fill, text } from './text.ts'

/** The name of an account or program; where the vault knows none, that it is unknown, with the beginning of its id. */
export const nameWords = ({ id, kind, name }: Named): string => name ?? fill(text.audit.unknown[kind], { id: shortId(id) })

/** The name behind a random id. */
export const nameOf = (named: readonly Named[], id: string, kind: Named['kind'] = 'account'): string =>
  nameWords(named.find((one) => one.id === id) ?? { id, kind, name: null })
