import { Refused } from './refused.mjs'

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} title
 * @property {readonly string[]} command script below the root and its arguments, for Node 24
 * @property {boolean} [window] shows a window in a real browser
 * @property {boolean} [keychain] opens a vault with a real keychain where one is there
 * @property {string} [folder] tests of the stage; a stage that may have none is passed with a line
 */

/** @param {string} project @param {readonly string[]} [filters] */
const vitest = (project, filters = []) => ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...filters]

/** @param {string} project */
const playwright = (project) => ['node_modules/@playwright/test/cli.js', 'test', '--project', project]

/** Every stage, in the order in which a fault shows soonest. @type {readonly Stage[]} */
export const stages = [
  { name: 'types', title: 'types (tsc)', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'lint', title: 'lint and format (biome)', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'architecture', title: 'architecture (import table)', command: vitest('architecture') },
  { name: 'unit', title: 'unit', command: vitest('unit') },
  { name: 'vault', title: 'vault and faults', command: vitest('vault'), keychain: true },
  { name: 'flow', title: 'flow (real processes)', command: vitest('flow') },
  { name: 'api', title: 'api (doors over the wire)', command: vitest('api') },
  { name: 'e2e', title: 'e2e (real window)', command: playwright('window'), window: true },
]

/** What `npm run test:long` runs. @type {readonly Stage[]} */
export const longStages = [
  { name: 'long', title: 'long tests', command: vitest('long'), folder: 'test/long' },
  { name: 'screens', title: 'every screen in every look (real window)', command: playwright('long'), window: true },
]

const checkNames = ['types', 'lint', 'architecture', 'unit']

/**
 * Takes `--rounds N` out of the arguments of a test: how often the tests that harm a vault do so.
 * @param {readonly string[]} args
 * @returns {{ args: readonly string[], rounds: string | undefined }}
 */
export function withRounds(args) {
  const at = args.indexOf('--rounds')
  if (at < 0) return { args, rounds: undefined }
  const rounds = args[at + 1] ?? ''
  if (!/^[1-9][0-9]{0,6}$/.test(rounds)) throw new Refused('request.invalid', `--rounds should be a whole number: ${rounds}`)
  return { args: args.filter((_, index) => index !== at && index !== at + 1), rounds }
}

/**
 * Which stages a call asks for.
 * @param {'test' | 'check'} command
 * @param {readonly string[]} args
 * @returns {readonly Stage[]}
 */
export function stagesOf(command, args) {
  if (command === 'check') {
    if (args.length > 0) throw new Refused('request.invalid', `check takes no argument: ${args.join(' ')}`)
    return stages.filter(({ name }) => checkNames.includes(name))
  }
  const names = args.filter((arg) => arg !== '--long')
  const all = [...stages, ...longStages]
  for (const name of names)
    if (!all.some((stage) => stage.name === name))
      throw new Refused('request.invalid', `there is no stage "${name}"; there are ${all.map((stage) => stage.name).join(', ')}`)
  const long = args.includes('--long')
  if (names.length === 0) return long ? longStages : stages
  return all.filter(({ name }) => names.includes(name) || (long && longStages.some((stage) => stage.name === name)))
}
