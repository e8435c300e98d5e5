import { join } from 'node:path'
import { onPath } from './machine.mjs'

/** By preference: what the distribution keeps up to date first; a snap last, since its confinement hides parts of the disk. */
const linuxNames = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge', 'chromium-browser']
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

/**
 * A local Chromium, Chrome or Edge. VULTUS_BROWSER names another one.
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string | undefined} path of its program
 */
export function findBrowser(machine) {
  const { VULTUS_BROWSER: named } = machine.env
  if (named !== undefined && named !== '') return machine.isFile(named) ? named : undefined
  return candidates(machine).find((path) => machine.isFile(path))
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string[]}
 */
function candidates(machine) {
  const { env } = machine
  if (machine.platform === 'darwin')
    return ['/Applications', join(env.HOME ?? '/', 'Applications')].flatMap((folder) =>
      macApps.map((app) => `${folder}/${app}.app/Contents/MacOS/${app}`),
    )
  if (machine.platform === 'win32')
    return windowsPrograms.flatMap((program) =>
      [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean).map((folder) => `${folder}\\${program}`),
    )
  return [...linuxNames.map((name) => onPath(machine, name)).filter((path) => path !== undefined), '/snap/bin/chromium']
}
