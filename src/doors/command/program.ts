/** The command line: commands generated from the procedure table, and the few that are not procedures. */
import { Argument, Command, CommanderError, Option } from 'commander'
import { failedOf, VultusError } from '../../contract/errors.ts'
import { exitCodes } from '../../contract/exitCodes.ts'
import type { CommandDoor, Row } from '../../contract/row.ts'
import type { ProcedureName } from '../../contract/table.ts'
import { dataFolderOf } from './dataFolder.ts'
import { Interrupted, interruptedExitCode } from './exit.ts'
import type { CommandHost } from './host.ts'
import { argumentOf, argumentsOf, flagOf, numberOf, optionsOf } from './optionsOf.ts'
import { Output } from './print.ts'
import { commandRows, exitOfRefusal, runCommand } from './run.ts'
import { serve } from './serve.ts'

/** What parsing chose: run it after parsing, so that its failures are not taken for wrong usage. */
type Chosen = (output: Output) => Promise<number>

interface CommonValues {
  readonly data?: string
  readonly verbose?: boolean
  readonly as?: string
}

const exampleText = (example: string) => `\nExample:\n  ${example}\n`

/** `audit verify` hangs below `audit`, which is made when it is first needed. */
function commandAt(program: Command, path: string): Command {
  const [first = path, ...rest] = path.split(' ')
  if (rest.length === 0) return program.command(first)
  const group = program.commands.find((command) => command.name() === first) ?? program.command(first).description(`commands: ${first}`)
  return commandAt(group, rest.join(' '))
}

function addPictures(command: Command, pictures: CommandDoor['pictures']): void {
  if (pictures === undefined) return
  const { min, max } = pictures
  if (min === 0 && max === 1) command.addArgument(new Argument('[picture]', 'picture file: JPEG, PNG, WebP, TIFF or a still GIF'))
  else if (min === max && max <= 2) {
    for (const index of Array(max).keys()) {
      command.addArgument(
        new Argument(max === 1 ? '<picture>' : `<picture${index + 1}>`, 'picture file: JPEG, PNG, WebP, TIFF or a still GIF'),
      )
    }
  } else command.addArgument(new Argument('<pictures...>', `${min} to ${max} picture files`))
}

const picturesOf = (command: Command): string[] => command.processedArgs.flat().filter((value) => typeof value === 'string')

