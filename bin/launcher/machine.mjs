import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * What the launcher may know about the machine. Tests pass a made-up one.
 * @typedef {object} Machine
 * @property {string} platform as process.platform
 * @property {string} arch as process.arch
 * @property {Record<string, string | undefined>} env without the secrets: this is what every child may see
 * @property {boolean} root whether the launcher runs as the superuser
 * @property {boolean} terminal whether somebody can answer a question
 * @property {string} execPath the Node that runs the launcher
 * @property {string} nodeVersion its version, without the v
 * @property {(path: string) => boolean} isFile
 * @property {() => string} osRelease content of /etc/os-release, empty where there is none
 */

const secretNames = ['VULTUS_PASSPHRASE', 'VULTUS_PASSWORD', 'VULTUS_NEW_PASSWORD', 'VULTUS_RECOVERY_KEY']

/**
 * Takes passphrase and passwords out of an environment, so that no child inherits them by accident.
 * @param {Record<string, string | undefined>} env is changed
 * @returns {Record<string, string>} those that were there, by their names
 */
export function takeSecrets(env) {
  /** @type {Record<string, string>} */
  const taken = {}
  for (const name of secretNames) {
    const value = env[name]
    if (value !== undefined) taken[name] = value
    delete env[name]
  }
  return taken
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Machine}
 */
export function thisMachine(env) {
  return {
    platform: process.platform,
    arch: process.arch,
    env,
    root: process.getuid?.() === 0,
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
    execPath: process.execPath,
    nodeVersion: process.versions.node,
    isFile,
    osRelease: () => {
      try {
        return readFileSync('/etc/os-release', 'utf8')
      } catch {
        return ''
      }
    },
  }
}

/** @param {string} path */
function isFile(path) {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Whether a window can be shown. Windows and macOS always have a desktop.
 * @param {Machine} machine
 */
export function hasDisplay(machine) {
  if (machine.platform === 'win32' || machine.platform === 'darwin') return true
  return Boolean(machine.env.DISPLAY || machine.env.WAYLAND_DISPLAY)
}

/**
 * Whether this is Debian or one of its kind. Ubuntu is not: its chromium package is a snap, which a plain apt-get cannot bring.
 * @param {Machine} machine
 */
export function isDebian(machine) {
  if (machine.platform !== 'linux') return false
  const fields = Object.fromEntries(
    machine
      .osRelease()
      .split('\n')
      .map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line))
      .filter((found) => found !== null)
      .map(([, key, value]) => [key, value]),
  )
  const family = [fields.ID, ...(fields.ID_LIKE ?? '').split(' ')]
  return family.includes('debian') && !family.includes('ubuntu')
}

/**
 * @param {Machine} machine
 * @param {string} name name of a program
 * @returns {string | undefined} its full path
 */
export function onPath(machine, name) {
  return (machine.env.PATH ?? machine.env.Path ?? '')
    .split(machine.platform === 'win32' ? ';' : delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => machine.isFile(path) && (machine.platform === 'win32' || isExecutable(path)))
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
