/** What has to hold of a vault after its child was cut off: data, gallery, audit chain, jobs, imports and backups. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ImportOutcome } from '../../src/contract/bulkImport.ts'
import type { AuditRecord } from '../../src/contract/rows/audit.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { clock, enrolEntry, passphrase, rawDatabase, readEntry, temporaryFolder } from '../vault/fixtures.ts'
import { type Change, galleryIn, galleryOf, isDraftKey, subjectsOf, textsIn, textsOf } from './model.ts'
import { openHere, rootKeyOf } from './open-here.ts'
import type { Said } from './work.ts'
import { apply, assert, type Scene, take } from './workScene.ts'

function same(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([id, text]) => right.get(id) === text)
}

function differences(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string {
  const ids = new Set([...found.keys(), ...wanted.keys()])
  const lines = [...ids]
    .filter((id) => found.get(id) !== wanted.get(id))
    .map((id) => `${id}: ${found.get(id)} instead of ${wanted.get(id)}`)
  return lines.slice(0, 5).join('\n')
}

/** @param orSegments after a power cut segments may be missing: they are made again */
export async function assertAll(scene: Scene, said: readonly Said[], orSegments: boolean): Promise<void> {
  const pending = take(scene, said)
  const vault = await openHere(scene.folder, scene.rootKey)
  try {
    const found = textsIn(vault)
    if (!same(found, textsOf(scene.model))) {
      assert(pending !== undefined, () => `Nothing was left open, and\n${differences(found, textsOf(scene.model))}`)
      apply(scene, pending)
      assert(same(found, textsOf(scene.model)), () => `After ${JSON.stringify(pending)}\n${differences(found, textsOf(scene.model))}`)
    }
    const gallery = await galleryIn(vault)
    assert(JSON.stringify(gallery) === JSON.stringify(galleryOf(scene.model)), () => 'The gallery is another one')
    const { subjects, references } = vault.galleries.counts()
    assert(
      subjects === subjectsOf(scene.model).length && references === gallery.length,
      () => `${subjects} subjects, ${references} references`,
    )
    assert(orSegments || vault.galleries.problems().length === 0, () => JSON.stringify(vault.galleries.problems()))
    await assertAudit(vault, scene)
    assertJobs(vault, said)
    assertImports(vault)
    const { checks } = await vault.upkeep.run({ thorough: true })
    const wrong = checks.filter(({ name, problems }) => problems.length > 0 && !(orSegments && name === 'segments'))
    assert(wrong.length === 0, () => JSON.stringify(wrong))
    scene.records = vault.audit.verify().records
  } finally {
    vault.close()
  }
  const names = readdirSync(scene.folder).filter((name) => name !== 'gallery')
  assert(JSON.stringify(names.sort()) === '["vault.db","vault.json"]', () => `Left in the folder: ${names.join(' ')}`)
}

/** The records since the last look: one of enrolment for each that was applied, and so for the others. */
async function assertAudit(vault: Vault, scene: Scene): Promise<void> {
  const report = await vault.audit.report(undefined)
  assert(report.ok, () => `The audit chain does not verify: ${JSON.stringify(report)}`)
  if (scene.witnessed)
    assert(
      report.anchors.every(({ state }) => state === 'agrees'),
      () => `Anchors: ${JSON.stringify(report.anchors)}`,
    )
  const events = new Map<AuditRecord['event'], number>()
  for (let before: number | undefined; ; ) {
    const page = await vault.audit.page({ limit: 1000, before })
    for (const { no, event } of page.records) if (no > scene.records) events.set(event, (events.get(event) ?? 0) + 1)
    if (page.next === null || page.next <= scene.records) break
    before = page.next
  }
  const count = (...kinds: Change['kind'][]) => scene.applied.filter(({ kind }) => kinds.includes(kind)).length
  for (const [event, wanted] of [
    ['subject.enrol', count('enrol', 'batch', 'import', 'rollBack', 'complete')],
    ['draft.save', count('draft')],
    ['draft.discard', count('discard')],
    ['subject.erase', count('erase', 'remove')],
  ] as const) {
    assert((events.get(event) ?? 0) === wanted, () => `${events.get(event) ?? 0} records of ${event}, and ${wanted} changes`)
  }
  scene.records = report.records
  scene.applied = []
}

