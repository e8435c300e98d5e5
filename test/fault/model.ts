/** What a vault must hold, as the changes say that were made to it: read back it has to be this, or this and the one change that nobody acknowledged. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Vault } from '../../src/vault/vault.ts'
import { handedOver, rowsHeld } from '../vault/fixtures.ts'
import { childGallery, childModel, childPicture, childTemplate, draftsIn, entryOfDraft } from './child-data.ts'

export interface Version {
  readonly version: number
  readonly active: boolean
  /** One for each reference: its template and picture are made of it. */
  readonly seeds: readonly number[]
}

export interface Subject {
  readonly name: string
  /** Seed of what was filled in; null where nothing was. */
  readonly form: number | null
  /** The highest version that there ever was: a number that was removed is not given again. */
  readonly last: number
  readonly versions: readonly Version[]
}

/** By id; drafts by draftKey. */
export type Model = ReadonlyMap<string, Subject>

export interface Entry {
  readonly id: string
  readonly name: string
  readonly seeds: readonly number[]
}

/** A change of what the vault holds: one transaction each. */
export type Change =
  | { readonly kind: 'enrol'; readonly entry: Entry }
  /** The next row of a bulk import. */
  | { readonly kind: 'import'; readonly entry: Entry }
  | { readonly kind: 'batch'; readonly entries: readonly Entry[] }
  | { readonly kind: 'erase'; readonly id: string }
  | { readonly kind: 'rollBack' | 'remove'; readonly id: string; readonly version: number }
  /** A draft is begun, is completed by an enrolment, is discarded. */
  | { readonly kind: 'draft'; readonly seed: number }
  | { readonly kind: 'complete'; readonly seed: number }
  | { readonly kind: 'discard'; readonly seed: number }

const draftPrefix = 'draft/'
const draftKey = (seed: number) => `${draftPrefix}${seed}`
export const isDraftKey = (id: string) => id.startsWith(draftPrefix)
export const subjectsOf = (model: Model): string[] => [...model.keys()].filter((id) => !isDraftKey(id))
/** Who is erased is in no draft either. */
const draftOf = (id: string) => `${draftPrefix}${id.slice(2)}`

function withVersion(known: Subject | undefined, { name, seeds }: Entry): Subject {
  const before = known?.versions ?? []
  const version = (known?.last ?? 0) + 1
  return {
    name,
    form: known?.form ?? null,
    last: version,
    versions: [...before.map((old) => ({ ...old, active: false })), { version, active: true, seeds }],
  }
}

export function changed(model: Model, change: Change): Model {
  const after = new Map(model)
  if (change.kind === 'erase') {
    after.delete(change.id)
    after.delete(draftOf(change.id))
  } else if (change.kind === 'draft') after.set(draftKey(change.seed), { name: '', form: change.seed, last: 0, versions: [] })
  else if (change.kind === 'discard') after.delete(draftKey(change.seed))
  else if (change.kind === 'complete') {
    const entry = entryOfDraft(change.seed)
    after.delete(draftKey(change.seed))
    after.set(entry.id, { ...withVersion(after.get(entry.id), entry), form: change.seed })
  } else if (change.kind === 'enrol' || change.kind === 'batch' || change.kind === 'import') {
    for (const entry of change.kind === 'batch' ? change.entries : [change.entry])
      after.set(entry.id, withVersion(after.get(entry.id), entry))
  } else {
    const subject = model.get(change.id)
    if (subject === undefined) throw new Error(`no ${change.id}`)
    const versions =
      change.kind === 'remove'
        ? subject.versions.filter(({ version }) => version !== change.version)
        : subject.versions.map((version) => ({ ...version, active: version.version === change.version }))
    after.set(change.id, { ...subject, versions })
  }
  return after
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
const bytesOf = (template: Float32Array) => new Uint8Array(template.buffer, template.byteOffset, template.byteLength)
const templateHash = (seed: number) => sha256(bytesOf(childTemplate(seed)))

/** A subject as one text: what of it can be read. */
export function textOf(id: string, { name, form, versions }: Subject): string {
  if (isDraftKey(id)) return draftText(form as number, sha256(childPicture(form as number)), templateHash(form as number))
  const active = versions.find((version) => version.active)
  // Of the active version the newest reference gives the picture.
  const picture = active?.seeds.at(-1)
  return JSON.stringify({
    id,
    name,
    form,
    versions: versions.map(({ version, active, seeds }) => [version, active, seeds.length]),
    templates: (active?.seeds ?? []).map(templateHash),
    picture: picture === undefined ? null : sha256(childPicture(picture)),
  })
}

/** A draft as one text. */
const draftText = (seed: number, picture: string, template: string) => JSON.stringify({ seed, picture, template })

/** Drafts of a vault, at most so many. @throws vault.damaged */
function draftTextsIn(vault: Vault): [string, string][] {
  return draftsIn(vault).map(({ content, captures }) => {
    const { picture, template } = captures[0]!.sample
    const seed = content.form.seed as number
    return [draftKey(seed), draftText(seed, sha256(picture), sha256(bytesOf(template)))]
  })
}

/** All texts of a model, by id. */
export const textsOf = (model: Model): Map<string, string> => new Map([...model].map(([id, subject]) => [id, textOf(id, subject)]))

/** The same of a vault. @throws vault.damaged */
export function textsIn(vault: Vault): Map<string, string> {
  return new Map([
    ...draftTextsIn(vault),
    ...vault.subjects.all().map(({ id, name }): [string, string] => {
      const versions = new Map<number, { active: boolean; references: number }>()
      for (const { version, active } of vault.references.history(id)) {
        versions.set(version, { active, references: (versions.get(version)?.references ?? 0) + 1 })
      }
      const picture = vault.references.newestSample(id)
      const text = JSON.stringify({
        id,
        name,
        form: vault.subjects.intakeOf(id)?.form?.values.seed ?? null,
        versions: [...versions].map(([version, { active, references }]) => [version, active, references]),
        templates: (vault.references.ofSubject(id, childModel) ?? []).map(({ template }) => sha256(bytesOf(template))),
        picture: picture === null ? null : sha256(picture),
      })
      return [id as string, text]
    }),
  ])
}

/** Hashes of the templates that the gallery has to have, sorted. */
export const galleryOf = (model: Model): string[] =>
  [...model.values()]
    .flatMap(({ versions }) => versions.filter(({ active }) => active).flatMap(({ seeds }) => seeds.map(templateHash)))
    .sort()

/** Hashes of the templates of the gallery; what is handed over of it has to be made of just these. */
export async function galleryIn(vault: Vault): Promise<string[]> {
  const { rows } = await handedOver(vault, childGallery)
  if (!isDeepStrictEqual(rows, rowsHeld(vault, childGallery))) throw new Error('What is handed over is not what the rows hold')
  const hashes: string[] = []
  for (const { referenceNos, templates } of vault.galleries.load(childModel, 64).batches) {
    const dimension = templates.length / referenceNos.length
    for (let at = 0; at < templates.length; at += dimension) hashes.push(sha256(bytesOf(templates.slice(at, at + dimension))))
  }
  return hashes.sort()
}
