/** Folders of this machine, as far as whoever runs the station may read them. */
import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname, isAbsolute, join, normalize } from 'node:path'
import { VultusError } from '../contract/errors.ts'
import { type PlaceKind, placeLimits } from '../contract/rows/place.ts'
import type { OutputOf } from '../contract/table.ts'
import type { Handlers } from './handlerTypes.ts'
import { listEndings } from './imports/source.ts'

const kinds: Readonly<Record<string, PlaceKind>> = {
  ...Object.fromEntries(listEndings.map((ending) => [ending, 'list'] as const)),
  '.zip': 'pack',
}

export const placeHandlers = {
  'place.list': async ({ folder }) => await placesIn(folder ?? homedir()),
} satisfies Partial<Handlers>

/** @throws VultusError request.invalid for a path that is not absolute, import.sourceUnreadable */
export async function placesIn(path: string): Promise<OutputOf<'place.list'>> {
  if (!isAbsolute(path)) throw new VultusError('request.invalid', 'folder: an absolute path')
  const folder = normalize(path)
  const directory = await opendir(folder).catch(() => {
    throw new VultusError('import.sourceUnreadable')
  })
  const entries: OutputOf<'place.list'>['entries'] = []
  let others = 0
  let more = false
  for await (const entry of directory) {
    if (entry.name.startsWith('.')) continue
    const kind = await kindOf(folder, entry)
    if (kind === undefined) others++
    else if (entries.length === placeLimits.entriesMax) more = true
    else entries.push({ name: entry.name, path: join(folder, entry.name), kind })
    if (more) break
  }
  const rank = (kind: PlaceKind) => (kind === 'folder' ? 0 : 1)
  entries.sort((a, b) => rank(a.kind) - rank(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }))
  const parent = dirname(folder)
  return { folder, parent: parent === folder ? null : parent, entries, others, more }
}

async function kindOf(folder: string, entry: Dirent): Promise<PlaceKind | undefined> {
  // A link is what it leads to; one that leads nowhere is nothing.
  const found = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry
  if (found?.isDirectory() === true) return 'folder'
  return found?.isFile() === true ? kinds[extname(entry.name).toLowerCase()] : undefined
}
