import { join } from 'node:path'
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs'
import { takeLock } from './lock.mjs'
import { findNode } from './node24.mjs'
import { appIsCurrent, buildApp, buildKernel, buildStarterPack, hasSources, kernelIsCurrent, starterPackIsCurrent } from './outputs.mjs'
import { interruptible } from './processes.mjs'
import { say, step } from './progress.mjs'

/**
 * One thing that has to be there, how to see whether it is, and how to make it. Later ones need earlier ones.
 * @typedef {object} SetUpStep
 * @property {string} title
 * @property {() => boolean} isDone must be cheap: every command asks
 * @property {(onPid: (pid: number) => void) => Promise<void>} make
 */

/**
 * Runs a task while no other launcher works in this folder; a signal ends the task and frees the folder.
 * @template T
 * @param {string} root
 * @param {(onPid: (pid: number) => void) => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function alone(root, task) {
  const lock = await takeLock(join(root, '.cache/vultus/setup.lock'), (pid) =>
    say(`another vultus (process ${pid}) is at work here; waiting for it`),
  )
  try {
    return await interruptible(lock.release, () => task(lock.addHelper))
  } finally {
    lock.release()
  }
}

/**
 * Makes what is missing, in order. When nothing is missing it takes no lock and says nothing.
 * @param {readonly SetUpStep[]} steps
 * @param {(task: (onPid: (pid: number) => void) => Promise<void>) => Promise<void>} exclusively
 */
export async function makeMissing(steps, exclusively) {
  if (steps.every((one) => one.isDone())) return
  await exclusively(async (onPid) => {
    for (const { title, isDone, make } of steps) if (!isDone()) await step(title, () => make(onPid))
  })
}

/**
 * @param {string} root folder of the project
 * @param {import('./machine.mjs').Machine} machine
 * @param {{ pack: boolean }} wanted
 * @returns {Promise<string>} the Node that runs the station
 */
export async function setUp(root, machine, wanted) {
  if (!hasSources(root)) return findNode(root, machine)
  const { env } = machine
  const tools = (/** @type {(pid: number) => void} */ onPid) => ({ root, node: findNode(root, machine), env, onPid })
  /** @type {SetUpStep[]} */
  const steps = [
    {
      title: 'installing dependencies',
      isDone: () => dependenciesAreCurrent(root, machine),
      make: (onPid) => installDependencies(root, machine, onPid),
    },
    { title: 'building the station', isDone: () => appIsCurrent(root), make: (onPid) => buildApp(tools(onPid)) },
    { title: 'building the matching kernel', isDone: () => kernelIsCurrent(root), make: (onPid) => buildKernel(tools(onPid)) },
  ]
  if (wanted.pack)
    steps.push({
      title: 'making the starter model pack',
      isDone: () => starterPackIsCurrent(root),
      make: (onPid) => buildStarterPack(tools(onPid)),
    })
  await makeMissing(steps, (task) => alone(root, task))
  return findNode(root, machine)
}
