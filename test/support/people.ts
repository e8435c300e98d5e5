/** Photographs of people in folders (people/PERSON/PICTURE.jpg under VULTUS_TEST_DATA/faces), worse copies of them, and their scores. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { comparisonScore } from '../../src/core/comparison.ts'
import { templateIn } from '../../src/face/looking.ts'
import type { Pack } from '../../src/face/packs.ts'
import { StageClock } from '../../src/face/stages.ts'

export interface Photograph {
  readonly person: string
  readonly file: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface Seen {
  readonly person: string
  readonly file: string
  /** Unit length. */
  readonly template: Float32Array
}

/** Every photograph of a folder of people, in the order of names. */
export function photographsIn(folder: string): Photograph[] {
  return readdirSync(folder)
    .sort()
    .flatMap((person) =>
      readdirSync(join(folder, person))
        .sort()
        .map((file) => ({ person, file, bytes: new Uint8Array(readFileSync(join(folder, person, file))) })),
    )
}

type Worsen = (picture: Sharp, size: { width: number; height: number }) => Sharp

/** What happens to pictures on their way to a desk. */
export const copies: Readonly<Record<string, Worsen>> = {
  blurred: (picture, { width, height }) => picture.blur(Math.max(width, height) / 400).png(),
  dark: (picture) => picture.linear(0.35, 0).png(),
  overexposed: (picture) => picture.linear(1.45, 10).png(),
  'JPEG quality 12': (picture) => picture.jpeg({ quality: 12 }),
  '30 % of the size': (picture, { width }) => picture.resize(Math.round(width * 0.3)).png(),
  'tilted by 11 degrees': (picture) => picture.rotate(11, { background: '#888' }).png(),
  'warm light': (picture) => picture.linear([1.12, 1, 0.72], [0, 0, 0]).png(),
}

/** A worse copy of a photograph. */
export async function worsened(photograph: Photograph, worsen: Worsen): Promise<Photograph> {
  const picture = sharp(photograph.bytes)
  return { ...photograph, bytes: new Uint8Array(await worsen(picture, await picture.metadata()).toBuffer()) }
}

/** Templates by the product's own pipeline. */
export async function templatesOf(pack: Pack, photographs: readonly Photograph[]): Promise<Seen[]> {
  const seen: Seen[] = []
  for (const { person, file, bytes } of photographs) {
    const { template } = await templateIn(pack, bytes, new StageClock(performance.now.bind(performance)))
    seen.push({ person, file, template })
  }
  return seen
}

export interface Scores {
  readonly mates: number[]
  readonly impostors: number[]
  /** Of the mates: those where some other person's reference scores at least as high, for whatever choice of references. */
  readonly notRank1: string[]
}

/** Every reference against every probe that was not made from the same photograph. */
export function scoresOf(references: readonly Seen[], probes: readonly Seen[]): Scores {
  const scores: Scores = { mates: [], impostors: [], notRank1: [] }
  for (const probe of probes) {
    const of = (wanted: readonly Seen[]) => wanted.map(({ template }) => comparisonScore(template, probe.template))
    const impostors = of(references.filter(({ person }) => person !== probe.person))
    const mates = of(references.filter(({ person, file }) => person === probe.person && file !== probe.file))
    const highest = Math.max(...impostors)
    scores.mates.push(...mates)
    scores.impostors.push(...impostors)
    for (const mate of mates) if (mate <= highest) scores.notRank1.push(`${probe.person}/${probe.file}: ${mate} is not above ${highest}`)
  }
  return scores
}
