/** Where the parts of an installed or built project are. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function folderWithPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('no package.json above the program')
  return folderWithPackage(parent)
}

/** The folder of package.json, wherever the bundler put this file. */
export const projectFolder = folderWithPackage(import.meta.dirname)
export const entriesFolder = join(projectFolder, 'out', 'main')
export const rendererFolder = join(projectFolder, 'out', 'renderer')
export const packsFolder = join(projectFolder, 'models', 'packs')

/** The version of package.json. */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string }
  return version
}
