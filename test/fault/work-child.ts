/**
 * Run as a process of its own: opens a vault and works on it for ever, in an order drawn from a seed, saying on stdout what
 * it begins and what was acknowledged, a line of JSON each.
 */
import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DraftContent } from '../../src/contract/intake.ts'
import type { Job } from '../../src/contract/jobs.ts'
import { noLiveness } from '../../src/contract/liveness.ts'
import type { KeptCapture } from '../../src/contract/processes.ts'
import type { AuditEntry, NewReference } from '../../src/contract/records.ts'
import { rekeyVault } from '../../src/vault/rekey.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { listImport } from '../support/listImport.ts'
import { childGallery, childModel, childPicture, childTemplate, draftsIn, entryOfDraft } from './child-data.ts'
import { drawOf } from './corruptions.ts'
import type { Change, Entry } from './model.ts'
import { openCareless, openHere } from './open-here.ts'
import type { ChildTask, LongKind, Said } from './work.ts'

const task: ChildTask = JSON.parse(process.argv[2] ?? '')
const draw = drawOf(task.seed)
// A line is in the pipe before the next write begins, so that a kill cannot swallow what was acknowledged.
const say = (said: Said) => writeSync(1, `${JSON.stringify(said)}\n`)
const entry = (event: AuditEntry['event']): AuditEntry => ({ event, actor: { role: 'administrator', door: 'command' }, outcome: 'done' })
/** More rows and the next import begins. */
const importedRowsMax = 30
const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(draw() * list.length)]

let vault: Vault
let steps = 0
let nextSeed = task.firstSeed
const seedsOf = (count: number) => Array.from({ length: count }, () => nextSeed++)
/** More than this and rather somebody is erased. */
const subjectsMax = 40

async function noted<T>(kind: Said['kind'], run: () => T | Promise<T>, change?: Change): Promise<T> {
  const no = steps++
  say({ no, kind, state: 'begun', change })
  const result = await run()
  say({ no, kind, state: 'done', ...(typeof result === 'number' ? { generation: result } : {}) })
  return result
}

/** As noted, without a turn for others between the lines and the work. */
function notedNow(change: Change, run: () => void): void {
  const no = steps++
  say({ no, kind: change.kind, state: 'begun', change })
  run()
  say({ no, kind: change.kind, state: 'done' })
}

function referencesOf({ seeds }: Entry): NewReference[] {
  const rest = { model: childModel, captureSource: 'file', pad: 'notAssessed', quality: null } as const
  return seeds.map((seed) => ({ ...rest, template: childTemplate(seed), sample: childPicture(seed) }))
}

function newEntry(ids: readonly string[]): Entry {
  const seeds = seedsOf(1 + Math.floor(draw() * 2))
  const known = draw() < 0.3 ? oneOf(ids) : undefined
  return { id: known ?? `S-${seeds[0]}`, name: `Name Nr${seeds[0]}`, seeds }
}

function enrol(ids: readonly string[]): void {
  const made = newEntry(ids)
  notedNow({ kind: 'enrol', entry: made }, () =>
    vault.enrolments.commit({ id: made.id, name: made.name, references: referencesOf(made), audit: entry('subject.enrol') }),
  )
}

function importBatch(): void {
  const entries = Array.from({ length: 3 + Math.floor(draw() * 4) }, () => newEntry([]))
  const contents = entries.map((one) => ({ id: one.id, name: one.name, references: referencesOf(one) }))
  notedNow({ kind: 'batch', entries }, () => vault.enrolments.commitBatch({ entries: contents, audit: entry('subject.enrol') }))
}

/** The next row of the import that goes on, or of a new one. */
function importRow(): void {
  const made = newEntry([])
  const audit = entry('import.start')
  const left = running('import')
  if (left?.done === importedRowsMax) vault.imports.finish(left.id)
  const job = running('import') ?? vault.imports.begin(listImport, importedRowsMax, audit)
  const { after } = vault.imports.next(job.id)
  const row = { row: after + 1, mark: `mark ${made.id}`, number: made.id, name: made.name, references: referencesOf(made), details: {} }
  notedNow({ kind: 'import', entry: made }, () => {
    const { change } = vault.imports.enrol(job.id, row)
    if (change === undefined) throw new Error(`row ${row.row} was not enrolled`)
  })
}

/** Removes an older version of somebody, or makes it active again; where nobody has one, somebody is enrolled. */
function changeVersions(ids: readonly string[]): void {
  const kind = draw() < 0.5 ? 'rollBack' : 'remove'
  for (const id of ids) {
    const older = vault.references.history(id).find(({ active }) => !active)
    if (older === undefined || draw() < 0.5) continue
    const { version } = older
    notedNow({ kind, id, version }, () => {
      if (kind === 'rollBack') vault.versions.rollBack({ id, version, audit: entry('subject.enrol') })
      else vault.versions.remove({ id, version, audit: entry('subject.erase') })
    })
    return
  }
  enrol(ids)
}

function captureOf(seed: number): KeptCapture {
  const quality = { qualityScore: 0.5, components: {} }
  const seen = { captureSource: 'file', pad: 'notAssessed', liveness: noLiveness, quality } as const
  const summary = { ...seen, width: 100, height: 100, box: { x: 0, y: 0, width: 9, height: 9 }, detectionScore: 1, facesInPicture: 1 }
  const sample = { ...seen, model: childModel, template: childTemplate(seed), picture: childPicture(seed) }
  return { captureId: `capture-of-seed-${seed}`, summary, sample }
}

