/** The pictures of an evaluation on the disk: a folder for each person, or a list. None outside its folder is read. */
import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import { limits } from '../contract/types.ts'
import { csvRows } from '../core/evaluation/csv.ts'
import { type ListedPicture, type PairList, pairedPictures } from '../core/evaluation/pairs.ts'
import { evaluatedPicturesMax, type ListedFolder } from '../operations/evaluate.ts'
import type { GroupedPicture, PictureSet } from '../operations/pictureSet.ts'

const listBytesMax = 64 * 1024 * 1024
const pictureName = /\.(jpe?g|png|webp|tiff?|gif)$/i

export interface NamedPictures {
  readonly folder?: string | undefined
  readonly pairs?: string | undefined
  readonly groups?: string | undefined
}

async function readLimited(path: string, bytesMax: number): Promise<Uint8Array> {
  const found = await stat(path)
  if (!found.isFile() || found.size > bytesMax) throw new RangeError('no file, or too large')
  return new Uint8Array(await readFile(path))
}

/** @throws VultusError file.unreadable */
async function readList(path: string): Promise<string> {
  const bytes = await readLimited(path, listBytesMax).catch(() => {
    throw new VultusError('file.unreadable', basename(path))
  })
  return new TextDecoder().decode(bytes)
}

/** @throws VultusError file.unreadable */
async function realFolder(path: string): Promise<string> {
  return await realpath(path).catch(() => {
    throw new VultusError('file.unreadable', basename(path))
  })
}

/** Reads a picture of a folder by its name. @throws VultusError picture.missing also for one outside, picture.unreadable */
async function readIn(folder: string, file: string): Promise<Uint8Array> {
  const path = await realpath(join(folder, file)).catch(() => {
    throw new VultusError('picture.missing', file)
  })
  if (!path.startsWith(folder + sep)) throw new VultusError('picture.missing', file)
  const found = await stat(path)
  if (!found.isFile()) throw new VultusError('picture.notAFile', file)
  if (found.size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge', file)
  return await readLimited(path, limits.pictureBytesMax).catch(() => {
    throw new VultusError('picture.unreadable', file)
  })
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** PERSON/PICTURE, in the order of names. @throws VultusError file.unreadable, request.tooLarge */
async function picturesBelow(folder: string): Promise<ListedPicture[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new VultusError('file.unreadable', basename(folder))
  })
  const pictures: ListedPicture[] = []
  for (const { name: person } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    const names = (await readdir(join(folder, person)).catch(() => [])).filter((name) => pictureName.test(name) && !name.startsWith('.'))
    for (const name of names.sort()) pictures.push({ file: `${person}/${name}`, person })
    if (pictures.length > evaluatedPicturesMax) throw new VultusError('request.tooLarge', `at most ${evaluatedPicturesMax} pictures`)
  }
  return pictures
}

function setOf(folder: string, pictures: readonly GroupedPicture[], pairs?: PairList): PictureSet {
  if (pictures.length > evaluatedPicturesMax) throw new VultusError('request.tooLarge', `at most ${evaluatedPicturesMax} pictures`)
  const hash = createHash('sha256')
  return {
    pictures,
    pairs,
    async read(file) {
      const picture = await readIn(folder, file)
      hash.update(`${file}\0`).update(createHash('sha256').update(picture).digest())
      return picture
    },
    sha256: () => hash.copy().digest('hex'),
  }
}

/** The groups of people, or of single pictures. */
async function groupsIn(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readList(path)
  const rows = csvRows(text, ['person', 'group'])
  if (typeof rows === 'string') throw new VultusError('request.invalid', `groups: ${rows}`)
  return new Map(rows.map(({ person, group }) => [person, group]))
}

/** A list of pictures with person and group, beside which the pictures are. */
async function listedGroups(path: string): Promise<PictureSet> {
  const rows = csvRows(await readList(path), ['file', 'person', 'group'])
  if (typeof rows === 'string') throw new VultusError('request.invalid', `groups: ${rows}`)
  return setOf(await realFolder(dirname(path)), rows)
}

/**
 * The pictures that were named, or undefined where none were.
 * @throws VultusError file.unreadable, request.invalid, request.tooLarge
 */
export async function pictureSetOf({ folder, pairs, groups }: NamedPictures): Promise<PictureSet | undefined> {
  if (folder === undefined && pairs === undefined) return groups === undefined ? undefined : await listedGroups(groups)
  const real = await realFolder(folder ?? dirname(pairs as string))
  const listed = await picturesBelow(real)
  const paired = pairs === undefined ? undefined : pairedPictures(await readList(pairs), listed)
  if (typeof paired === 'string') throw new VultusError('request.invalid', `pairs: ${paired}`)
  if (paired === undefined && listed.length === 0) {
    throw new VultusError('request.invalid', 'folder: there is no picture in a folder of a person')
  }
  const groupOf = groups === undefined ? new Map<string, string>() : await groupsIn(groups)
  const pictures = (paired?.pictures ?? listed).map((picture) => ({ ...picture, group: groupOf.get(picture.person) }))
  return setOf(real, pictures, paired?.pairs)
}

/** A folder with pad.csv in it. @throws VultusError file.unreadable */
export async function listedFolder(folder: string, list: string): Promise<ListedFolder> {
  const text = await readList(join(folder, list))
  const real = await realFolder(folder)
  return { list: text, read: (file) => readIn(real, file) }
}