/** A job of which the child said that it is done is so; of each kind at most one goes on. */
function assertJobs(vault: Vault, said: readonly Said[]): void {
  const jobs = vault.jobs.list()
  for (const kind of ['rotate', 'rotateDeep', 'rekey'] as const) {
    const running = jobs.filter((job) => job.kind === kind && job.state === 'running').length
    const last = said.filter((line) => line.kind === kind).at(-1)
    assert(running <= (last?.state === 'done' ? 0 : 1), () => `${running} jobs of ${kind} go on`)
  }
}

/** An import is behind exactly the rows that were done, and each row names the subject that it enrolled, unless that was erased. */
function assertImports(vault: Vault): void {
  const imports = vault.jobs.list().filter(({ kind }) => kind === 'import')
  for (const { id, done } of imports) {
    const { rows } = vault.imports.report({ job: id, outcomes: ImportOutcome.options, after: 0, limit: 1000 })
    const numbers = rows.map(({ row }) => row).join(' ')
    assert(
      numbers === Array.from({ length: done }, (_, at) => at + 1).join(' '),
      () => `${done} rows are done, and these are there: ${numbers}`,
    )
    for (const { row, outcome, subject, mark } of rows) {
      const whose = subject === null ? null : `mark ${subject}`
      assert(outcome === 'enrolled' && mark === whose, () => `Row ${row}: ${outcome} ${subject} ${mark}`)
    }
  }
}

/** The newest backup restores: what did not change while it was made is in it, and nobody who was erased and followed. */
export async function assertRestored({ root, backup, gone, erased }: Scene): Promise<void> {
  if (backup === undefined) return
  const folder = join(temporaryFolder(), 'restored')
  const audit = { ...readEntry, event: 'vault.restore' } as const
  const { generation } = await restoreVault({ from: join(root, 'backups'), folder, passphrase, audit, nowMs: clock() })
  assert(generation >= backup.generation, () => `Generation ${generation} is restored, and ${backup.generation} was acknowledged`)
  const vault = await openHere(folder, await rootKeyOf(folder, passphrase), clock())
  try {
    const found = textsIn(vault)
    for (const id of gone) assert(!found.has(id), () => `${id} was erased, and the key file was refreshed`)
    const { checks } = await vault.upkeep.run({ thorough: true })
    assert(
      checks.every(({ problems }) => problems.length === 0),
      () => JSON.stringify(checks),
    )
    if (generation > backup.generation) return
    const [from, to] = [textsOf(backup.from), textsOf(backup.to)]
    for (const [id, text] of from) {
      // Drafts are in no backup.
      if (to.get(id) !== text || isDraftKey(id)) continue
      assert(found.get(id) === text || (erased.has(id) && !found.has(id)), () => `Restored: ${id} ${found.get(id)} instead of ${text}`)
    }
    for (const id of found.keys()) assert(!isDraftKey(id), () => `Restored: ${id}`)
    for (const id of found.keys()) assert(from.has(id) || to.has(id) || erased.has(id), () => `Restored: ${id} was never there`)
  } finally {
    vault.close()
  }
}

/** Jobs that kills left are carried out, and of the epochs only the newest is left. */
export async function assertEnd(scene: Scene): Promise<void> {
  // By the clock that the child had: in another year its drafts would have expired.
  const vault = await openHere(scene.folder, scene.rootKey)
  try {
    for (const kind of ['rotate', 'rotateDeep'] as const) {
      const left = vault.jobs.list().find((job) => job.kind === kind && job.state === 'running')
      for (
        let job = left ?? vault.rotation.begin({ deep: kind === 'rotateDeep', audit: { ...enrolEntry, event: 'vault.rotate' } });
        job.state === 'running';
      )
        job = vault.rotation.step(job.id)
    }
    assert(same(textsIn(vault), textsOf(scene.model)), () => differences(textsIn(vault), textsOf(scene.model)))
    const { checks } = await vault.upkeep.run({ thorough: true })
    assert(
      checks.every(({ problems }) => problems.length === 0),
      () => JSON.stringify(checks),
    )
  } finally {
    vault.close()
  }
  const raw = await rawDatabase(scene.folder)
  const epochs = raw.prepare<[], number>('SELECT epoch FROM epochs').pluck().all()
  assert(epochs.length === 1 && (epochs[0] as number) > 1, () => `Epochs ${epochs.join(' ')} are left`)
  raw.close()
}
