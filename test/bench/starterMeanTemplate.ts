/**
 * Makes the mean template of the starter pack from drawn faces, so that it rests on no person's picture, and measures what it does.
 *
 *   node --experimental-transform-types test/bench/starterMeanTemplate.ts [--write]
 *
 * --write puts it into models/packs/starter/manifest.json. With photographs (VULTUS_TEST_DATA) it also prints how far
 * templates of different people are from each other with and without the mean taken away, and the rates at some thresholds.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { portraitSvg } from '../../src/core/portrait.ts'
import { viewOf } from '../../src/core/portraitViews.ts'
import { builtPack } from '../support/builtPack.ts'
import { randomOf, randomSubject } from '../support/drawnCrowd.ts'
import { cosine, drawn, pictureOf, StarterPipeline, unitLength } from '../support/starterPipeline.ts'

const draws = 600
const seed = 2026
const manifestPath = new URL('../../models/packs/starter/manifest.json', import.meta.url)

/** Templates of drawn faces, each another subject in another view; without grain, which costs most and changes least. */
async function drawnTemplates(pipeline: StarterPipeline): Promise<Float32Array[]> {
  const random = randomOf(seed)
  const templates: Float32Array[] = []
  for (let i = 0; i < draws; i++) {
    const svg = portraitSvg(randomSubject(random), { ...viewOf(i), grain: 0 })
    const { presence, template } = await pipeline.look(await drawn(svg))
    if (presence >= 0.99) templates.push(template)
  }
  return templates
}

/** The mean, to four decimals: finer digits differ between processors. */
function meanOf(templates: readonly Float32Array[]): Float32Array {
  return templates[0]!.map((_, i) => {
    const sum = templates.reduce((total, template) => total + template[i]!, 0)
    return Math.round((sum / templates.length) * 1e4) / 1e4
  })
}

interface Labelled {
  readonly person: string
  readonly template: Float32Array
}

async function photographed(pipeline: StarterPipeline, folder: string): Promise<Labelled[]> {
  const labelled: Labelled[] = []
  for (const person of await readdir(folder)) {
    for (const file of await readdir(join(folder, person))) {
      const { template } = await pipeline.look(await pictureOf(join(folder, person, file)))
      labelled.push({ person, template })
    }
  }
  return labelled
}

function centred(template: Float32Array, mean: Float32Array): Float32Array {
  return unitLength(template.map((value, i) => value - mean[i]!))
}

/** Cosines of all pairs, lowest first. */
function pairs(labelled: readonly Labelled[]): { mates: number[]; impostors: number[] } {
  const [mates, impostors]: [number[], number[]] = [[], []]
  labelled.forEach((one, i) => {
    for (const other of labelled.slice(0, i)) (one.person === other.person ? mates : impostors).push(cosine(one.template, other.template))
  })
  for (const list of [mates, impostors]) list.sort((a, b) => a - b)
  return { mates, impostors }
}

function report(title: string, labelled: readonly Labelled[]): void {
  const { mates, impostors } = pairs(labelled)
  const at = (list: readonly number[], share: number) => list[Math.min(list.length - 1, Math.floor(list.length * share))]?.toFixed(4)
  const mean = impostors.reduce((sum, value) => sum + value, 0) / impostors.length
  console.log(
    `${title}: ${impostors.length} impostor pairs, mean ${mean.toFixed(4)}, median ${at(impostors, 0.5)}, 10 % above ${at(impostors, 0.9)}, 1 % above ${at(impostors, 0.99)}, highest ${at(impostors, 1)}`,
  )
  if (mates.length > 0) console.log(`  ${mates.length} mate pairs: lowest ${at(mates, 0)}, median ${at(mates, 0.5)}`)
}

async function writeManifest(mean: Float32Array, used: number): Promise<void> {
  const text = await readFile(manifestPath, 'utf8')
  const source =
    `Mean of the unit-length templates of ${used} drawn faces (of ${draws} drawn by chance, seed ${seed}, each in another view), ` +
    'no photograph; made by test/bench/starterMeanTemplate.ts.'
  const numbers = Array.from(mean, (value) => Number(value.toFixed(4)))
  const changed = text
    .replace(/("meanTemplate": )\[[^\]]*\]/, (_, key: string) => `${key}${JSON.stringify(numbers).replaceAll(',', ', ')}`)
    .replace(/("meanTemplateSource": )"[^"]*"/, (_, key: string) => `${key}${JSON.stringify(source)}`)
  await writeFile(manifestPath, changed)
}

const pack = await builtPack()
try {
  const pipeline = await StarterPipeline.load(pack.folder)
  const templates = await drawnTemplates(pipeline)
  const mean = meanOf(templates)
  const crowd = templates.map((template, i) => ({ person: String(i), template }))
  console.log(`${templates.length} of ${draws} drawn faces; the mean has length ${Math.hypot(...mean).toFixed(4)}`)
  report('drawn', crowd)
  report(
    'drawn, centred',
    crowd.map((one) => ({ ...one, template: centred(one.template, mean) })),
  )
  const photographs = process.env.VULTUS_TEST_DATA && join(process.env.VULTUS_TEST_DATA, 'faces/people')
  if (photographs) {
    const people = await photographed(pipeline, photographs)
    report('photographs', people)
    report(
      'photographs, centred',
      people.map((one) => ({ ...one, template: centred(one.template, mean) })),
    )
  }
  if (process.argv.includes('--write')) await writeManifest(mean, templates.length)
  await pipeline.close()
} finally {
  await pack.remove()
}
