/** A vault that work is cut off in, and what it has to hold after what was said of it. */
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../src/vault/migrations/migrate.ts'
import { vaultOfSchema } from '../support/oldVault.ts'
import { enrolEntry, newVault, passphrase, readEntry, temporaryFolder } from '../vault/fixtures.ts'
import { childModel, childPicture, childSegmentRows, childTemplate } from './child-data.ts'
import { type Change, changed, type Model } from './model.ts'
import { rootKeyOf } from './open-here.ts'
import type { Said } from './work.ts'

interface Backup {
  readonly generation: number
  /** What the vault held when it was begun, and when it was done. */
  readonly from: Model
  readonly to: Model
}

/** A folder with a vault, what it has to hold, and how far its audit chain was looked at. */
export interface Scene {
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

const subjectsAtFirst = 20
const oldSubjects = 12
/** Of the first schema to that before the newest. */
export const oldSchemas = migrations.slice(0, -1).map(({ number }) => number)

export function assert(holds: boolean, text: () => string): asserts holds {
  if (!holds) throw new Error(text())
}

/** A new vault with subjects and a witness of its audit chain outside. */
export async function newScene(): Promise<Scene> {
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
export async function oldScene(schema: number): Promise<Scene> {
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

/** The same in a folder of its own. */
export function copyOf(scene: Scene): Scene {
  const root = temporaryFolder()
  cpSync(scene.root, root, { recursive: true })
  // What the copy goes through is not what the next copy begins with.
  const { applied, gone, erased } = scene
  return { ...scene, root, folder: join(root, 'vault'), applied: [...applied], gone: new Set(gone), erased: new Set(erased) }
}

/** A change that is in the vault. */
export function apply(scene: Scene, change: Change): void {
  scene.model = changed(scene.model, change)
  scene.applied.push(change)
  if (change.kind === 'erase') scene.erased.add(change.id)
}

/** What the child said, taken into the model. @returns the change that it began and nobody acknowledged */
export function take(scene: Scene, said: readonly Said[]): Change | undefined {
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
