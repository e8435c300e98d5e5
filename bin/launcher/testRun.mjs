import { findBrowser } from './browsers.mjs'
import { canInstallPackages, installPackages } from './debian.mjs'
import { findElectron } from './electron.mjs'
import { hasDisplay, onPath } from './machine.mjs'
import { run } from './processes.mjs'
import { say } from './progress.mjs'
import { listFiles } from './stamp.mjs'
import { withDisplay } from './xvfb.mjs'

/**
 * @typedef {object} TestPlace
 * @property {string} root
 * @property {import('./machine.mjs').Machine} machine
 * @property {string} node
 */

/**
 * @typedef {object} Result
 * @property {string} title
 * @property {'passed' | 'failed' | 'left out'} outcome
 * @property {number} seconds
 */

/**
 * Runs the stages one after another, goes on after a failure, and ends with a summary.
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @param {TestPlace} place
 * @returns {Promise<number>} 0 when nothing failed
 */
export async function runStages(stages, place) {
  await bringPackages(stages, place)
  /** @type {Result[]} */
  const results = []
  for (const stage of stages) {
    say(`--- ${stage.title}`)
    const startedMs = performance.now()
    const outcome = await runStage(stage, place)
    const seconds = (performance.now() - startedMs) / 1000
    results.push({ title: stage.title, outcome, seconds })
    say(`--- ${stage.title}: ${outcome} in ${seconds.toFixed(1)} s`)
  }
  return summarise(results)
}

/** @param {readonly Result[]} results */
export function summarise(results) {
  say('summary')
  for (const { title, outcome, seconds } of results) say(`  ${outcome.padEnd(8)} ${seconds.toFixed(1).padStart(7)} s  ${title}`)
  const failed = results.filter(({ outcome }) => outcome === 'failed').length
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0)
  say(failed === 0 ? `all passed in ${total.toFixed(0)} s` : `${failed} of ${results.length} failed in ${total.toFixed(0)} s`)
  return failed === 0 ? 0 : 1
}

/**
 * @param {import('./stages.mjs').Stage} stage
 * @param {TestPlace} place
 * @returns {Promise<Result['outcome']>}
 */
async function runStage(stage, place) {
  const { root, machine, node } = place
  if (stage.folder !== undefined && listFiles(root, [stage.folder], isTest).length === 0) {
    say(`there are no tests in ${stage.folder} yet`)
    return 'passed'
  }
  const go = async (/** @type {Record<string, string | undefined>} */ env) =>
    (await run(node, stage.command, { cwd: root, env })).code === 0 ? 'passed' : 'failed'
  if (!stage.window) return await go(machine.env)
  const missing = missingForWindow(place)
  if (missing !== undefined) return await leaveOut(stage, missing, place)
  return await withDisplay(machine, go)
}

/** @param {string} path */
const isTest = (path) => /\.(test|spec)\.tsx?$/.test(path)

/**
 * @param {TestPlace} place
 * @returns {string | undefined} what the window tests cannot do without
 */
function missingForWindow(place) {
  const { machine } = place
  if (findBrowser(machine) === undefined && findElectron(place) === undefined) return 'Chromium, Chrome or Edge'
  if (onPath(machine, machine.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg') === undefined) return 'ffmpeg'
  if (!hasDisplay(machine) && onPath(machine, 'Xvfb') === undefined) return 'a display (or Xvfb)'
  return undefined
}

/**
 * Says by name which tests are not run.
 * @param {import('./stages.mjs').Stage} stage
 * @param {string} missing
 * @param {TestPlace} place
 * @returns {Promise<'left out'>}
 */
async function leaveOut(stage, missing, { root, machine, node }) {
  say(`${missing} is missing; these tests are left out:`)
  const listed = await run(node, [...stage.command, '--list'], { cwd: root, env: machine.env, quiet: true })
  process.stderr.write(`${listed.output.trimEnd()}\n`)
  return 'left out'
}

/**
 * On Debian the superuser gets what the tests need, once.
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @param {TestPlace} place
 */
async function bringPackages(stages, { root, machine }) {
  if (!canInstallPackages(machine)) return
  const lacks = (/** @type {string} */ program) => onPath(machine, program) === undefined
  const packages = []
  if (stages.some((stage) => stage.window)) {
    if (findBrowser(machine) === undefined) packages.push('chromium')
    if (lacks('ffmpeg')) packages.push('ffmpeg')
    if (lacks('Xvfb')) packages.push('xvfb')
  }
  if (stages.some((stage) => stage.keychain)) {
    if (lacks('dbus-run-session')) packages.push('dbus')
    if (lacks('gnome-keyring-daemon')) packages.push('gnome-keyring')
  }
  if (packages.length > 0 && !(await installPackages(machine, root, packages))) say(`could not install ${packages.join(', ')}`)
}
