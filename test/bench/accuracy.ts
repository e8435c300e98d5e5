/**
 * How well the starter pack tells people apart on photographs that are there (VULTUS_TEST_DATA/faces/people):
 *
 *   VULTUS_TEST_DATA=DIR node --expose-gc --experimental-transform-types test/bench/accuracy.ts [--packs DIR]
 *
 * Every photograph is a reference; probes are the other photographs and worse copies of them. Scores are also shown in standard
 * deviations above the mean of the impostors of the plain photographs, in which pipelines can be compared.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { thresholdAt } from '../../src/core/calibration.ts'
import { openPack } from '../../src/face/packs.ts'
import { packsFolder } from '../support/facePack.ts'
import { copies, photographsIn, type Scores, scoresOf, templatesOf, worsened } from '../support/people.ts'

const { values } = parseArgs({ options: { packs: { type: 'string' } } })
const data = process.env.VULTUS_TEST_DATA
if (data === undefined) throw new Error('VULTUS_TEST_DATA names no folder')
const pack = await openPack(values.packs ?? packsFolder, 'starter')
const { threshold } = thresholdAt(pack.model.calibration, 1e-3)
const photographs = photographsIn(join(data, 'faces/people'))
const references = await templatesOf(pack, photographs)

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
const plain = scoresOf(references, references)
const middle = mean(plain.impostors)
const deviation = Math.sqrt(mean(plain.impostors.map((value) => (value - middle) ** 2)))
const shown = (score: number) => `${score.toFixed(4)} (${((score - middle) / deviation).toFixed(2)})`

function report(title: string, { mates, impostors, notRank1 }: Scores): void {
  const sorted = [...mates].sort((a, b) => a - b)
  console.log(
    `${title}: lowest mate ${shown(sorted[0]!)}, 5 % below ${shown(sorted[Math.floor(sorted.length * 0.05)]!)}, mean ${shown(mean(mates))}, ` +
      `highest impostor ${shown(Math.max(...impostors))}; not rank 1 ${notRank1.length}, ` +
      `missed ${mates.filter((score) => score < threshold).length} of ${mates.length}, ` +
      `false matches ${impostors.filter((score) => score >= threshold).length} of ${impostors.length}`,
  )
}

console.log(`threshold at a false match rate of 1e-3: ${shown(threshold)}; every pair is counted in both directions`)
report('plain', plain)
for (const [name, worsen] of Object.entries(copies)) {
  const probes = []
  for (const photograph of photographs) probes.push(await worsened(photograph, worsen))
  report(name, scoresOf(references, await templatesOf(pack, probes)))
}
await Promise.all([pack.detector, pack.landmarks, pack.embedding].map((network) => network.release()))
