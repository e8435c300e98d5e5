/** A vault with a gallery of drawn templates, made by the vault's own bulk import and sealed into segments. */
import type { AuditEntry } from '../../../src/contract/records.ts'
import { initVault } from '../../../src/vault/open.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import type { Templates } from './templates.ts'

export const benchPassphrase = 'a passphrase for the bench'
const batchRows = 10_000
const toldEvery = 10
const audit: AuditEntry = { event: 'subject.enrol', actor: { role: 'administrator', door: 'command' }, outcome: 'done' }

/** @param folder an empty one @param model what the templates are said to be made with */
export async function filledVault(
  folder: string,
  templates: Templates,
  rows: number,
  model: string,
  say: (line: string) => void,
): Promise<Vault> {
  const vault = await initVault({ folder, key: 'passphrase', passphrase: benchPassphrase, kind: 'real', nowMs: Date.now })
  const startedMs = performance.now()
  for (let first = 0; first < rows; first += batchRows) {
    const entries = Array.from({ length: Math.min(batchRows, rows - first) }, (_, at) => {
      const template = new Float32Array(templates.dimension)
      templates.row(first + at, template)
      const reference = { model, template, captureSource: 'file', pad: 'notAssessed', quality: null, sample: null } as const
      return { id: `B-${first + at}`, references: [reference] }
    })
    vault.enrolments.commitBatch({ entries, audit })
    if ((first / batchRows) % toldEvery === toldEvery - 1) {
      say(`${first + entries.length} of ${rows} references stored, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
    }
  }
  await vault.galleries.seal({ id: model, meanTemplate: templates.meanTemplate })
  return vault
}
