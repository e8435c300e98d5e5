/**
 * Writes the list of libraries in NOTICE: node bin/tools/notice.mjs
 * It is read from package-lock.json, which names every platform's packages with their licences; a test holds it current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Development packages of which parts are built into the window. */
export const bundledInWindow = ['react', 'react-dom', 'zustand', 'lucide-react', '@fontsource-variable/inter']

const marker = '--- Libraries (written by bin/tools/notice.mjs) ---'

/**
 * @typedef {object} Entry
 * @property {string} [name] where it differs from its folder
 * @property {string} [version]
 * @property {string} [license]
 * @property {boolean} [dev]
 * @property {Record<string, string>} [dependencies]
 */

/**
 * @param {Record<string, Entry>} packages of a lock
 * @returns {string} one block for each licence, sorted, ends with a line break
 */
export function libraryList(packages) {
  const paths = new Set(Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true))
  const visit = (/** @type {string} */ name) => {
    const path = `node_modules/${name}`
    if (packages[path] === undefined) throw new Error(`${name} is not in package-lock.json`)
    if (paths.has(path)) return
    paths.add(path)
    for (const dependency of Object.keys(packages[path].dependencies ?? {})) visit(dependency)
  }
  bundledInWindow.forEach(visit)
  /** @type {Map<string, Set<string>>} */
  const byLicence = new Map()
  for (const path of paths) {
    const entry = packages[path]
    if (entry?.license === undefined) throw new Error(`${path} names no licence`)
    const line = `  ${entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13)} ${entry.version}`
    byLicence.set(entry.license, (byLicence.get(entry.license) ?? new Set()).add(line))
  }
  const compare = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : 1)
  return [...byLicence.keys()]
    .sort(compare)
    .map((licence) => `${licence}\n${[...(byLicence.get(licence) ?? [])].sort(compare).join('\n')}\n`)
    .join('\n')
}

/**
 * @param {string} notice
 * @param {string} list
 * @returns {string} the notice with this list
 */
export function withList(notice, list) {
  const end = notice.indexOf(marker)
  if (end === -1) throw new Error(`NOTICE has no line "${marker}"`)
  return `${notice.slice(0, end)}${marker}\n\n${list}`
}

if (process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === import.meta.url) {
  const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
  const { packages } = JSON.parse(readFileSync(path('package-lock.json'), 'utf8'))
  writeFileSync(path('NOTICE'), withList(readFileSync(path('NOTICE'), 'utf8'), libraryList(packages)))
}
