/**
 * How the components of quality answer to pictures that are made worse step by step, as a table in Markdown:
 *
 *   node --expose-gc --experimental-transform-types test/bench/quality.ts [--packs DIR]
 */
import { parseArgs } from 'node:util'
import { componentNames, type MeasuredComponents } from '../../src/contract/quality.ts'
import { qualityIn } from '../../src/face/looking.ts'
import { openPack } from '../../src/face/packs.ts'
import { StageClock } from '../../src/face/stages.ts'
import { packsFolder } from '../support/facePack.ts'
import { movedSpans, worsenings, worsePictures } from '../support/worse.ts'

const { values } = parseArgs({ options: { packs: { type: 'string' } } })
const pack = await openPack(values.packs ?? packsFolder, 'starter')
const digits = (value: number) => String(Number(value.toPrecision(3)))

process.stdout.write('| what | component | raw, untouched to worst | moves most besides, in spans |\n|---|---|---|---|\n')
for (const [name, worsening] of Object.entries(worsenings)) {
  const measured: MeasuredComponents[] = []
  for (const picture of await worsePictures(worsening)) {
    measured.push((await qualityIn(pack, picture, new StageClock(performance.now.bind(performance)))).components)
  }
  const raw = measured.map((components) => digits(components[worsening.component]?.raw ?? Number.NaN))
  const others = componentNames
    .filter((component) => component !== worsening.component)
    .map((component) => ({
      component,
      spans: Math.max(...measured.map((components) => Math.abs(movedSpans(component, measured[0]!, components)))),
    }))
    .sort((a, b) => b.spans - a.spans)
    .map(({ component, spans }) => `${component}${worsening.alike.includes(component) ? '*' : ''} ${spans.toFixed(2)}`)
  process.stdout.write(`| ${name} | ${worsening.component} | ${raw.join(', ')} | ${others.slice(0, 4).join(', ')} |\n`)
}
