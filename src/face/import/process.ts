/**
 * Entry of the process that checks a pack. It is started for one pack, with limits of memory and time, without a network and with
 * nothing to write to but the pack's new folder as far as the operating system gives that, and is ended after its answer.
 */
import { outcomeOf } from '../../contract/errors.ts'
import { openLink } from '../../contract/link.ts'
import { openParentPort } from '../../contract/parentPort.ts'
import type { PackCheckerFunctions } from '../../contract/processes.ts'
import { checkPack } from './checkPack.ts'

function main(): void {
  const parent = openParentPort()
  if (parent === undefined) {
    process.stderr.write('The check of packs is started by the station; run: vultus models import FILE\n')
    process.exit(2)
  }
  const functions: PackCheckerFunctions = {
    check: (options) =>
      outcomeOf(
        () => checkPack(options, () => performance.now()),
        (error) => process.stderr.write(`packChecker: ${error instanceof Error ? `${error.name}: ${error.message}` : typeof error}\n`),
      ),
  }
  openLink<Record<string, never>, PackCheckerFunctions>(parent, functions, { timeoutMs: 0 })
}

main()
