/** A vault with a folder for its backups, and restoring from there. */
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { AuditEntry } from '../../src/contract/records.ts'
import { keyFileName } from '../../src/vault/backup/keyFile.ts'
import { type Restored, type RestoreOptions, restoreVault } from '../../src/vault/backup/restore.ts'
import { initVault, openVault } from '../../src/vault/open.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { bytesOf, clock, codeOf, enrolEntry, model, passphrase, referenceOf, templateOf, temporaryFolder } from './fixtures.ts'

export const actor = { role: 'administrator', door: 'command' } as const
export const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor, outcome: 'done' })
export const backUpEntry = entry('vault.backUp')
export const newPassphrase = 'another horse battery'

export interface Site {
  readonly folder: string
  readonly to: string
  readonly vault: Vault
  readonly recoveryKey: string
}

export async function site(subjects = 3): Promise<Site> {
  const folder = temporaryFolder()
  const to = temporaryFolder()
  let recoveryKey = ''
  const onRecoveryKey = (made: string) => {
    recoveryKey = made
  }
  const vault = await initVault({ folder, key: 'passphrase', passphrase, kind: 'real', nowMs: clock(), onRecoveryKey })
  onTestFinished(() => vault.close())
  for (let no = 1; no <= subjects; no++) enrol(vault, no)
  return { folder, to, vault, recoveryKey }
}

export function enrol(vault: Vault, no: number): void {
  vault.enrolments.commit({ id: `R-${no}`, name: `Name ${no}`, references: [referenceOf(`a${no}`)], audit: enrolEntry })
}

export function expectSubject(vault: Vault, no: number): void {
  expect(vault.subjects.get(`R-${no}`)).toMatchObject({ name: `Name ${no}`, references: 1 })
  expect(vault.references.ofSubject(`R-${no}`, model)?.[0]?.template).toEqual(templateOf(`a${no}`))
  expect(Buffer.compare(vault.references.newestSample(`R-${no}`) ?? Buffer.alloc(0), bytesOf(`a${no} picture`, 5000))).toBe(0)
}

export async function restored(
  from: string,
  changes: Partial<RestoreOptions> = {},
): Promise<{ vault: Vault; report: Restored; folder: string }> {
  const folder = changes.folder ?? temporaryFolder()
  const report = await restoreVault({ from, folder, passphrase, audit: entry('vault.restore'), nowMs: clock(), ...changes })
  const vault = await openVault({ folder, passphrase: changes.passphrase ?? passphrase, nowMs: clock() })
  onTestFinished(() => vault.close())
  return { vault, report, folder }
}

export const refusal = (from: string, changes: Partial<RestoreOptions> = {}) =>
  codeOf(() => restoreVault({ from, folder: temporaryFolder(), passphrase, audit: entry('vault.restore'), nowMs: clock(), ...changes }))

export const keyFileOf = ({ to, vault }: Site) => join(to, keyFileName(vault.id))
