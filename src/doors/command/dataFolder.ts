/** Where a station keeps its vault when nobody says otherwise. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * The data folder: --data, else VULTUS_DATA, else the place that the platform has for such data.
 * @param given value of --data
 */
export function dataFolderOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = given ?? (env.VULTUS_DATA || undefined)
  if (named !== undefined) return resolve(named)
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Vultus')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Vultus')
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'vultus')
}
