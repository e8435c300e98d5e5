import type Database from 'better-sqlite3'
import type { AuditEntry } from '../../../src/contract/records.ts'
import type { Vault } from '../../../src/vault/vault.ts'
import { entry, model, templateOf } from './data.ts'
import { type Measured, measured, type Time, timeOf } from './measure.ts'

const rowsOfLimit = 1_000_000
const rewrappedMsMax = 40_000
/** Somebody stores a template so often meanwhile. */
const writeEveryMs = 100
/** As the vault takes them by itself. */
const keysPerPlainBatch = 512

const audit: AuditEntry = { event: 'vault.rotate', actor: { role: 'administrator', door: 'command' }, outcome: 'done' }

/** Every subject key wrapped anew, while templates are stored; and as many rows updated in plain SQLite. */
export function rotationSpeed(vault: Vault, plain: Database.Database, rows: number): Measured[] {
  const run = Date.now().toString(36)
  const writes: Time[] = []
  const steps: Time[] = []
  const total = timeOf(() => {
    const { id } = vault.rotation.begin({ deep: false, audit })
    let lastMs = performance.now()
    for (let done = false; !done; ) {
      steps.push(
        timeOf(() => {
          done = vault.rotation.step(id).state === 'done'
        }),
      )
      if (performance.now() - lastMs < writeEveryMs) continue
      lastMs = performance.now()
      const write = { id: `R-${run}-${writes.length}`, model, template: templateOf(writes.length), metadata: {}, audit: entry }
      writes.push(timeOf(() => void vault.storedTemplates.commit(write)))
    }
  })
  const what = `re-wrap ${rows} subject keys`
  return [
    measured(what, 'vault', [total], rows >= rowsOfLimit ? rewrappedMsMax : undefined),
    measured(what, 'plain', [plainUpdate(plain)]),
    measured('one step of it, which a write waits for', 'vault', steps),
    measured('a write between its steps', 'vault', writes),
  ]
}

function plainUpdate(plain: Database.Database): Time {
  const next = plain.prepare<[number, number], { subject_no: number; wrapped: Buffer }>(
    'SELECT subject_no, wrapped FROM subject_keys WHERE subject_no > ? ORDER BY subject_no LIMIT ?',
  )
  const update = plain.prepare('UPDATE subject_keys SET epoch = epoch + 1, wrapped = ? WHERE subject_no = ?')
  const step = plain.transaction((after: number) => {
    let last = after
    for (const { subject_no, wrapped } of next.all(after, keysPerPlainBatch)) {
      update.run(wrapped, subject_no)
      last = subject_no
    }
    return last
  })
  return timeOf(() => {
    for (let last = 0, before = -1; last !== before; ) {
      before = last
      last = step.immediate(last)
    }
  })
}
