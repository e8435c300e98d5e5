/**
 * Rounds of harm to a vault. After each, the vault is refused by name, or names the damage, or gives exactly what it held at
 * some moment: what stood in the write-ahead log alone may be gone with it, as after a power cut, but never by halves.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { VultusError } from '../../src/contract/errors.ts'
import { builtInForm } from '../../src/contract/form.ts'
import { DraftContent } from '../../src/contract/intake.ts'
import type { Vault } from '../../src/vault/vault.ts'
import {
  bytesOf,
  enrolEntry,
  eraseEntry,
  galleryModelOf,
  handedOver,
  model,
  newVault,
  referenceOf,
  rowsHeld,
  temporaryFolder,
} from '../vault/fixtures.ts'
import { drawOf, harm } from './corruptions.ts'
import { quickOpener } from './quickOpen.ts'

const segmentRows = 16
const ids = Array.from({ length: 60 }, (_, no) => `C-${no}`)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
// A copy made by this process would drop the locks that SQLite holds in it.
const copy = (from: string, to: string) => execFileSync('cp', ['-r', from, to])

/** Ids that searches give: they may lack some where the index of beginnings is older, and then that is named. */
function foundIn(vault: Vault): string {
  const queries = ['name', 'other']
  return JSON.stringify(queries.map((query) => vault.subjects.search({ query, limit: 1000, after: 0 }).subjects.map(({ id }) => id)))
}

/** Everything else that can be read, as one text. @throws VultusError where something of it is damaged */
async function stateOf(vault: Vault): Promise<string> {
  const subjects = ids.map((id) => {
    const picture = vault.references.newestSample(id)
    const references = vault.references
      .ofSubject(id, model)
      ?.map(({ referenceNo, template }) => [referenceNo, sha256(new Uint8Array(template.buffer))])
    return [
      vault.subjects.get(id),
      vault.references.history(id),
      references,
      picture === null ? null : sha256(picture),
      vault.subjects.intakeOf(id),
    ]
  })
  const gallery = [...vault.galleries.load(model, 16).batches].map((batch) => [
    ...batch.referenceNos,
    sha256(Uint8Array.from(new Uint8Array(Float32Array.from(batch.templates).buffer))),
  ])
  const { rows } = await handedOver(vault, galleryModelOf(model))
  if (!isDeepStrictEqual(rows, rowsHeld(vault, galleryModelOf(model)))) throw new Error('What is handed over is not what the rows hold')
  const { records } = vault.drafts.list<DraftContent>({ states: ['draft'], owner: 'everybody', limit: 100, after: 0 })
  const drafts = records.map(({ id, content, expiresAt }) => [id, content, expiresAt])
  return JSON.stringify([
    vault.galleries.counts(),
    vault.subjects.all().length,
    subjects,
    [...gallery].sort(),
    drafts,
    vault.forms.current(),
  ])
}

type Moment = [held: string, found: string]
const momentOf = async (vault: Vault): Promise<Moment> => [await stateOf(vault), foundIn(vault)]

function enrol(vault: Vault, no: number, name: string): void {
  const references = [referenceOf(`${no} ${name}`, { sample: bytesOf(`${no}`, 700) }), referenceOf(`${no} ${name} again`, { sample: null })]
  const form = { version: 0, values: { remark: `${name} ${'of some length '.repeat(no % 20)}` } }
  vault.enrolments.commit({ id: ids[no] as string, name, form, references, audit: enrolEntry })
}

/** Drafts of somebody else than who is enrolled. */
function begin(vault: Vault, seed: string, count: number): void {
  for (let no = 0; no < count; no++) {
    const content = DraftContent.parse({ step: 'details', id: `D-${no}`, name: seed.repeat(1 + no * 20), form: { no } })
    vault.drafts.save({ owner: null, content, captures: [], proof: null, audit: { ...enrolEntry, event: 'draft.save' } })
  }
}

/** What the vault held, and what searches gave then. */
type States = ReadonlyMap<string, string>

interface Scene {
  readonly closed: string
  readonly killed: string
  readonly older: string
  /** States that the vault was in, by the folder whose vault may be in them. */
  readonly states: ReadonlyMap<string, States>
}

