/** Where a station keeps its vault when nobody says otherwise. */
import { existsSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { VultusError } from '../../contract/errors.ts'

/** File systems of Linux that hold no files: proc and sysfs, by their magic numbers (statfs(2)). */
const pseudoFileSystems = [0x9fa0, 0x62656572]

/** Making a folder below /proc never returns. @throws VultusError vault.unwritable */
function onRealDisk(folder: string): string {
  let existing = folder
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  if (process.platform === 'linux' && pseudoFileSystems.includes(statfsSync(existing).type)) throw new VultusError('vault.unwritable')
  return folder
}

/**
 * The data folder: --data, else VULTUS_DATA, else the place that the platform has for such data.
 * @param given value of --data
 * @throws VultusError request.invalid for an empty name, vault.unwritable where no file can be
 */
export function dataFolderOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = given ?? (env.VULTUS_DATA || undefined)
  if (named === '') throw new VultusError('request.invalid', 'option --data names no folder')
  if (named !== undefined) return onRealDisk(resolve(named))
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Vultus')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Vultus')
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'vultus')
}
