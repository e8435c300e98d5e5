import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './processes.mjs'
import { showOutput } from './progress.mjs'
import { Refused } from './refused.mjs'
import { fileDigest, forget, isCurrent, listFiles, readJson, stampOf, writeJson } from './stamp.mjs'

/**
 * @typedef {object} Tools
 * @property {string} root
 * @property {string} node the Node 24 to use
 * @property {Record<string, string | undefined>} env
 * @property {(pid: number) => void} onPid
 */

const KERNEL = 'src/matcher/kernel'
const STARTER_PACK = 'models/packs/starter'

/** @param {string} root */
const appInputs = (root) =>
  listFiles(
    root,
    ['src', 'electron.vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json'],
    (path) => !path.startsWith(`${KERNEL}/`),
  )
/** @param {string} root */
const kernelInputs = (root) => listFiles(root, [KERNEL])

const APP_STAMP = 'out/app.stamp.json'
const KERNEL_STAMP = 'out/kernel.stamp.json'
const PACK_STAMP = '.cache/vultus/starterPack.stamp.json'
const APP_OUTPUTS = [
  'out/main/headless.js',
  'out/main/face.js',
  'out/main/matcher.js',
  'out/main/inferenceThread.js',
  'out/main/matcherWorker.js',
  'out/renderer/index.html',
]
const KERNEL_OUTPUTS = ['out/kernel/kernel.wasm', 'out/kernel/kernel-simd.wasm', 'out/kernel/kernel-scalar.wasm']

/** An installed station brings its outputs and no sources; there is nothing to build. @param {string} root */
export function hasSources(root) {
  return existsSync(join(root, 'src'))
}

/** @param {string} root */
export function appIsCurrent(root) {
  return APP_OUTPUTS.every((file) => existsSync(join(root, file))) && isCurrent(join(root, APP_STAMP), root, appInputs(root))
}

/** @param {string} root */
export function kernelIsCurrent(root) {
  return KERNEL_OUTPUTS.every((file) => existsSync(join(root, file))) && isCurrent(join(root, KERNEL_STAMP), root, kernelInputs(root))
}

/**
 * Whether every file that the manifest of the starter pack names is the one that it names.
 * @param {string} root
 */
export function starterPackIsCurrent(root) {
  const files = starterPackFiles(root)
  if (files === undefined) return false
  const names = [`${STARTER_PACK}/manifest.json`, ...files.map(({ path }) => path)]
  if (!names.every((name) => existsSync(join(root, name)))) return false
  if (isCurrent(join(root, PACK_STAMP), root, names)) return true
  if (!files.every(({ path, sha256 }) => fileDigest(join(root, path)) === sha256)) return false
  writeJson(join(root, PACK_STAMP), stampOf(root, names))
  return true
}

/**
 * @param {string} root
 * @returns {{ path: string, sha256: string }[] | undefined} undefined without a readable manifest
 */
function starterPackFiles(root) {
  const roles = readJson(join(root, STARTER_PACK, 'manifest.json'))?.roles
  if (typeof roles !== 'object' || roles === null) return undefined
  return Object.values(roles).map(({ file, sha256 }) => ({ path: `${STARTER_PACK}/${file}`, sha256 }))
}

/** @param {Tools} tools */
export async function buildApp(tools) {
  const { root } = tools
  const stamp = stampOf(root, appInputs(root))
  forget(join(root, APP_STAMP))
  await work(tools, 'the build', 'node_modules/electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])
  const missing = APP_OUTPUTS.filter((file) => !existsSync(join(root, file)))
  if (missing.length > 0) throw new Refused('setup.failed', `the build made no ${missing.join(', ')}`)
  writeJson(join(root, APP_STAMP), stamp)
}

/** @param {Tools} tools */
export async function buildKernel(tools) {
  const { root } = tools
  const stamp = stampOf(root, kernelInputs(root))
  forget(join(root, KERNEL_STAMP))
  await work(tools, 'the matching kernel', `${KERNEL}/build.mjs`, ['out/kernel'])
  writeJson(join(root, KERNEL_STAMP), stamp)
}

/** @param {Tools} tools */
export async function buildStarterPack(tools) {
  forget(join(tools.root, PACK_STAMP))
  await work(tools, 'the starter pack', 'out/main/packBuilder.js', ['--packs', join(tools.root, 'models/packs')])
}

/**
 * @param {Tools} tools
 * @param {string} what
 * @param {string} script
 * @param {readonly string[]} args
 */
async function work(tools, what, script, args) {
  const finished = await run(tools.node, [script, ...args], { cwd: tools.root, env: tools.env, quiet: true, onPid: tools.onPid })
  if (finished.code === 0) return
  showOutput(finished.output)
  throw new Refused('setup.failed', what)
}
