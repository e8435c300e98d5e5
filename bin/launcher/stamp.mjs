import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A stamp remembers from which inputs an output was made. `quick` (names, sizes, times) is what every start compares;
 * `content` spares a rebuild when only times changed, as after a checkout.
 * @typedef {object} Stamp
 * @property {string} quick
 * @property {string} content
 */

/**
 * @param {string} root
 * @param {readonly string[]} entries files and folders below root; missing ones count as empty
 * @param {(path: string) => boolean} [accept] by path relative to root
 * @returns {string[]} files, relative to root, sorted
 */
export function listFiles(root, entries, accept = () => true) {
  /** @type {string[]} */
  const files = []
  const visit = (/** @type {string} */ path) => {
    const kind = statSync(join(root, path), { throwIfNoEntry: false })
    if (kind?.isDirectory()) for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`)
    else if (kind?.isFile() && accept(path)) files.push(path)
  }
  for (const entry of entries) visit(entry)
  return files.sort()
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {string} digest of names, sizes and times
 */
export function quickDigest(root, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {string} digest of names and contents
 */
export function contentDigest(root, files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0${fileDigest(join(root, file))}\n`)
  return hash.digest('hex')
}

/** @param {string} path @returns {string} sha256, hexadecimal */
export function fileDigest(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/**
 * Whether an output was made from just these inputs. Freshens the stamp when only times differ.
 * @param {string} stampFile
 * @param {string} root
 * @param {readonly string[]} files
 */
export function isCurrent(stampFile, root, files) {
  const stamp = /** @type {Stamp | undefined} */ (readJson(stampFile))
  if (stamp === undefined) return false
  const quick = quickDigest(root, files)
  if (stamp.quick === quick) return true
  if (stamp.content !== contentDigest(root, files)) return false
  writeJson(stampFile, { quick, content: stamp.content })
  return true
}

/**
 * Takes the stamp of the inputs as they are now. Take it before the work and write it after: a file that is changed
 * meanwhile then makes the output stale.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Stamp}
 */
export function stampOf(root, files) {
  return { quick: quickDigest(root, files), content: contentDigest(root, files) }
}

/** @param {string} path @returns {any} undefined when missing or damaged */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Writes whole or not at all.
 * @param {string} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.${process.pid}.new`
  writeFileSync(next, `${JSON.stringify(value)}\n`)
  renameSync(next, path)
}

/** @param {string} path */
export function forget(path) {
  rmSync(path, { force: true })
}
