/**
 * Rounds of work that is cut off: a child works on a vault and tells what was acknowledged, and is killed in the middle of
 * the kind of work that was hit least so far. After each round everything acknowledged is there and reads back equal, at most
 * the one change that was begun and not acknowledged is there too, whole, and nothing else.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImportOutcome } from '../../src/contract/bulkImport.ts'
import type { AuditRecord } from '../../src/contract/rows/audit.ts'
import { restoreVault } from '../../src/vault/backup/restore.ts'
import { migrations } from '../../src/vault/migrations/migrate.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { vaultOfSchema } from '../support/oldVault.ts'
import { clock, enrolEntry, newVault, passphrase, rawDatabase, readEntry, temporaryFolder } from '../vault/fixtures.ts'
import { childModel, childPicture, childSegmentRows, childTemplate } from './child-data.ts'
import { startChild, type VaultChild } from './child-process.ts'
import { type Draw, drawOf } from './corruptions.ts'
import { type Change, changed, galleryIn, galleryOf, isDraftKey, type Model, subjectsOf, textsIn, textsOf } from './model.ts'
import { openHere, rootKeyOf } from './open-here.ts'
import { Disk } from './powerCut/disk.ts'
import { type ChildTask, type Focus, focuses, type Kind, type Said } from './work.ts'

interface Backup {
  readonly generation: number
  /** What the vault held when it was begun, and when it was done. */
  readonly from: Model
  readonly to: Model
}

/** A folder with a vault, what it has to hold, and how far its audit chain was looked at. */
interface Scene {
  readonly root: string
  readonly folder: string
  readonly rootKey: Buffer
  readonly witnessed: boolean
  model: Model
  /** Changes that were applied since the chain was looked at. */
  applied: Change[]
  /** The newest backup that was acknowledged. */
  backup: Backup | undefined
  /** Subjects that no generation may give back. */
  gone: Set<string>
  readonly erased: Set<string>
  records: number
}

export interface RoundsOptions {
  readonly rounds: number
  readonly seed: number
  /** A library that notes what the child writes: then power is cut, and what was not synced is lost. */
  readonly shim?: string | undefined
  /** The child does not wait for the disk. */
  readonly careless?: boolean
}

export interface RoundsReport {
  /** How often the child was cut off in the middle of which kind of work. */
  readonly hits: ReadonlyMap<Kind, number>
  readonly acknowledged: number
  /** Writes and names that were lost with the power. */
  readonly lost: { writes: number; names: number }
}

const subjectsAtFirst = 20
/** Rounds between two restores of the newest backup. */
const restoredEvery = 8
const oldSubjects = 12
/** Of the first schema to that before the newest. */
const oldSchemas = migrations.slice(0, -1).map(({ number }) => number)

function assert(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Error(text())
}

async function newScene(): Promise<Scene> {
  const root = temporaryFolder()
  const folder = join(root, 'vault')
  mkdirSync(join(root, 'witness'))
  mkdirSync(join(root, 'backups'))
  const vault = await newVault(folder, 'demo', childSegmentRows)
  let model: Model = new Map()
  for (let no = 0; no < subjectsAtFirst; no++) {
    const entry = { id: `S-${no}`, name: `Name Nr${no}`, seeds: [no] }
    const reference = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
    const references = [{ ...reference, template: childTemplate(no), sample: childPicture(no) }]
    vault.enrolments.commit({ id: entry.id, name: entry.name, references, audit: enrolEntry })
    model = changed(model, { kind: 'enrol', entry })
  }
  // What is anchored outside must never be ahead of what a kill leaves.
  const file = join(root, 'witness', 'witness.jsonl')
  vault.audit.witness({ file, remove: false, accept: false, audit: { ...readEntry, event: 'audit.witness' } })
  const { records } = vault.audit.verify()
  vault.close()
  return {
    root,
    folder,
    rootKey: await rootKeyOf(folder, passphrase),
    witnessed: true,
    model,
    applied: [],
    records,
    backup: undefined,
    gone: new Set(),
    erased: new Set(),
  }
}

