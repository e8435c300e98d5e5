import type { Vault } from '../../src/vault/vault.ts'

/** What an import of a list is begun with. */
export const listImport: Parameters<Vault['imports']['begin']>[0] = {
  source: '/people.csv',
  kind: 'list',
  duplicates: 'ask',
  preset: 'none',
  fmr: 1e-3,
  fpir: null,
  columns: {},
  unreadColumns: [],
  salt: 'salt',
}
