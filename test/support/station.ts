/** A real station on a temporary vault, with the built processes, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unwrap } from '../../src/contract/errors.ts'
import type { Actor } from '../../src/contract/records.ts'
import type { InputOf, OutputOf, ProcedureName } from '../../src/contract/table.ts'
import { spawnChildFrom } from '../../src/main/spawnChild.ts'
import type { Child, Spawn, Station } from '../../src/station/api.ts'
import { openStation } from '../../src/station/station.ts'

export const projectFolder = resolve(import.meta.dirname, '../..')
export const packsFolder = join(projectFolder, 'models/packs')
export const entriesFolder = join(projectFolder, 'out/main')

export interface TestStation {
  readonly station: Station
  readonly folder: string
  /** Children that were spawned, newest last, by entry. */
  readonly children: { entry: string; child: Child }[]
  readonly lines: string[]
  call<Name extends ProcedureName>(name: Name, input: InputOf<Name>, actor?: Actor): Promise<OutputOf<Name>>
  close(): Promise<void>
}

export const administrator: Actor = { role: 'administrator', door: 'command' }
export const testPassphrase = 'a passphrase for tests'

/** Opens a station with a new passphrase vault of the kind, or on a folder that is there. */
export async function openTestStation(options: { kind?: 'real' | 'demo' | 'none'; folder?: string } = {}): Promise<TestStation> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'vultus-test-'))
  const children: TestStation['children'] = []
  const lines: string[] = []
  const spawnEntry = spawnChildFrom(entriesFolder)
  const spawn: Spawn = (entry) => {
    const child = spawnEntry(entry)
    children.push({ entry, child })
    return child
  }
  const station = openStation({
    dataFolder: folder,
    packsFolder,
    version: '0.0.0-test',
    spawn,
    passphrase: testPassphrase,
    log: (line) => lines.push(line),
  })
  const call: TestStation['call'] = async (name, input, actor = administrator) =>
    unwrap(await station.run(name, input, actor)) as OutputOf<typeof name>
  if (options.folder === undefined && options.kind !== 'none') {
    await call('vault.init', { key: 'passphrase', kind: options.kind ?? 'real' })
  }
  const close = async () => {
    await station.close()
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  return { station, folder, children, lines, call, close }
}
