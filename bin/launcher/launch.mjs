import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeSecrets, thisMachine } from './machine.mjs'
import { nodeFlags } from './nodeFlags.mjs'
import { interruptible, run } from './processes.mjs'
import { say } from './progress.mjs'
import { Refused } from './refused.mjs'
import { alone, setUp } from './setUp.mjs'
import { stagesOf, withRounds } from './stages.mjs'
import { start } from './start.mjs'
import { runStages } from './testRun.mjs'

const root = dirname(dirname(dirname(realpathSync(fileURLToPath(import.meta.url)))))

const usage = `Usage: node bin/vultus.mjs COMMAND [options]
  start [--demo] [--data DIR]   open the station; sets up what is missing
  build                         set up and build only
  test [--long] [STAGE...]      run the tests, or the named stages of them; --rounds N harms vaults so often
  check                         types, lint, architecture, unit
  bench NAME                    run test/bench/NAME.ts
  models build                  make the starter model pack again
Every other command goes to the station; "node bin/vultus.mjs --help" lists them.
`

/**
 * @typedef {object} Place
 * @property {string} root
 * @property {import('./machine.mjs').Machine} machine
 * @property {(name: string) => string} entry path of a built process entry
 * @property {(file: string, args: readonly string[]) => Promise<import('./processes.mjs').Finished>} runEntry
 *   runs the command itself: with the terminal, and as the only one with the secrets
 */

/**
 * @param {readonly string[]} argv arguments after the program
 * @returns {Promise<number>} exit code
 */
export async function launch(argv) {
  const secrets = takeSecrets(process.env)
  const machine = thisMachine(process.env)
  const entryEnv = { ...machine.env, ...secrets }
  /** @type {Place} */
  const place = {
    root,
    machine,
    entry: (name) => join(root, 'out/main', `${name}.js`),
    runEntry: (file, args) => run(file, args, { cwd: process.cwd(), env: entryEnv, foreground: true, watched: true }),
  }
  try {
    return await runCommand(argv, place)
  } catch (error) {
    return refuse(error, argv.includes('--json'))
  }
}

/** @param {readonly string[]} args */
const asksForHelp = (args) => args.includes('--help') || args.includes('-h')

/**
 * @param {readonly string[]} argv
 * @param {Place} place
 * @returns {Promise<number>}
 */
async function runCommand(argv, place) {
  const { machine, entry, runEntry } = place
  const [command = '--help', ...args] = argv
  if (['test', 'check', 'build', 'bench'].includes(command) && asksForHelp(args)) {
    process.stdout.write(usage)
    return 0
  }
  switch (command) {
    case 'start': {
      const node = await setUp(root, machine, { pack: true })
      if (asksForHelp(args)) return (await runEntry(node, [...nodeFlags, entry('headless'), ...argv])).code
      return await start({ ...place, node, args })
    }
    case 'build':
      await setUp(root, machine, { pack: true })
      return 0
    case 'test':
    case 'check': {
      const { args: names, rounds } = withRounds(args)
      if (rounds !== undefined) process.env.VULTUS_ROUNDS = rounds
      const stages = stagesOf(command, names)
      const node = await setUp(root, machine, { pack: true })
      return await interruptible(
        () => {},
        () => runStages(stages, { root, machine, node }),
      )
    }
    case 'bench':
      return await bench(args, place)
    case 'models':
      return args[0] === 'build' && !asksForHelp(args) ? await buildModels(args.slice(1), place) : await runOther(argv, place)
    default:
      return await runOther(argv, place)
  }
}

/**
 * @param {readonly string[]} argv
 * @param {Place} place
 */
async function runOther(argv, { machine, entry, runEntry }) {
  const node = await setUp(root, machine, { pack: true })
  return (await runEntry(node, [...nodeFlags, entry('headless'), ...argv])).code
}

/**
 * @param {readonly string[]} args
 * @param {Place} place
 */
async function buildModels(args, { machine, entry }) {
  const node = await setUp(root, machine, { pack: false })
  const packs = args.includes('--packs') ? [] : ['--packs', join(root, 'models/packs')]
  const options = { cwd: process.cwd(), env: machine.env }
  return await alone(root, async (onPid) => (await run(node, [entry('packBuilder'), ...packs, ...args], { ...options, onPid })).code)
}

/**
 * Benches are TypeScript that Node runs as it is.
 * @param {readonly string[]} args
 * @param {Place} place
 */
async function bench([name, ...args], { machine }) {
  if (name === undefined || !/^[A-Za-z0-9._-]+$/.test(name)) throw new Refused('request.invalid', 'name a bench: bench NAME')
  const script = join(root, 'test/bench', `${name}.ts`)
  if (!machine.isFile(script)) throw new Refused('request.invalid', `there is no test/bench/${name}.ts`)
  const node = await setUp(root, machine, { pack: true })
  const flags = [...nodeFlags, '--experimental-transform-types', '--disable-warning=ExperimentalWarning']
  return (await run(node, [...flags, script, ...args], { cwd: root, env: machine.env, foreground: true })).code
}

/**
 * @param {unknown} error
 * @param {boolean} json
 * @returns {number} exit code
 */
function refuse(error, json) {
  const refused = error instanceof Refused ? error : new Refused('setup.failed', error instanceof Error ? error.message : String(error))
  const refusal = refused.toJSON()
  if (json) process.stdout.write(`${JSON.stringify({ error: refusal })}\n`)
  say([refusal.message, refusal.detail === undefined ? '' : `(${refusal.detail})`, refusal.remedy].filter(Boolean).join(' '))
  return refused.exit
}
