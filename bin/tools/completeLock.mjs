/**
 * Completes package-lock.json: node bin/tools/completeLock.mjs
 * A registry that mirrors only some platforms makes npm leave out the packages of the others, and `npm ci` then refuses the
 * whole lock, on every platform. This adds an entry for each optional package that an entry names and the lock lacks:
 * version, and the platform that its name tells, so that npm asks for it on that platform alone.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

/**
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * @param {Record<string, Entry>} packages of a lock
 * @returns {{ path: string, entry: Entry }[]} what it names and lacks
 */
export function missingEntries(packages) {
  /** @type {{ path: string, entry: Entry }[]} */
  const missing = []
  for (const [from, { optionalDependencies = {}, dev }] of Object.entries(packages))
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (placesOf(from, name).some((path) => packages[path] !== undefined)) continue
      if (!/^\d+\.\d+\.\d+$/.test(version))
        throw new Error(`${from || 'package.json'} asks for ${name}@${version}: only exact versions can be completed`)
      const path = `node_modules/${name}`
      if (!missing.some((one) => one.path === path))
        missing.push({ path, entry: { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) } })
    }
  return missing
}

/**
 * Where Node looks for a package, nearest first.
 * @param {string} from
 * @param {string} name
 */
function placesOf(from, name) {
  const places = []
  for (let folder = from; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1)))
    places.push(`${folder}/node_modules/${name}`)
  return [...places, `node_modules/${name}`]
}

/**
 * @param {string} name such as @scope/tool-linux-x64-musl
 * @returns {Pick<Entry, 'os' | 'cpu' | 'libc'>}
 */
function platformOf(name) {
  const words = name.split(/[/-]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) throw new Error(`the name ${name} tells no platform`)
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined
  return { ...(libc === undefined || os !== 'linux' ? {} : { libc: [libc] }), os: [os], cpu: [cpu] }
}

if (process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === import.meta.url) {
  const file = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const missing = missingEntries(lock.packages)
  for (const { path, entry } of missing) lock.packages[path] = entry
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(`${missing.length} entries added\n`)
}
