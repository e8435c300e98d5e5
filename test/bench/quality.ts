/**
 * How the components of quality answer to pictures that are made worse step by step, as a table in Markdown:
 *
 *   node --expose-gc --experimental-transform-types test/bench/quality.ts [--packs DIR]
 */
import { parseArgs } from 'node:util'
import { WorseningName } from '../../src/contract/evaluation.ts'
import { openPack } from '../../src/face/packs.ts'
import { worsenedIn } from '../../src/face/worsening.ts'
import { packsFolder } from '../support/facePack.ts'

const { values } = parseArgs({ options: { packs: { type: 'string' } } })
const pack = await openPack(values.packs ?? packsFolder, 'starter')
const digits = (value: number) => String(Number(value.toPrecision(3)))

process.stdout.write('| what | component | raw, untouched to worst | moves most besides, in spans |\n|---|---|---|---|\n')
for (const name of WorseningName.options) {
  const { component, raw, othersMost } = await worsenedIn(pack, name, () => performance.now())
  const others = othersMost.map((other) => `${other.component}${other.alike ? '*' : ''} ${other.spans.toFixed(2)}`)
  const values = raw.map((value) => digits(value ?? Number.NaN))
  process.stdout.write(`| ${name} | ${component} | ${values.join(', ')} | ${others.join(', ')} |\n`)
}
