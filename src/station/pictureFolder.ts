/** Pictures in folders of people (DIR/PERSON/PICTURE), as comparisons of models look at them. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import { limits } from '../contract/types.ts'
import type { ComparedPicture } from '../operations/compareModels.ts'

const pictureName = /\.(jpe?g|png|webp|tiff?|gif)$/i

/** So many pictures of a folder, in the order of names. @throws VultusError file.unreadable, request.invalid for fewer than two people */
export async function picturesIn(folder: string, picturesMax: number): Promise<ComparedPicture[]> {
  if (!isAbsolute(folder)) throw new VultusError('request.invalid', 'folder: an absolute path')
  const pictures: ComparedPicture[] = []
  const people = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new VultusError('file.unreadable', 'folder', { cause: error })
  })
  for (const person of people.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const name of (await readdir(join(folder, person.name))).filter((name) => pictureName.test(name)).sort()) {
      if (pictures.length === picturesMax) break
      const path = join(folder, person.name, name)
      pictures.push({ name: `${person.name}/${name}`, person: person.name, read: () => readPicture(path) })
    }
  }
  if (new Set(pictures.map(({ person }) => person)).size < 2)
    throw new VultusError('request.invalid', 'folder: there have to be folders of at least two people with pictures')
  return pictures
}

async function readPicture(path: string): Promise<Uint8Array> {
  if ((await stat(path)).size > limits.pictureBytesMax) throw new VultusError('picture.tooLarge')
  return new Uint8Array(await readFile(path))
}
