/**
 * What a disk holds after a power cut: made of what it held before, and of the notes that shim.c took of a program.
 *
 * 1. What a file held at its last sync is there. What was written to it since survives or not, in pieces of 512 or 4,096
 *    bytes, in any choice: a disk may write them in any order and tear them.
 * 2. Names that were made, changed or removed since the last sync of their folder survive up to some point, folder by folder.
 * 3. A file whose name did not survive is gone, however often it was synced.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Draw } from '../corruptions.ts'

const what = {
  write: 1,
  truncate: 2,
  sync: 3,
  create: 4,
  rename: 5,
  unlink: 6,
  link: 7,
  mkdir: 8,
  rmdir: 9,
  syncFolder: 10,
  unknown: 11,
} as const
const headBytes = 29
const parentOf = (name: string) => (dirname(name) === '.' ? '' : dirname(name))

type Change = { readonly at: number; readonly data: Buffer } | { readonly size: number }

interface Content {
  synced: Buffer
  pending: Change[]
}

interface NameChange {
  readonly folders: readonly string[]
  readonly apply: (names: Map<string, Content>, folders: Set<string>) => void
}

function applied(content: Buffer, change: Change): Buffer {
  if ('size' in change) {
    const resized = Buffer.alloc(change.size)
    content.copy(resized, 0, 0, Math.min(content.length, change.size))
    return resized
  }
  const end = change.at + change.data.length
  const grown = end > content.length ? Buffer.concat([content, Buffer.alloc(end - content.length)]) : Buffer.from(content)
  change.data.copy(grown, change.at)
  return grown
}

/** A write in pieces that a disk writes whole or not at all. */
function* piecesOf(change: Change, bytes: number): Generator<Change> {
  if ('size' in change) return yield change
  for (let from = 0; from < change.data.length; ) {
    const to = Math.min(change.data.length, (Math.floor((change.at + from) / bytes) + 1) * bytes - change.at)
    yield { at: change.at + from, data: change.data.subarray(from, to) }
    from = to
  }
}

export class Disk {
  readonly #root: string
  readonly #names = new Map<string, Content>()
  readonly #folders = new Set<string>([''])
  readonly #byInode = new Map<bigint, Content>()
  #nameChanges: NameChange[] = []
  /** What happened how often, for whoever wants to know that it did. */
  readonly seen = new Map<string, number>()

  /** What stands in the folder now is synced. */
  constructor(root: string) {
    this.#root = root
    for (const name of readdirSync(root, { recursive: true }) as string[]) {
      const path = join(root, name)
      if (lstatSync(path).isDirectory()) this.#folders.add(name)
      else {
        const content = { synced: readFileSync(path), pending: [] }
        this.#names.set(name, content)
        this.#byInode.set(statSync(path, { bigint: true }).ino, content)
      }
    }
  }

  /** Takes in the notes of a program. */
  replay(notes: Buffer): void {
    for (let at = 0; at + headBytes <= notes.length; ) {
      const [nameBytes, secondBytes, dataBytes] = [17, 21, 25].map((more) => notes.readUInt32LE(at + more)) as [number, number, number]
      const whole = at + headBytes + nameBytes + secondBytes + dataBytes
      // The last note of a process that was killed may have been cut off; what it was to note has not happened.
      if (whole > notes.length) return
      const names = notes.toString('utf8', at + headBytes, at + headBytes + nameBytes)
      const second = notes.toString('utf8', at + headBytes + nameBytes, at + headBytes + nameBytes + secondBytes)
      const data = Buffer.from(notes.subarray(whole - dataBytes, whole))
      this.#take(notes[at] as number, notes.readBigUInt64LE(at + 1), Number(notes.readBigUInt64LE(at + 9)), names, second, data)
      at = whole
    }
  }