/** Begins a draft, completes one, or discards one. */
function changeDrafts(kind: 'draft' | 'complete' | 'discard'): void {
  const known = kind === 'draft' ? undefined : oneOf(draftsIn(vault))
  if (known === undefined) {
    const [seed = 0] = seedsOf(1)
    const { id, name } = entryOfDraft(seed)
    const content = DraftContent.parse({ step: 'details', id, name, form: { seed } })
    const captures = [captureOf(seed)]
    notedNow(
      { kind: 'draft', seed },
      () => void vault.drafts.save({ owner: null, content, captures, proof: null, audit: entry('draft.save') }),
    )
    return
  }
  const seed = known.content.form.seed as number
  const claim = { id: known.id, states: ['draft'], owner: null } as const
  if (kind === 'discard') {
    notedNow({ kind, seed }, () => vault.drafts.discard(claim, entry('draft.discard')))
    return
  }
  const made = entryOfDraft(seed)
  const form = { version: 0, values: { seed } }
  const rest = { name: made.name, references: referencesOf(made), audit: entry('subject.enrol') }
  notedNow({ kind: 'complete', seed }, () => void vault.enrolments.commit({ id: made.id, form, takes: claim, ...rest }))
}

const changes = ['enrol', 'enrol', 'batch', 'import', 'erase', 'versions', 'draft', 'complete', 'discard'] as const
function change(kind: (typeof changes)[number] | undefined = oneOf(changes)): void {
  if (kind === 'draft' || kind === 'complete' || kind === 'discard') {
    changeDrafts(kind)
    return
  }
  const ids: string[] = vault.subjects.all().map(({ id }) => id)
  const id = oneOf(ids)
  if (id !== undefined && (kind === 'erase' || ids.length > subjectsMax)) {
    notedNow({ kind: 'erase', id }, () => void vault.erasures.erase({ id, audit: entry('subject.erase') }))
  } else if (kind === 'batch') importBatch()
  else if (kind === 'import') importRow()
  else if (kind === 'versions') changeVersions(ids)
  else enrol(ids)
}

const running = (kind: Job['kind']) => vault.jobs.list().find((job) => job.kind === kind && job.state === 'running')

/** Goes on with the job that a kill left, or begins one; others work between its steps. */
async function rotate(deep: boolean): Promise<void> {
  let job = running(deep ? 'rotateDeep' : 'rotate') ?? vault.rotation.begin({ deep, audit: entry('vault.rotate') })
  while (job.state === 'running') {
    job = vault.rotation.step(job.id, 4)
    if (draw() < 0.4) change()
    await nextTurn()
  }
}

async function rekey(): Promise<void> {
  const job = running('rekey') ?? vault.jobs.begin({ kind: 'rekey', total: 0, position: {} }, entry('vault.rekey'))
  const watch = { signal: new AbortController().signal, onProgress: () => undefined }
  vault = await rekeyVault(vault, { ...watch, jobId: job.id, audit: entry('vault.rekey') })
  if (vault.jobs.get(job.id).state !== 'done') throw new Error('the job is done with the copy')
}

async function seal(): Promise<void> {
  const sealed = vault.galleries.seal(childGallery)
  for (let more = 0; more < 4; more++) {
    if (draw() < 0.3) change()
    await nextTurn()
  }
  await sealed
}

/** Others work while the backup is made. @returns its number */
async function backUp(): Promise<number> {
  const backup = vault.backups.backUp({ folder: task.backups, audit: entry('vault.backUp') })
  for (let more = 0; more < 4; more++) {
    if (draw() < 0.4) change()
    await nextTurn()
  }
  return (await backup).generation.number
}

/** The key file follows the erasures. */
async function refresh(): Promise<void> {
  if (vault.backups.folders().length === 0) await vault.backups.backUp({ folder: task.backups, audit: entry('vault.backUp') })
  const reports = await vault.backups.refresh(entry('vault.refreshKeyFile'))
  for (const { problem } of reports) if (problem !== null) throw new Error(problem)
}

const longWork: Readonly<Record<LongKind, () => Promise<unknown>>> = {
  rotate: () => rotate(false),
  rotateDeep: () => rotate(true),
  rekey,
  seal,
  backup: backUp,
  refresh,
}

async function work(): Promise<never> {
  const kinds = Object.keys(longWork) as LongKind[]
  for (let before = Math.floor(draw() * 10); before > 0; before--) change()
  for (;;) {
    const { focus } = task
    const long = focus in longWork && draw() < 0.7 ? (focus as LongKind) : draw() < 0.05 ? oneOf(kinds) : undefined
    if (long !== undefined) await noted(long, longWork[long])
    else if (focus === 'enrol' || focus === 'batch' || focus === 'import' || focus === 'erase' || focus === 'draft' || focus === 'complete')
      change(draw() < 0.6 ? focus : undefined)
    else change()
    await nextTurn()
  }
}

try {
  const rootKey = Buffer.from(process.env.VULTUS_TEST_ROOT_KEY ?? '', 'hex')
  const open = () => (task.careless ? openCareless(task.folder, rootKey) : openHere(task.folder, rootKey))
  vault = await noted(task.focus === 'migration' ? 'migration' : 'open', open)
  await work()
} catch (error) {
  say({ no: steps, kind: 'open', state: 'bug', text: error instanceof Error ? (error.stack ?? '') : String(error) })
  process.exit(1)
}
