/** A folder of people: a folder of pictures for each, named by their number, or pictures that are named by it. */
import type { Dirent } from 'node:fs'
import { opendir, realpath } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { importLimits } from '../../contract/bulkImport.ts'
import { VultusError } from '../../contract/errors.ts'
import type { ImportSettings, RowProblem } from '../../contract/importRecords.ts'
import { limits } from '../../contract/types.ts'
import type { SourceRow } from '../../operations/importPorts.ts'
import { readPictureBelow } from './pictureBelow.ts'
import { markOf, problemOf } from './rowFields.ts'

const pictureName = /\.(jpe?g|png|webp|tiff?|gif)$/i
/** What systems put into folders by themselves. */
const ofTheSystem = /^(\..*|thumbs\.db|desktop\.ini|__macosx|@eadir)$/i

type EntryKind = 'person' | 'picture' | 'link' | 'other'
interface Entry {
  readonly name: string
  readonly kind: EntryKind
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isDirectory()) return 'person'
  return entry.isFile() && pictureName.test(entry.name) ? 'picture' : 'other'
}

/** Names of a folder in an order that does not depend on the machine. @returns undefined where there are more */
async function entriesOf(folder: string, entriesMax: number): Promise<Entry[] | undefined> {
  const entries: Entry[] = []
  const directory = await opendir(folder).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  for await (const entry of directory) {
    if (ofTheSystem.test(entry.name)) continue
    if (entries.length === entriesMax) return undefined
    entries.push({ name: entry.name, kind: kindOf(entry) })
  }
  return entries.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0))
}

/** @throws VultusError import.sourceUnreadable, import.tooLarge */
async function peopleIn(folder: string): Promise<Entry[]> {
  const entries = await entriesOf(folder, importLimits.folderEntriesMax)
  if (entries === undefined) throw new VultusError('import.tooLarge')
  return entries
}

/** How many rows a folder has. @throws VultusError import.sourceUnreadable, import.tooLarge */
export async function surveyFolder(folder: string): Promise<{ total: number; unreadColumns: string[] }> {
  return { total: (await peopleIn(folder)).length, unreadColumns: [] }
}

/** One row for each entry of the folder, in the order of names. @throws VultusError import.sourceUnreadable, import.tooLarge */
export async function* folderRows({ source, salt }: Pick<ImportSettings, 'source' | 'salt'>): AsyncGenerator<SourceRow> {
  const folder = await realpath(source).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  let row = 0
  for (const { name, kind } of await peopleIn(folder)) {
    const number = kind === 'picture' ? parse(name).name : name
    yield {
      row: ++row,
      line: null,
      number,
      name: undefined,
      picture: kind === 'person' ? `${name}/` : name,
      problem: problemWith(kind, number),
      mark: markOf(salt, [name, kind]),
      pictures: async () => (kind === 'person' ? await picturesOf(folder, name) : [() => readPictureBelow(folder, name)]),
    }
  }
}

function problemWith(kind: EntryKind, number: string): RowProblem | undefined {
  if (kind === 'link') return { code: 'import.pathOutside' }
  if (kind === 'other') return { code: 'picture.unsupported' }
  return problemOf({ number, name: undefined })
}

/** @throws VultusError import.rowInvalid, import.pathOutside, picture.unreadable */
async function picturesOf(folder: string, person: string): Promise<(() => Promise<Uint8Array>)[]> {
  const entries = await entriesOf(join(folder, person), importLimits.personFilesMax).catch(() => {
    throw new VultusError('picture.unreadable')
  })
  if (entries === undefined) throw new VultusError('import.rowInvalid', `more than ${importLimits.personFilesMax} files`)
  if (entries.some(({ kind }) => kind === 'link')) throw new VultusError('import.pathOutside')
  const pictures = entries.filter(({ kind }) => kind === 'picture')
  if (pictures.length === 0) throw new VultusError('import.rowInvalid', 'there is no picture in the folder')
  if (pictures.length > limits.picturesPerEnrolmentMax) {
    throw new VultusError('import.rowInvalid', `more than ${limits.picturesPerEnrolmentMax} pictures`)
  }
  return pictures.map(
    ({ name }) =>
      () =>
        readPictureBelow(folder, `${person}/${name}`),
  )
}