  #take(kind: number, inode: bigint, at: number, name: string, second: string, data: Buffer): void {
    const label = Object.entries(what).find(([, number]) => number === kind)?.[0] ?? 'none'
    this.seen.set(label, (this.seen.get(label) ?? 0) + 1)
    if (kind === what.write) this.#byInode.get(inode)?.pending.push({ at, data })
    else if (kind === what.truncate) this.#byInode.get(inode)?.pending.push({ size: at })
    else if (kind === what.sync) this.#sync(this.#byInode.get(inode))
    else if (kind === what.syncFolder) this.#syncFolder(name)
    else if (kind === what.create) {
      const content: Content = { synced: Buffer.alloc(0), pending: [] }
      this.#byInode.set(inode, content)
      this.#change([name], (names) => names.set(name, content))
    } else if (kind === what.rename) {
      this.#change([name, second], (names) => {
        const content = names.get(name)
        if (content !== undefined) names.set(second, content)
        names.delete(name)
      })
    } else if (kind === what.link) {
      this.#change([second], (names) => {
        const content = names.get(name)
        if (content !== undefined) names.set(second, content)
      })
    } else if (kind === what.unlink) this.#change([name], (names) => names.delete(name))
    else if (kind === what.mkdir) this.#change([name], (_, folders) => folders.add(name))
    else if (kind === what.rmdir) this.#change([name], (_, folders) => folders.delete(name))
    else throw new Error(`The program did what is not followed: ${name || kind}`)
  }

  #change(names: readonly string[], apply: NameChange['apply']): void {
    this.#nameChanges.push({ folders: names.map(parentOf), apply })
  }

  #sync(content: Content | undefined): void {
    if (content === undefined) return
    for (const change of content.pending) content.synced = applied(content.synced, change)
    content.pending = []
  }

  #syncFolder(folder: string): void {
    const left: NameChange[] = []
    for (const change of this.#nameChanges) {
      if (change.folders.includes(folder)) change.apply(this.#names, this.#folders)
      else left.push(change)
    }
    this.#nameChanges = left
  }

  /** The power goes: leaves in the folder what survived. @returns how many writes and names were lost */
  cut(draw: Draw): { writes: number; names: number } {
    const lost = { writes: 0, names: 0 }
    // Nothing, everything, or some of what was not synced; in pieces of a sector or of a page.
    const mood = draw()
    const survives = () => (mood < 0.3 ? false : mood < 0.4 ? true : draw() < 0.5)
    const bytes = draw() < 0.5 ? 512 : 4096
    const kept = new Map<string, number>()
    for (const folder of this.#folders) kept.set(folder, mood < 0.3 ? 0 : Math.floor(draw() * (this.#nameChanges.length + 1)))
    for (const [position, { folders, apply }] of this.#nameChanges.entries()) {
      if (folders.every((folder) => position < (kept.get(folder) ?? 0))) apply(this.#names, this.#folders)
      else {
        lost.names += 1
        for (const folder of folders) kept.set(folder, 0)
      }
    }
    for (const content of new Set(this.#names.values())) {
      for (const change of content.pending) {
        for (const piece of piecesOf(change, bytes)) {
          if (survives()) content.synced = applied(content.synced, piece)
          else lost.writes += 1
        }
      }
      content.pending = []
    }
    this.#writeOut()
    return lost
  }

  #writeOut(): void {
    for (const name of readdirSync(this.#root)) rmSync(join(this.#root, name), { recursive: true })
    for (const folder of [...this.#folders].sort()) {
      if (folder !== '' && this.#hasParents(folder)) mkdirSync(join(this.#root, folder), { recursive: true, mode: 0o700 })
    }
    for (const [name, { synced }] of this.#names) {
      if (!this.#hasParents(name)) continue
      writeFileSync(join(this.#root, name), synced)
      chmodSync(join(this.#root, name), 0o600)
    }
  }

  #hasParents(name: string): boolean {
    for (let folder = parentOf(name); folder !== ''; folder = parentOf(folder)) if (!this.#folders.has(folder)) return false
    return true
  }
}
