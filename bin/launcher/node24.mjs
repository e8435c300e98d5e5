import { join } from 'node:path'
import { nodePackageOf } from './dependencies.mjs'
import { Refused } from './refused.mjs'

/** Oldest Node that runs the station where no Node 24 comes with the dependencies (macOS). */
const OLDEST = /** @type {const} */ ([22, 14])

/**
 * The Node that runs everything but the launcher.
 * @param {string} root
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string} path of its program
 */
export function findNode(root, machine) {
  const program = machine.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const bundled = join(root, 'node_modules', nodePackageOf(machine), program)
  if (machine.isFile(bundled)) return bundled
  if (isNewEnough(machine.nodeVersion)) return machine.execPath
  throw new Refused('setup.nodeMissing', `this is Node.js ${machine.nodeVersion} on ${machine.platform} ${machine.arch}`)
}

/** @param {string} version as process.versions.node */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
