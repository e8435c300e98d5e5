/**
 * The files of the gallery's segments: the folder "gallery" beside the database.
 *
 * 1. A file is written under another name, synced and renamed: under its own name it is whole.
 * 2. A file counts only where the manifest names its generation; others are what an interruption left, and are removed
 *    when the vault is opened.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeFile, syncFolder } from './folder.ts'

const fileMode = 0o600
const folderMode = 0o700
const fileName = /^[0-9]{1,16}\.segment(\.part)?$/

export class SegmentFiles {
  readonly #folder: string

  constructor(databasePath: string) {
    this.#folder = join(dirname(databasePath), 'gallery')
  }

  /** Writes a file so that under its name it is whole and durable. */
  async write(generation: number, parts: readonly Uint8Array[]): Promise<void> {
    mkdirSync(this.#folder, { recursive: true, mode: folderMode })
    const staging = `${this.path(generation)}.part`
    removeFile(staging)
    try {
      const file = await open(staging, 'wx', fileMode)
      try {
        for (const part of parts) await file.writeFile(part)
        await file.sync()
      } finally {
        await file.close()
      }
    } catch (error) {
      // On a full disk what was begun would only take more of it.
      rmSync(staging, { force: true })
      throw error
    }
    await rename(staging, this.path(generation))
    syncFolder(this.#folder)
  }

  /** Removes files for good; those that are not there are no matter. */
  remove(generations: readonly number[]): void {
    if (generations.length === 0) return
    for (const generation of generations) {
      removeFile(this.path(generation))
      removeFile(`${this.path(generation)}.part`)
    }
    try {
      syncFolder(this.#folder)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }

  /** Removes every file that belongs to none of these generations. */
  sweep(generations: ReadonlySet<number>): void {
    let names: string[]
    try {
      names = readdirSync(this.#folder)
    } catch {
      return
    }
    for (const name of names) {
      if (!fileName.test(name)) continue
      if (name.endsWith('.part') || !generations.has(Number.parseInt(name, 10))) removeFile(join(this.#folder, name))
    }
  }

  /** Where the file of a generation is. */
  path(generation: number): string {
    return join(this.#folder, `${generation}.segment`)
  }
}