const portOf = (text: string) => {
  const port = numberOf(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new VultusError('request.invalid', 'option --port: 0 to 65535')
  return port
}
const portOption = () => new Option('--port <number>', 'port on 127.0.0.1 (default: a free one)').argParser(portOf).default(0, '0')

class CommandLine {
  chosen: Chosen | undefined
  help = ''

  constructor(private readonly host: CommandHost) {}

  private common(command: Command): { dataFolder: string; log: (line: string) => void; as: string | undefined } {
    const values = command.optsWithGlobals<CommonValues>()
    const log = values.verbose === true ? (line: string) => void this.host.stderr.write(`${line}\n`) : () => {}
    return { dataFolder: dataFolderOf(values.data, this.host.env), log, as: values.as }
  }

  private addProcedure(program: Command, name: ProcedureName, row: Row, door: CommandDoor): void {
    const command = commandAt(program, door.name).description(door.summary).addHelpText('after', exampleText(door.example))
    addPictures(command, door.pictures)
    for (const name of argumentsOf(door)) command.addArgument(argumentOf(name, row, door))
    for (const option of optionsOf(row.input, door.options, door.excludes)) command.addOption(option)
    if (door.outFile !== undefined) command.option(`${flagOf(door.outFile.option)} <file>`, door.outFile.summary)
    command.action(() => {
      const words = picturesOf(command)
      const positional = door.argument === undefined ? { pictures: words } : { pictures: [], arguments: words }
      const call = { name, options: command.opts(), ...positional, ...this.common(command) }
      this.chosen = (output) => runCommand(call, this.host, output)
    })
  }

  private addServe(program: Command): void {
    const command = program
      .command('serve')
      .description('serve the service endpoints (REST) on loopback until Ctrl-C')
      .addOption(portOption())
      .option('--token-file <file>', 'take the bearer token from this file instead of making one')
      .addHelpText('after', exampleText('vultus serve --port 8080 --json'))
    command.action(() => {
      const { port, tokenFile } = command.opts<{ port: number; tokenFile?: string }>()
      const { dataFolder, as } = this.common(command)
      this.chosen = (output) => serve({ dataFolder, port, tokenFile, as }, this.host, output)
    })
  }

  private addStart(program: Command): void {
    const command = program
      .command('start')
      .description('serve the station window on loopback and print an address that works once')
      .option('--demo', 'fill a throw-away vault with drawn subjects first; the keychain is left alone')
      .option('--exit', 'end after the steps of the demo')
      .addHelpText('after', exampleText('vultus start --demo'))
    command.action(() => {
      const { demo = false, exit = false } = command.opts<{ demo?: boolean; exit?: boolean }>()
      const { dataFolder } = this.common(command)
      if (exit && !demo) throw new VultusError('request.invalid', 'option --exit goes with --demo')
      if (demo && command.optsWithGlobals<CommonValues>().data !== undefined) {
        throw new VultusError('request.invalid', 'the demo has a throw-away vault of its own: leave --data out')
      }
      this.chosen = (output) => this.host.start({ dataFolder, demo, exit, passphrase: this.host.passphrase }, output)
    })
  }

  /** The whole tree. Nothing in it writes or exits: help is kept, errors are thrown. */
  program(): Command {
    const keepHelp = (text: string) => {
      this.help += text
    }
    const program = new Command('vultus')
      .description('Face enrolment desk and offline verification station with an encrypted vault.')
      .version(this.host.version)
      .option('--data <dir>', 'data folder of the station (VULTUS_DATA; default: the place of the platform)')
      .option('--as <name>', 'account that signs in (password from VULTUS_PASSWORD or the terminal)')
      .option('--json', 'answer with exactly one JSON object on stdout')
      .option('--verbose', 'log of the processes on stderr')
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({ writeOut: keepHelp, writeErr: keepHelp, outputError: () => {} })
      .exitOverride()
      .allowExcessArguments(false)
      .addHelpText(
        'after',
        '\nvultus models build makes the starter model pack.\nVULTUS_PASSPHRASE opens a vault made with --key passphrase or keychain+passphrase.\nVULTUS_PASSWORD is the password of --as; VULTUS_NEW_PASSWORD the one that an account gets.\n',
      )
    for (const { name, row, door } of commandRows()) this.addProcedure(program, name, row, door)
    this.addServe(program)
    this.addStart(program)
    return program
  }
}

/** Commander's own words about a wrong command line, on one line. */
function usageDetail(error: CommanderError, argv: readonly string[]): string {
  if (error.code === 'commander.help')
    return argv.every((word) => word.startsWith('-')) ? 'name a command; vultus --help lists them' : 'name one of its commands; see --help'
  return error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 500)
}

/** --json counts also where the rest of the command line is wrong. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json')
}

const shownCodes = new Set(['commander.helpDisplayed', 'commander.version'])

/** Parses; help and version are answered here. @returns what to run, or undefined when all is said */
async function parse(argv: readonly string[], line: CommandLine, output: Output): Promise<Chosen | undefined> {
  try {
    await line.program().parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // The help command ends like a missing one, but with 0.
    const shown = shownCodes.has(error.code) || (error.code === 'commander.help' && error.exitCode === 0)
    if (!shown) throw new VultusError('request.invalid', usageDetail(error, argv))
    await output.text(error.code === 'commander.version' ? 'version' : 'help', line.help)
    return undefined
  }
  if (line.chosen === undefined) throw new VultusError('request.invalid', 'name a command; vultus --help lists them')
  return line.chosen
}

/**
 * Runs one command line.
 * @param argv what stands after the program's name
 * @returns the exit code; never throws, and never shows a stack
 */
export async function runCommandLine(argv: readonly string[], host: CommandHost): Promise<number> {
  const output = new Output(wantsJson(argv), host.stdout, host.stderr)
  try {
    const chosen = await parse(argv, new CommandLine(host), output)
    return chosen === undefined ? exitCodes.done : await chosen(output)
  } catch (error) {
    if (error instanceof Interrupted) return interruptedExitCode
    const failed = failedOf(error)
    await output.refuse(failed)
    return exitOfRefusal(failed.refusal.code)
  }
}
