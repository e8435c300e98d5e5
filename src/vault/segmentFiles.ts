/**
 * The files of the gallery's segments: the folder "gallery" beside the database.
 *
 * 1. A file is written under another name, synced and renamed: under its own name it is whole.
 * 2. A file counts only where the manifest names its generation; others are what an interruption left, and are removed
 *    when the vault is opened.
 * 3. Removing never fails: it follows a commit, which stands, and without its row of the manifest nobody can open a file. What the
 *    disk does not let go of is tried again with the next removal and the next opening.
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
  /** Generations whose files the disk did not let go of. */
  readonly #left = new Set<number>()

  constructor(databasePath: string) {
    this.#folder = join(dirname(databasePath), 'gallery')
  }

  /** Writes a file so that under its name it is whole and durable. */
  async write(generation: number, parts: readonly Uint8Array[]): Promise<void> {
    mkdirSync(this.#folder, { recursive: true, mode: folderMode })
    const staging = `${this.path(generation)}.part`
    // A number that was not entered is given again.
    this.#left.delete(generation)
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
    for (const generation of new Set([...this.#left, ...generations])) {
      const paths = [this.path(generation), `${this.path(generation)}.part`]
      if (paths.filter((path) => !removed(path)).length > 0) this.#left.add(generation)
      else this.#left.delete(generation)
    }
    try {
      syncFolder(this.#folder)
    } catch {
      // A power cut may bring names back, which the next opening removes.
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
      if (name.endsWith('.part') || !generations.has(Number.parseInt(name, 10))) removed(join(this.#folder, name))
    }
  }

  /** Where the file of a generation is. */
  path(generation: number): string {
    return join(this.#folder, `${generation}.segment`)
  }
}

/** @returns false where the disk did not let it */
function removed(path: string): boolean {
  try {
    removeFile(path)
    return true
  } catch {
    return false
  }
}
