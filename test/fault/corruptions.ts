/** Harm to the files of a vault, drawn from a seed. */
import { closeSync, copyFileSync, existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A number from 0 to below 1. */
export type Draw = () => number

export const pageBytes = 8192

/** Numbers that are the same for the same seed. */
export function drawOf(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function withFile<T>(path: string, use: (descriptor: number, bytes: number) => T): T {
  const descriptor = openSync(path, 'r+')
  try {
    return use(descriptor, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

function bytesAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at))
}

/** The pieces of which a file is made: pages, frames of the write-ahead log, or quarters of what is smaller. */
function piecesOf(path: string, bytes: number): { head: number; length: number; count: number } {
  const [head, whole] = path.endsWith('-wal') ? [32, pageBytes + 24] : [0, pageBytes]
  const length = Math.max(1, Math.min(whole, Math.floor((bytes - head) / 4)))
  return { head, length, count: Math.max(1, Math.floor((bytes - head) / length)) }
}

const below = (draw: Draw, limit: number) => Math.floor(draw() * limit)

/** Ways to harm one file. @returns what was done, for a report */
const toFile: Readonly<Record<string, (path: string, draw: Draw, older: string) => string>> = {
  flip: (path, draw) =>
    withFile(path, (descriptor, bytes) => {
      const at = below(draw, bytes)
      writeSync(descriptor, Buffer.of((bytesAt(descriptor, at, 1)[0] as number) ^ (1 << below(draw, 8))), 0, 1, at)
      return `byte ${at}`
    }),
  wipe: (path, draw) =>
    withFile(path, (descriptor, bytes) => {
      const at = below(draw, Math.max(1, bytes - 512))
      writeSync(descriptor, Buffer.alloc(Math.min(512, bytes - at)), 0, Math.min(512, bytes - at), at)
      return `from ${at}`
    }),
  truncate: (path, draw) =>
    withFile(path, (descriptor, bytes) => {
      const left = draw() < 0.5 ? below(draw, bytes) : Math.floor(below(draw, bytes) / pageBytes) * pageBytes
      ftruncateSync(descriptor, left)
      return `to ${left}`
    }),
  extend: (path, draw) =>
    withFile(path, (descriptor, bytes) => {
      const more = Buffer.from(Array.from({ length: 1 + below(draw, 9000) }, () => below(draw, 256)))
      writeSync(descriptor, more, 0, more.length, bytes)
      return `by ${more.length}`
    }),
  swap: (path, draw) =>
    withFile(path, (descriptor, bytes) => {
      const { head, length, count } = piecesOf(path, bytes)
      const [first, second] = [head + below(draw, count) * length, head + below(draw, count) * length]
      const [one, other] = [bytesAt(descriptor, first, length), bytesAt(descriptor, second, length)]
      writeSync(descriptor, other, 0, other.length, first)
      writeSync(descriptor, one, 0, one.length, second)
      return `${length} bytes at ${first} and ${second}`
    }),
  replay: (path, draw, older) =>
    withFile(path, (descriptor, bytes) => {
      const { head, length, count } = piecesOf(path, bytes)
      const at = head + below(draw, count) * length
      const before = existsSync(older) ? withFile(older, (other) => bytesAt(other, at, length)) : bytesAt(descriptor, head, length)
      writeSync(descriptor, before, 0, before.length, at)
      return `${length} bytes at ${at}`
    }),
}

/** Puts some older pages back, each in its place: a replay that the tags of the pages do not see. */
function replayPages(path: string, draw: Draw, older: string): string {
  const pages: number[] = []
  withFile(path, (descriptor, bytes) =>
    withFile(older, (other, olderBytes) => {
      const differing: number[] = []
      for (let page = 0; (page + 1) * pageBytes <= Math.min(bytes, olderBytes); page++) {
        const at = page * pageBytes
        if (!bytesAt(descriptor, at, pageBytes).equals(bytesAt(other, at, pageBytes))) differing.push(page)
      }
      for (let count = 1 + below(draw, 4); count > 0 && differing.length > 0; count--) pages.push(oneOf(differing, draw))
      for (const page of pages) writeSync(descriptor, bytesAt(other, page * pageBytes, pageBytes), 0, pageBytes, page * pageBytes)
    }),
  )
  return `pages ${pages.join(' ')}`
}

/** Ways to harm the segments among themselves. */
const toSegments: Readonly<Record<string, (folder: string, draw: Draw, older: string) => string>> = {
  remove: (folder, draw) => {
    const name = oneOf(readdirSync(folder), draw)
    rmSync(join(folder, name))
    return name
  },
  exchange: (folder, draw) => {
    const names = readdirSync(folder)
    const [first, second] = [oneOf(names, draw), oneOf(names, draw)]
    if (first !== second) copyFileSync(join(folder, first), join(folder, second))
    return `${second} by ${first}`
  },
  playBack: (folder, draw, older) => {
    const [now, before] = [oneOf(readdirSync(folder), draw), oneOf(readdirSync(older), draw)]
    copyFileSync(join(older, before), join(folder, now))
    return `${now} by an older ${before}`
  },
}

export const oneOf = <T>(list: readonly T[], draw: Draw): T => list[below(draw, list.length)] as T

/**
 * Harms a file of a vault once.
 * @param older an earlier copy of the same vault, to play back from
 */
export function harm(folder: string, older: string, draw: Draw): { readonly target: string; readonly what: string } {
  const wal = existsSync(join(folder, 'vault.db-wal')) ? ['vault.db-wal', 'vault.db-wal', 'vault.db-wal'] : []
  if (draw() < 0.2) {
    const target = 'vault.db'
    return { target, what: `replay of ${replayPages(join(folder, target), draw, join(older, target))}` }
  }
  const target = oneOf(['vault.db', 'vault.db', 'vault.db', 'vault.json', 'gallery', ...wal], draw)
  if (target === 'gallery' && draw() < 0.4) {
    const [name, act] = oneOf(Object.entries(toSegments), draw)
    return { target, what: `${name} ${act(join(folder, target), draw, join(older, target))}` }
  }
  const file = target === 'gallery' ? join(target, oneOf(readdirSync(join(folder, target)), draw)) : target
  return { target: file, what: harmFile(join(folder, file), join(older, file), draw) }
}

/** Harms one file once. @param older an earlier one of it, to play back from @returns what was done */
export function harmFile(file: string, older: string, draw: Draw): string {
  const [name, act] = oneOf(Object.entries(toFile), draw)
  return `${name} ${act(file, draw, older)}`
}