/** A vault at three moments: some time ago, closed, and cut off with commits in the log. */
async function prepare(folder: string): Promise<Scene> {
  const [work, closed, killed, older] = ['work', 'closed', 'killed', 'older'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  const vault = await newVault(work, 'demo', segmentRows)
  const open = await quickOpener(work, segmentRows)
  for (let no = 0; no < 40; no++) enrol(vault, no, `Name Nr${no}`)
  begin(vault, 'a', 8)
  vault.forms.set(builtInForm, { ...enrolEntry, event: 'policy.setForm' })
  await vault.galleries.seal(galleryModelOf(model))
  const states = [await momentOf(vault)]
  vault.close()
  copy(work, older)
  const again = open(work)
  for (let no = 30; no < 50; no++) enrol(again, no, `Other Nr${no}`)
  again.erasures.erase({ id: 'C-3', audit: eraseEntry })
  begin(again, 'b', 4)
  for (const { id } of again.drafts.list({ states: ['draft'], owner: null, limit: 4, after: 0 }).records) {
    again.drafts.discard({ id, states: ['draft'], owner: null }, { ...enrolEntry, event: 'draft.discard' })
  }
  again.forms.set({ ...builtInForm, fields: builtInForm.fields.slice(0, 1) }, { ...enrolEntry, event: 'policy.setForm' })
  await again.galleries.seal(galleryModelOf(model))
  states.push(await momentOf(again))
  again.close()
  copy(work, closed)
  const last = open(work)
  const logged = [states[1] as Moment]
  for (let no = 45; no < 60; no++) {
    enrol(last, no, `Name Nr${no}`)
    logged.push(await momentOf(last))
  }
  copy(work, killed)
  last.close()
  return {
    closed,
    killed,
    older,
    states: new Map([
      [closed, new Map(states)],
      [killed, new Map([...states, ...logged])],
    ]),
  }
}

/** @returns how the round ended */
async function inspect(folder: string, open: (copy: string) => Vault, states: States): Promise<'refused' | 'named' | 'harmless'> {
  let vault: Vault
  try {
    vault = open(folder)
  } catch (error) {
    if (error instanceof VultusError) return 'refused'
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // What SQLite and the file system say becomes a code of the table in openVault.
    if (/^(SQLITE_(CORRUPT|NOTADB|IOERR|FULL)|ENOENT)/.test(code)) return 'refused'
    throw error
  }
  try {
    const read = await readable(() => stateOf(vault))
    const report = await vault.upkeep.run({ thorough: true })
    const named = !report.ok || vault.galleries.problems().length > 0
    if (read === undefined) {
      expect(named).toBe(true)
      return 'named'
    }
    if (!states.has(read)) throw new Error(`The vault gave what it never held, and ${named ? JSON.stringify(report) : 'named nothing'}`)
    const found = foundIn(vault)
    if (!named) expect(states.get(read)).toBe(found)
    return named ? 'named' : 'harmless'
  } catch (error) {
    if (error instanceof VultusError && error.code === 'vault.damaged') return 'named'
    throw error
  } finally {
    vault.close()
  }
}

async function readable(read: () => Promise<string>): Promise<string | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof VultusError && error.code === 'vault.damaged') return undefined
    throw error
  }
}

/** @returns how many rounds ended how */
export async function corruptionRounds(rounds: number, seed: number): Promise<Record<'refused' | 'named' | 'harmless', number>> {
  const folder = temporaryFolder()
  const scene = await prepare(folder)
  const open = await quickOpener(scene.closed, segmentRows)
  const ends = { refused: 0, named: 0, harmless: 0 }
  for (let round = 0; round < rounds; round++) {
    const draw = drawOf(seed + round * 7919)
    const source = draw() < 0.6 ? scene.closed : scene.killed
    const target = join(folder, 'harmed')
    copy(source, target)
    const done = harm(target, scene.older, draw)
    try {
      ends[await inspect(target, open, scene.states.get(source) as States)] += 1
    } catch (error) {
      throw new Error(
        `Round ${round} of seed ${seed}: ${done.target} of the ${source === scene.closed ? 'closed' : 'killed'} vault, ${done.what}`,
        { cause: error },
      )
    }
    rmSync(target, { recursive: true })
  }
  return ends
}