/** A vault of a past schema, by its number; made once. */
async function oldScene(schema: number): Promise<Scene> {
  const root = temporaryFolder()
  const folder = join(root, 'vault')
  let model: Model = new Map()
  const subjects = Array.from({ length: oldSubjects }, (_, no) => {
    const entry = { id: `S-${no}`, name: `Name Nr${no}`, seeds: [no] }
    model = changed(model, { kind: 'enrol', entry })
    return { ...entry, model: childModel, references: [{ template: childTemplate(no), sample: childPicture(no) }] }
  })
  mkdirSync(join(root, 'backups'))
  await vaultOfSchema(folder, passphrase, schema, subjects)
  return {
    root,
    folder,
    rootKey: await rootKeyOf(folder, passphrase),
    witnessed: false,
    model,
    applied: [],
    records: 0,
    backup: undefined,
    gone: new Set(),
    erased: new Set(),
  }
}

function copyOf(scene: Scene): Scene {
  const root = temporaryFolder()
  cpSync(scene.root, root, { recursive: true })
  // What the copy goes through is not what the next copy begins with.
  const { applied, gone, erased } = scene
  return { ...scene, root, folder: join(root, 'vault'), applied: [...applied], gone: new Set(gone), erased: new Set(erased) }
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

function apply(scene: Scene, change: Change): void {
  scene.model = changed(scene.model, change)
  scene.applied.push(change)
  if (change.kind === 'erase') scene.erased.add(change.id)
}

/** What the child said, taken into the model. @returns the change that it began and nobody acknowledged */
function take(scene: Scene, said: readonly Said[]): Change | undefined {
  const open = new Map<number, Change>()
  const begun = new Map<number, { from: Model; erased: readonly string[] }>()
  for (const { no, kind, state, change, text, generation } of said) {
    if (state === 'bug') throw new Error(text)
    if (kind === 'backup' || kind === 'refresh') {
      const before = begun.get(no)
      if (state === 'begun') begun.set(no, { from: scene.model, erased: [...scene.erased] })
      else if (before !== undefined) {
        // A key file that was written holds no keys of those who were erased before.
        for (const id of before.erased) scene.gone.add(id)
        if (generation !== undefined) scene.backup = { generation, from: before.from, to: scene.model }
      }
    }
    if (state === 'begun' && change !== undefined) open.set(no, change)
    const done = open.get(no)
    if (state !== 'done' || done === undefined) continue
    apply(scene, done)
    open.delete(no)
  }
  assert(open.size <= 1, () => 'Two changes at once')
  return [...open.values()][0]
}

/** @param orSegments after a power cut segments may be missing: they are made again */
async function assertAll(scene: Scene, said: readonly Said[], orSegments: boolean): Promise<void> {
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

/** The newest backup restores: what did not change while it was made is in it, and nobody who was erased and followed. */
async function assertRestored({ root, backup, gone, erased }: Scene): Promise<void> {
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

/** What was open when the child was killed, from what it said. */
function openOf(said: readonly Said[]): Kind[] {
  const done = new Set(said.filter(({ state }) => state === 'done').map(({ no }) => no))
  return said.filter(({ no, state }) => state === 'begun' && !done.has(no)).map(({ kind }) => kind)
}

interface Cut {
  readonly said: Said[]
  readonly lost: { writes: number; names: number }
}

/** How long the kinds take, in milliseconds or in notes of the shim, as far as it was seen; kills fall within. */
class Spans {
  readonly #spans = new Map<Kind, number>()

  of(focus: Focus): number {
    return this.#spans.get(focus) ?? 60
  }

  note(focus: Focus, hit: boolean): void {
    const span = this.of(focus)
    this.#spans.set(focus, Math.min(600, Math.max(2, hit ? span * 1.15 : span * 0.8)))
  }
}

const begunText = (focus: Focus) => `"kind":"${focus}","state":"begun"`
const saidBy = (child: VaultChild) => child.lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Said)

async function runAndKill(scene: Scene, task: ChildTask, draw: Draw, spanMs: number): Promise<Said[]> {
  const env = { VULTUS_TEST_ROOT_KEY: scene.rootKey.toString('hex') }
  const child = startChild('work-child.ts', JSON.stringify(task), '', { env })
  await child.line((line) => line.includes(begunText(task.focus)) || line.includes('"bug"'))
  await new Promise((resolve) => setTimeout(resolve, draw() * spanMs))
  await child.kill()
  return saidBy(child)
}

/** The shim ends the child after so many changes of its files; then the power goes. */
async function runAndCut(scene: Scene, task: ChildTask, draw: Draw, span: number, shim: string): Promise<Cut> {
  const log = join(temporaryFolder(), 'notes')
  const disk = new Disk(scene.root)
  const env = {
    VULTUS_TEST_ROOT_KEY: scene.rootKey.toString('hex'),
    UV_USE_IO_URING: '0',
    LD_PRELOAD: shim,
    POWER_CUT_ROOT: scene.root,
    POWER_CUT_LOG: log,
    POWER_CUT_AT: String(1 + Math.floor(draw() * span)),
    POWER_CUT_AFTER: begunText(task.focus),
  }
  const child = startChild('work-child.ts', JSON.stringify(task), '', { env })
  await child.ended
  disk.replay(readFileSync(log))
  rmSync(log)
  return { said: saidBy(child), lost: disk.cut(draw) }
}

/** Runs the rounds. @throws Error with the round and its seed where anything is not as it has to be */
export async function workRounds({ rounds, seed, shim, careless = false }: RoundsOptions): Promise<RoundsReport> {
  const main = await newScene()
  const old = new Map<number, Scene>()
  const spans = new Spans()
  const hits = new Map<Kind, number>()
  const lost = { writes: 0, names: 0 }
  let acknowledged = 0
  for (let round = 0; round < rounds; round++) {
    const draw = drawOf(seed + round * 7919)
    const focus = leastOf(hits, round)
    let scene = main
    if (focus === 'migration') {
      const schema = oldSchemas[Math.floor(draw() * oldSchemas.length)] as number
      if (!old.has(schema)) old.set(schema, await oldScene(schema))
      scene = copyOf(old.get(schema) as Scene)
    }
    const task = {
      folder: scene.folder,
      seed: seed + round,
      focus,
      firstSeed: 1_000 * (round + 1),
      careless,
      backups: join(scene.root, 'backups'),
    }
    try {
      const span = spans.of(focus)
      const cut =
        shim === undefined
          ? { said: await runAndKill(scene, task, draw, span), lost: { writes: 0, names: 0 } }
          : await runAndCut(scene, task, draw, span, shim)
      const open = openOf(cut.said)
      for (const kind of open) hits.set(kind, (hits.get(kind) ?? 0) + 1)
      spans.note(focus, open.includes(focus))
      lost.writes += cut.lost.writes
      lost.names += cut.lost.names
      acknowledged += cut.said.filter(({ state, kind }) => state === 'done' && kind !== 'open').length
      await assertAll(scene, cut.said, shim !== undefined)
      if (round % restoredEvery === restoredEvery - 1) await assertRestored(main)
    } catch (error) {
      throw new Error(`Round ${round} of seed ${seed}, ${focus}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
  await assertRestored(main)
  await assertEnd(main)
  return { hits, acknowledged, lost }
}

function leastOf(hits: ReadonlyMap<Kind, number>, round: number): Focus {
  const fewest = Math.min(...focuses.map((focus) => hits.get(focus) ?? 0))
  const candidates = focuses.filter((focus) => (hits.get(focus) ?? 0) === fewest)
  return candidates[round % candidates.length] as Focus
}

/** Jobs that kills left are carried out, and of the epochs only the newest is left. */
async function assertEnd(scene: Scene): Promise<void> {
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
