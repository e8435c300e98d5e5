/** Evaluation: reading the pictures that a list names, none outside its folder. */
import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { VultusError } from '../contract/errors.ts'
import type { ParsedInputOf } from '../contract/table.ts'
import { limits } from '../contract/types.ts'
import { evaluate, type PictureFolder } from '../operations/evaluate.ts'
import type { Parts } from './parts.ts'

const listBytesMax = 16 * 1024 * 1024

async function readLimited(path: string, bytesMax: number): Promise<Uint8Array> {
  const found = await stat(path)
  if (!found.isFile() || found.size > bytesMax) throw new RangeError('no file, or too large')
  return new Uint8Array(await readFile(path))
}

/** The folder that a list stands in. @throws VultusError file.unreadable where there is no such list */
async function folderOf(listPath: string): Promise<PictureFolder> {
  const unreadable = () => new VultusError('file.unreadable', basename(listPath))
  const list = await readLimited(listPath, listBytesMax).catch(() => {
    throw unreadable()
  })
  const folder = await realpath(dirname(listPath))
  return {
    list: new TextDecoder().decode(list),
    async read(file) {
      const path = await realpath(join(folder, file)).catch(() => {
        throw new VultusError('picture.missing', file)
      })
      if (!path.startsWith(folder + sep)) throw new VultusError('picture.missing', file)
      return await readLimited(path, limits.pictureBytesMax).catch(() => {
        throw new VultusError('picture.unreadable', file)
      })
    },
  }
}

export function evaluationHandlers({ face, facePort }: Parts) {
  return {
    'evaluation.run': async ({ groups, pad, fmr }: ParsedInputOf<'evaluation.run'>) => {
      await face.start()
      const folders = {
        groups: groups === undefined ? undefined : await folderOf(groups),
        pad: pad === undefined ? undefined : await folderOf(join(pad, 'pad.csv')),
      }
      return await evaluate({ face: facePort, turn: () => setImmediate() }, folders, fmr)
    },
  }
}
